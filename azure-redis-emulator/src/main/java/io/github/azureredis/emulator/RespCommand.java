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

package io.github.azureredis.emulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A command of a client: its name and its arguments. Tokens may be among them, hence
 * there is no {@code toString()}.
 */
final class RespCommand {

	private final List<byte[]> parts;

	private final String name;

	RespCommand(List<byte[]> parts) {
		this.parts = parts;
		this.name = text(0).toUpperCase(Locale.ROOT);
	}

	static RespCommand of(String... parts) {
		return new RespCommand(Stream.of(parts).map((part) -> part.getBytes(StandardCharsets.UTF_8)).toList());
	}

	/**
	 * Returns the name in upper case.
	 */
	String name() {
		return this.name;
	}

	/**
	 * Returns the number of parts, the name included.
	 */
	int size() {
		return this.parts.size();
	}

	/**
	 * Returns a part; the name is part 0.
	 */
	String text(int index) {
		return new String(this.parts.get(index), StandardCharsets.UTF_8);
	}

	RespCommand with(int index, String value) {
		List<byte[]> changed = new ArrayList<>(this.parts);
		changed.set(index, value.getBytes(StandardCharsets.UTF_8));
		return new RespCommand(changed);
	}

	ByteBuf encode(ByteBufAllocator allocator) {
		ByteBuf buffer = allocator.buffer();
		writeHeader(buffer, '*', this.parts.size());
		for (byte[] part : this.parts) {
			writeHeader(buffer, '$', part.length);
			buffer.writeBytes(part).writeByte('\r').writeByte('\n');
		}
		return buffer;
	}

	private static void writeHeader(ByteBuf buffer, char type, int length) {
		buffer.writeCharSequence(type + Integer.toString(length) + "\r\n", StandardCharsets.US_ASCII);
	}

}
