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

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

/**
 * {@link IdleStateHandler} that sends PING on a connection that has not sent anything for
 * a while: Azure closes it after 10 minutes (<a href=
 * "https://learn.microsoft.com/azure/redis/best-practices-connection">Connection
 * resilience</a>), and Lettuce sends nothing by itself.
 */
final class KeepAliveHandler extends IdleStateHandler {

	private final ConnectionCommands commands;

	private boolean unanswered;

	KeepAliveHandler(ConnectionCommands commands, Duration idle) {
		super(0, idle.toMillis(), 0, TimeUnit.MILLISECONDS);
		this.commands = commands;
	}

	@Override
	protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
		if (this.unanswered || this.commands.isTransactionOpen() || this.commands.isNextCommandExpected()) {
			return;
		}
		this.unanswered = true;
		AsyncCommand<String, String, String> ping = new AsyncCommand<>(
				new Command<>(CommandType.PING, new StatusOutput<>(StringCodec.UTF8)));
		ping.whenComplete((reply, failure) -> this.unanswered = false);
		this.commands.send(ping);
	}

}
