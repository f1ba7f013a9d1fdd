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

import java.util.concurrent.TimeUnit;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The ports that clients connect to.
 */
final class Front {

	private static final int BACKLOG = 1024;

	private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
			Math.min(4, Runtime.getRuntime().availableProcessors()),
			new DefaultThreadFactory("azure-redis-emulator", true), NioIoHandler.newFactory());

	private final ClientPorts ports;

	private final @Nullable SslContext sslContext;

	private volatile ClientConnection.Services services;

	Front(@Nullable SslContext sslContext, ClientConnection.Services services) {
		this.sslContext = sslContext;
		this.services = services;
		this.ports = services.faults().ports();
	}

	/**
	 * Lets new connections take commands by other rules.
	 */
	void rules(CommandRules rules) {
		this.services = this.services.withRules(rules);
	}

	/**
	 * Opens a port for clients.
	 * @param requestedPort its number, or 0 for any
	 * @param server gives the server for a new connection, or {@code null} to close it
	 */
	ClientPort open(int requestedPort, Supplier<@Nullable RedisServer> server) {
		ClientPort port = bind(requestedPort, new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				addClient(channel, server);
			}

		});
		this.ports.addEndpoint(port);
		return port;
	}

	/**
	 * Opens any port for clients and for replicas, as a server of a cluster tells others
	 * only one port of its own.
	 * @param server gives the server for a new connection, or {@code null} to close it
	 * @param user whom replicas authenticate as
	 */
	ClientPort openForNode(Supplier<@Nullable RedisServer> server, InternalUser user) {
		ClientPort port = bind(0, new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				channel.pipeline()
					.addLast(new NodeGate(Front.this.sslContext != null, user, server,
							() -> addClient(channel, server)));
			}

		});
		this.ports.add(port);
		return port;
	}

	/**
	 * Closes the port of a node that has left, or watches it.
	 */
	void retire(ClientPort port) {
		this.ports.retire(port);
	}

	/**
	 * Lets ports of nodes that leave not be closed, but record who connects.
	 */
	void watchRetiredPorts() {
		this.ports.watchRetired();
	}

	List<EmulatorRetiredPort> retiredPorts() {
		return this.ports.retired();
	}

	/**
	 * Returns how many clients have connected to a port so far.
	 */
	long connectionsOpened(int port) {
		return this.services.counters().connectionsOpened(port);
	}

	/**
	 * Returns the servers whose clients get no answer.
	 */
	FrozenServers frozenServers() {
		return this.services.faults().frozenServers();
	}

	/**
	 * Closes all ports and connections, and waits for the end of the threads.
	 */
	void close() {
		// Nothing is accepted any more by a thread whose neighbours have ended.
		this.ports.close();
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
	}

	private ClientPort bind(int requestedPort, ChannelHandler initializer) {
		ServerBootstrap bootstrap = new ServerBootstrap().group(this.eventLoops)
			.channel(NioServerSocketChannel.class)
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.option(ChannelOption.SO_REUSEADDR, true)
			.childOption(ChannelOption.TCP_NODELAY, true)
			// Nothing is read before the server behind is connected.
			.childOption(ChannelOption.AUTO_READ, false);
		return ClientPort.open(bootstrap, new DefaultChannelGroup(this.eventLoops.next(), true), requestedPort,
				initializer);
	}

	private void addClient(Channel channel, Supplier<@Nullable RedisServer> server) {
		// First the server, then how it takes commands, which changes before the server.
		RedisServer target = server.get();
		ClientConnection.Services current = this.services;
		current.counters().connectionOpened(((InetSocketAddress) channel.localAddress()).getPort());
		if (target != null) {
			channel.pipeline().addLast(new FreezeGate(current.faults().frozenServers(), target.address()));
		}
		if (this.sslContext != null) {
			channel.pipeline().addLast(this.sslContext.newHandler(channel.alloc()));
		}
		RespCommandDecoder decoder = new RespCommandDecoder(ClientConnection.commands(current.rules()),
				current.faults()::commandsCutBeforeReply);
		channel.pipeline().addLast(decoder, new ClientConnection(current, () -> target, channel, decoder));
	}

}
