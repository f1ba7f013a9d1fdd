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

import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Handler that tells a {@link ConnectionAttemptListener} the outcome of an attempt to
 * connect.
 */
final class ConnectionAttemptHandler extends ChannelOutboundHandlerAdapter {

	private final ConnectionAttemptListener listener;

	private final AtomicBoolean ended = new AtomicBoolean();

	private volatile @Nullable SocketAddress remoteAddress;

	private ConnectionAttemptHandler(ConnectionAttemptListener listener) {
		this.listener = listener;
	}

	static void install(Channel channel, ConnectionAttemptListener listener) {
		RedisHandshakeHandler handshake = channel.pipeline().get(RedisHandshakeHandler.class);
		if (handshake != null) {
			ConnectionAttemptHandler attempt = new ConnectionAttemptHandler(listener);
			channel.pipeline().addLast(attempt);
			handshake.channelInitialized().whenComplete((success, failure) -> attempt.end(failure));
		}
	}

	@Override
	public void connect(ChannelHandlerContext ctx, SocketAddress remoteAddress, @Nullable SocketAddress localAddress,
			ChannelPromise promise) {
		this.remoteAddress = remoteAddress;
		promise.addListener((future) -> {
			if (!future.isSuccess()) {
				end(future.cause());
			}
		});
		ctx.connect(remoteAddress, localAddress, promise);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (this.remoteAddress == null) {
			// Netty does not say why, but so it ends if a name has no address.
			end(new UnknownHostException());
		}
		ctx.close(promise);
	}

	/**
	 * The first outcome counts: where connecting has failed, the handshake later fails
	 * for lack of time.
	 */
	private void end(@Nullable Throwable failure) {
		if (!this.ended.compareAndSet(false, true)) {
			return;
		}
		if (failure != null) {
			this.listener.onConnectFailed(this.remoteAddress, failure);
		}
		else {
			this.listener.onConnected(this.remoteAddress);
		}
	}

}
