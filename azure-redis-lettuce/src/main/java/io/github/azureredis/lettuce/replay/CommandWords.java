/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.azureredis.lettuce.replay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;

/**
 * Words of a command that its name and its options may be among.
 *
 * @param name the name in upper case
 * @param arguments the arguments in upper case, those that are too long for an option as
 * empty strings
 */
record CommandWords(String name, List<String> arguments) {

	static String name(RedisCommand<?, ?, ?> command) {
		return new String(command.getType().getBytes(), StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
	}

	/**
	 * Return the words of a command. They are read from what goes to the server, since a
	 * printed key may look like an option.
	 * @param command the command
	 * @return the words
	 * @throws RuntimeException if the codec of the application fails
	 */
	static CommandWords of(RedisCommand<?, ?, ?> command) {
		List<String> arguments = new ArrayList<>();
		CommandArgs<?, ?> args = command.getArgs();
		if (args != null) {
			ByteBuf encoded = new OptionBuffer();
			args.encode(encoded);
			while (encoded.isReadable()) {
				arguments.add(nextArgument(encoded));
			}
		}
		return new CommandWords(name(command), arguments);
	}

	private static String nextArgument(ByteBuf encoded) {
		encoded.skipBytes(1);
		int digits = encoded.bytesBefore((byte) '\r');
		int length = Integer.parseInt(encoded.readCharSequence(digits, StandardCharsets.US_ASCII).toString());
		encoded.skipBytes(2);
		String argument = (length <= OptionBuffer.LONGEST_OPTION)
				? encoded.toString(encoded.readerIndex(), length, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT)
				: "";
		encoded.skipBytes(length + 2);
		return argument;
	}

}
