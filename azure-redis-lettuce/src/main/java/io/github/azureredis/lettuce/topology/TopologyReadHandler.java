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

package io.github.azureredis.lettuce.topology;

import java.util.ArrayList;
import java.util.List;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/**
 * Handler that notifies a listener when Lettuce sends a request for the topology of a
 * cluster. If the connection ends before the reply, the request fails. Lettuce would
 * connect and send it again for as long as the server behaves so.
 */
final class TopologyReadHandler extends CommandObserver {

	private final Runnable listener;

	private final List<RedisCommand<?, ?, ?>> requests = new ArrayList<>();

	private TopologyReadHandler(Runnable listener) {
		this.listener = listener;
	}

	/**
	 * Install a handler.
	 * @param channel the channel, with the handlers of Lettuce
	 * @param listener called when a request is sent
	 */
	static void install(Channel channel, Runnable listener) {
		ChannelPipeline pipeline = channel.pipeline();
		// Before the handler that keeps unanswered commands for the next connection.
		pipeline.addBefore(pipeline.context(CommandHandler.class).name(), null, new TopologyReadHandler(listener));
	}

	@Override
	protected void observe(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command) {
		if (TopologyRequest.isTopologyRequest(command)) {
			this.requests.removeIf(RedisCommand::isDone);
			this.requests.add(command);
			this.listener.run();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.requests.removeIf(RedisCommand::isDone);
		this.requests.forEach((request) -> request.completeExceptionally(
				new RedisConnectionException("The connection was lost before the topology was read")));
		ctx.fireChannelInactive();
	}

}
