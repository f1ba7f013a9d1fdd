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

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Hands on what a replica sends to its master as it is.
 */
final class ReplicaLink extends ChannelInboundHandlerAdapter {

	private final Channel master;

	ReplicaLink(Channel master) {
		this.master = master;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.master.write(msg);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.master.flush();
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		this.master.config().setAutoRead(ctx.channel().isWritable());
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.master.close();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		ctx.close();
	}

}
