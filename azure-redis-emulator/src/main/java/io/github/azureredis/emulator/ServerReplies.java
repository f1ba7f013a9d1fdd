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

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Hands on the server's replies to the client as they are.
 */
final class ServerReplies extends ChannelInboundHandlerAdapter {

	private final Channel client;

	private final Runnable writabilityChanged;

	ServerReplies(Channel client, Runnable writabilityChanged) {
		this.client = client;
		this.writabilityChanged = writabilityChanged;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.client.write(msg);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.client.flush();
		ctx.channel().config().setAutoRead(this.client.isWritable());
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		this.writabilityChanged.run();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		ctx.close();
	}

}
