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

import java.util.function.Function;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Handler that edits the answers to requests for the topology.
 */
final class TopologyAnswerHandler extends ChannelOutboundHandlerAdapter {

	private final Function<String, @Nullable String> editor;

	private TopologyAnswerHandler(Function<String, @Nullable String> editor) {
		this.editor = editor;
	}

	/**
	 * Install a handler.
	 * @param channel the channel, with the handlers of Lettuce
	 * @param editor returns what Lettuce is to use instead of an answer to
	 * {@code CLUSTER NODES}, {@code null} if it is to use nothing
	 */
	static void install(Channel channel, Function<String, @Nullable String> editor) {
		ChannelPipeline pipeline = channel.pipeline();
		// Lettuce completes the command that its handler has got.
		pipeline.addAfter(pipeline.context(CommandHandler.class).name(), null, new TopologyAnswerHandler(editor));
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (message instanceof RedisCommand<?, ?, ?> command && TopologyRequest.isTopologyRequest(command)) {
			ctx.write(new TopologyRequest<>(command, this.editor), promise);
		}
		else {
			ctx.write(message, promise);
		}
	}

}
