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

import java.util.function.Predicate;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;

/**
 * Handler that lets requests for the topology fail if the answer is not to be used.
 */
final class TopologyAnswerHandler extends ChannelOutboundHandlerAdapter {

	private final Predicate<String> acceptance;

	private TopologyAnswerHandler(Predicate<String> acceptance) {
		this.acceptance = acceptance;
	}

	/**
	 * Install a handler.
	 * @param channel the channel, with the handlers of Lettuce
	 * @param acceptance tests the answer to {@code CLUSTER NODES}
	 */
	static void install(Channel channel, Predicate<String> acceptance) {
		ChannelPipeline pipeline = channel.pipeline();
		// Lettuce completes the command that its handler has got.
		pipeline.addAfter(pipeline.context(CommandHandler.class).name(), null, new TopologyAnswerHandler(acceptance));
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (message instanceof RedisCommand<?, ?, ?> command && TopologyRequest.isTopologyRequest(command)) {
			ctx.write(new TopologyRequest<>(command, this.acceptance), promise);
		}
		else {
			ctx.write(message, promise);
		}
	}

}
