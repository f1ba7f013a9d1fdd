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

package io.github.azureredis.lettuce;

import java.nio.charset.StandardCharsets;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Stand-in for a user name and a token in commands that Lettuce writes. Lettuce, its log
 * and its tracing never see the token, and a connection that authenticates with other
 * credentials does not send the placeholder.
 */
final class CredentialsPlaceholder {

	private static final String USERNAME = "azure-redis";

	private final String password;

	private final ByteBuf encoded;

	CredentialsPlaceholder(String password) {
		this.password = password;
		this.encoded = encode(USERNAME, password);
	}

	RedisCredentials credentials() {
		return RedisCredentials.just(USERNAME, this.password);
	}

	CommandArgs<String, String> args() {
		return new CommandArgs<>(StringCodec.ASCII).add(USERNAME).add(this.password);
	}

	boolean isIn(ByteBuf command) {
		return ByteBufUtil.indexOf(this.encoded, command) >= 0;
	}

	/**
	 * Replace the placeholder.
	 * @param command an encoded command that has the placeholder
	 * @param alloc the allocator for the result
	 * @param username the user name to put in its place
	 * @param password the password to put in its place
	 * @return the command with the user name and the password
	 */
	ByteBuf replaceIn(ByteBuf command, ByteBufAllocator alloc, String username, String password) {
		int start = ByteBufUtil.indexOf(this.encoded, command);
		int end = start + this.encoded.readableBytes();
		ByteBuf replacement = encode(username, password);
		return alloc.buffer(command.readableBytes() + replacement.readableBytes())
			.writeBytes(command, command.readerIndex(), start - command.readerIndex())
			.writeBytes(replacement)
			.writeBytes(command, end, command.writerIndex() - end);
	}

	private static ByteBuf encode(String username, String password) {
		return Unpooled.copiedBuffer(bulkString(username) + bulkString(password), StandardCharsets.UTF_8);
	}

	private static String bulkString(String value) {
		return "$" + value.getBytes(StandardCharsets.UTF_8).length + "\r\n" + value + "\r\n";
	}

}
