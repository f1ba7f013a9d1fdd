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

import java.util.concurrent.CancellationException;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelHandlerContext;

/**
 * Handler that keeps back commands that the application does not wait for any more, such
 * as those that have timed out while there was no connection. Lettuce keeps them back on
 * its own, unless they are commands of a cluster client: these do not notice. They would
 * run after the application has been told that they failed.
 */
final class AbandonedCommands extends CommandObserver {

	@Override
	protected void observe(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command) {
		// Lettuce does not write commands that are done.
		if (!command.isDone() && anyMatch(command, RedisCommand::isDone)) {
			command.completeExceptionally(new CancellationException());
		}
	}

}
