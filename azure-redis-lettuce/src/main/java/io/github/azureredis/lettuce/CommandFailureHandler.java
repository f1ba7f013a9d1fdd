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

import java.util.List;
import java.util.function.BiConsumer;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.CompleteableCommand;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelHandlerContext;

/**
 * Handler that tells a {@link CommandFailureListener} of commands that the server answers
 * with an error.
 */
final class CommandFailureHandler extends CommandObserver {

	private static final List<String> OPTIONAL = List.of("SETINFO", "MAINT_NOTIFICATIONS");

	private final CommandFailureListener listener;

	CommandFailureHandler(CommandFailureListener listener) {
		this.listener = listener;
	}

	@Override
	protected void observe(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command) {
		if (command instanceof CompleteableCommand<?> completeable && !isOptional(command)
				&& this.listener.supports(command)) {
			ProtocolKeyword type = command.getType();
			BiConsumer<Object, Throwable> failed = (value, failure) -> {
				if (failure instanceof RedisCommandExecutionException && failure.getMessage() != null) {
					this.listener.onCommandFailed(type, failure.getMessage());
				}
			};
			completeable.onComplete(failed);
		}
	}

	/**
	 * Lettuce tries some commands in each handshake, and does without what a server does
	 * not know.
	 */
	private static boolean isOptional(RedisCommand<?, ?, ?> command) {
		if (command.getType() != CommandType.CLIENT || command.getArgs() == null) {
			return false;
		}
		String args = command.getArgs().toCommandString();
		return OPTIONAL.stream().anyMatch(args::startsWith);
	}

}
