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

package io.github.azureredis.lettuce.pipeline;

import java.util.Collection;
import java.util.function.Predicate;

import io.lettuce.core.protocol.DecoratedCommand;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Base class for handlers that observe commands on their way to the server. Lettuce
 * writes a command alone or several at once.
 */
public abstract class CommandObserver extends ChannelDuplexHandler {

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (message instanceof RedisCommand<?, ?, ?> command) {
			observe(ctx, command);
		}
		else if (message instanceof Collection<?> commands) {
			for (Object command : commands) {
				observe(ctx, (RedisCommand<?, ?, ?>) command);
			}
		}
		ctx.write(message, promise);
	}

	/**
	 * Observe a command before it is passed on.
	 * @param ctx the context of this handler
	 * @param command the command
	 */
	protected abstract void observe(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command);

	/**
	 * Return whether a command matches, or one that it decorates, for a redirection or
	 * for tracing for example.
	 * @param command the command
	 * @param predicate the test
	 * @return whether one of them passes the test
	 */
	public static boolean anyMatch(RedisCommand<?, ?, ?> command, Predicate<RedisCommand<?, ?, ?>> predicate) {
		RedisCommand<?, ?, ?> current = command;
		while (!predicate.test(current)) {
			if (!(current instanceof DecoratedCommand<?, ?, ?> decorator)) {
				return false;
			}
			current = decorator.getDelegate();
		}
		return true;
	}

}
