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
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Handler that tells each {@link ConnectionAttemptListener} the outcome of an attempt to
 * connect, and whether the connection is lost.
 */
final class ConnectionAttemptHandler extends ChannelDuplexHandler {

	private final List<ConnectionAttemptListener> listeners;

	private final AtomicBoolean ended = new AtomicBoolean();

	private volatile @Nullable SocketAddress remoteAddress;

	private boolean connected;

	private ConnectionAttemptHandler(List<ConnectionAttemptListener> listeners) {
		this.listeners = listeners;
	}

	static void install(Channel channel, List<ConnectionAttemptListener> listeners) {
		RedisHandshakeHandler handshake = channel.pipeline().get(RedisHandshakeHandler.class);
		if (handshake != null) {
			ConnectionAttemptHandler attempt = new ConnectionAttemptHandler(listeners);
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
		this.connected = false;
		ctx.close(promise);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (this.connected) {
			this.connected = false;
			this.listeners.forEach((listener) -> listener.onConnectionLost(this.remoteAddress));
		}
		ctx.fireChannelInactive();
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
			this.listeners.forEach((listener) -> listener.onConnectFailed(this.remoteAddress, failure));
		}
		else {
			this.connected = true;
			this.listeners.forEach((listener) -> listener.onConnected(this.remoteAddress));
		}
	}

}
