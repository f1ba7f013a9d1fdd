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

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what a connection receives and sends while its server is frozen, below TLS.
 */
final class FreezeGate extends ChannelDuplexHandler {

	private final FrozenServers frozenServers;

	private final InetSocketAddress server;

	private final Queue<Object> received = new ArrayDeque<>();

	private boolean frozen;

	private @Nullable ChannelHandlerContext context;

	FreezeGate(FrozenServers frozenServers, InetSocketAddress server) {
		this.frozenServers = frozenServers;
		this.server = server;
	}

	/**
	 * Takes notice of whether the server is frozen now.
	 */
	Future<?> update() {
		ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
		return ctx.executor().submit(() -> update(ctx));
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.context = ctx;
		this.frozenServers.add(this);
		this.frozen = this.frozenServers.contains(this.server);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (this.frozen) {
			this.received.add(msg);
		}
		else {
			ctx.fireChannelRead(msg);
		}
	}

	@Override
	public void flush(ChannelHandlerContext ctx) {
		if (!this.frozen) {
			ctx.flush();
		}
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		this.frozenServers.remove(this);
		this.received.forEach(ReferenceCountUtil::release);
		this.received.clear();
	}

	private void update(ChannelHandlerContext ctx) {
		this.frozen = this.frozenServers.contains(this.server);
		if (!this.frozen) {
			boolean read = !this.received.isEmpty();
			while (!this.received.isEmpty()) {
				ctx.fireChannelRead(this.received.remove());
			}
			if (read) {
				ctx.fireChannelReadComplete();
			}
			ctx.flush();
		}
	}

}
