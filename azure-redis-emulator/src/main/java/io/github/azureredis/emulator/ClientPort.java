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

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import org.jspecify.annotations.Nullable;

/**
 * A port for clients, which keeps its number when nobody listens at it.
 */
final class ClientPort {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(1);

	private final ServerBootstrap bootstrap;

	private final ChannelGroup connections;

	private final int number;

	private volatile boolean open = true;

	private @Nullable Channel listener;

	/**
	 * Has the number while nobody accepts connections.
	 */
	private @Nullable Closeable holder;

	private boolean closed;

	private volatile @Nullable EmulatorRetiredPort retired;

	private ClientPort(ServerBootstrap bootstrap, ChannelGroup connections, int requestedNumber,
			ChannelHandler initializer) {
		this.connections = connections;
		this.bootstrap = bootstrap.childHandler(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				accept(channel, initializer);
			}

		});
		this.listener = listen(requestedNumber);
		this.number = ((InetSocketAddress) this.listener.localAddress()).getPort();
	}

	/**
	 * Opens a port.
	 * @param bootstrap listens at it
	 * @param connections keeps its connections
	 * @param requestedNumber its number, or 0 for any
	 * @param initializer initializes a connection
	 * @throws EmulatorStartException if the port is not free
	 */
	static ClientPort open(ServerBootstrap bootstrap, ChannelGroup connections, int requestedNumber,
			ChannelHandler initializer) {
		return new ClientPort(bootstrap, connections, requestedNumber, initializer);
	}

	int number() {
		return this.number;
	}

	/**
	 * Accepts connections again.
	 */
	synchronized void admit() {
		if (!this.open && !this.closed) {
			releaseNumber();
			this.open = true;
			this.listener = listen(this.number);
		}
	}

	/**
	 * Lets new connections be refused. Open ones stay.
	 */
	synchronized void refuse() {
		if (!this.closed) {
			stopListening();
		}
	}

	/**
	 * Lets new connections not be answered. Open ones stay.
	 */
	synchronized void ignore() {
		if (!this.closed) {
			stopListening();
			releaseNumber();
			try {
				this.holder = SilentPort.open(address(this.number));
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Port " + this.number + " cannot be made silent", ex);
			}
		}
	}

	/**
	 * Closes the connections of clients, not the links of replicas.
	 */
	void cut() {
		this.connections.stream()
			.filter((channel) -> channel.pipeline().get(ReplicaLink.class) == null)
			.map(Channel::close)
			.toList()
			.forEach(ChannelFuture::awaitUninterruptibly);
	}

	/**
	 * Resets all connections, as a machine that fails does.
	 */
	void reset() {
		this.connections.stream().map(ClientPort::reset).toList().forEach(ChannelFuture::awaitUninterruptibly);
	}

	/**
	 * Closes all connections, and only records new ones from now on.
	 */
	EmulatorRetiredPort retire() {
		EmulatorRetiredPort port = new EmulatorRetiredPort(this.number);
		this.retired = port;
		this.connections.close().awaitUninterruptibly();
		return port;
	}

	/**
	 * Closes the port and its connections, and waits for that.
	 */
	synchronized void close() {
		this.closed = true;
		stopListening();
		releaseNumber();
		this.connections.close().awaitUninterruptibly();
	}

	private void accept(Channel channel, ChannelHandler initializer) {
		if (!this.open) {
			// It was accepted, but comes too late.
			channel.close();
			return;
		}
		EmulatorRetiredPort port = this.retired;
		if (port != null) {
			port.attempted();
			reset(channel);
			return;
		}
		this.connections.add(channel);
		channel.pipeline().addLast(initializer);
	}

	private Channel listen(int requestedNumber) {
		ChannelFuture bound = this.bootstrap.bind(address(requestedNumber)).awaitUninterruptibly();
		if (!bound.isSuccess()) {
			throw new EmulatorStartException(
					"Port " + requestedNumber + " is not free; choose another one, or 0 for any free one",
					bound.cause());
		}
		return bound.channel();
	}

	/**
	 * Stops listening, and waits for that: the system learns of it some time after the
	 * listener is closed.
	 */
	private void stopListening() {
		this.open = false;
		releaseNumber();
		if (this.listener != null) {
			this.listener.close().awaitUninterruptibly();
			this.listener = null;
		}
		long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
		this.holder = holdNumber();
		while (this.holder == null && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(POLL_INTERVAL.toNanos());
			this.holder = holdNumber();
		}
	}

	private void releaseNumber() {
		if (this.holder != null) {
			try {
				this.holder.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.holder = null;
		}
	}

	/**
	 * Keeps other processes from the number. Returns {@code null} while somebody listens;
	 * some systems do not allow it either while there are connections.
	 */
	private @Nullable Closeable holdNumber() {
		Socket socket = new Socket();
		try {
			socket.setReuseAddress(true);
			socket.bind(address(this.number));
			return socket;
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Closes a connection so that the system sends a reset, and nothing before that.
	 */
	private static ChannelFuture reset(Channel channel) {
		channel.config().setOption(ChannelOption.SO_LINGER, 0);
		ChannelHandlerContext first = channel.pipeline().firstContext();
		return (first != null) ? first.close() : channel.close();
	}

	private static InetSocketAddress address(int number) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
	}

}
