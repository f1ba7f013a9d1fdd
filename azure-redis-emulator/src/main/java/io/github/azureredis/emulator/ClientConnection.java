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
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection and its own connection to the Redis server. Everything but
 * {@link #snapshot()}, {@link #close()}, {@link #send(MaintenanceNotification, long)},
 * {@link #endNotifications()} and {@link #idleNanos()} happens on the one event loop that
 * both share.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

	/**
	 * The server has no user with this password, so it gives the error in the place of
	 * the client's own credentials, and in its turn.
	 */
	private static final String REFUSED_PASSWORD = "refused";

	/**
	 * Not zero, as the event loop would run the task before it reads.
	 */
	private static final long SHORTEST_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final Logger logger = LoggerFactory.getLogger(ClientConnection.class);

	private final Services services;

	private final Supplier<@Nullable RedisServer> running;

	private final Channel client;

	private final RespCommandDecoder decoder;

	private final long id;

	private final int port;

	private final Instant openedAt = Instant.now();

	private final Subscriptions subscriptions = new Subscriptions();

	private final Transaction transaction = new Transaction();

	private final MaintenanceSubscription notifications;

	private @Nullable Channel server;

	private boolean shardedChannels;

	private boolean resp3;

	private boolean authenticating;

	private @Nullable Future<?> expiry;

	private volatile State state = new State(null, 0);

	private volatile long lastRead = System.nanoTime();

	ClientConnection(Services services, Supplier<@Nullable RedisServer> running, Channel client,
			RespCommandDecoder decoder) {
		this.services = services;
		this.running = running;
		this.client = client;
		this.port = ((InetSocketAddress) client.localAddress()).getPort();
		this.decoder = decoder;
		this.notifications = new MaintenanceSubscription(services.maintenanceRequests());
		this.id = services.connections().nextId();
	}

	long id() {
		return this.id;
	}

	EmulatorConnection snapshot() {
		State current = this.state;
		Authenticator.Identity identity = current.identity();
		MovingEndpointType endpointType = this.notifications.endpointType();
		return new EmulatorConnection(this.id, this.port, (identity != null) ? identity.user() : null,
				(identity != null) ? identity.expiresAt() : null, current.authentications(), this.openedAt,
				(endpointType != null) ? endpointType.toString() : null);
	}

	long idleNanos() {
		return System.nanoTime() - this.lastRead;
	}

	void close() {
		this.client.close();
	}

	void send(MaintenanceNotification notification, long sequence) {
		this.client.eventLoop().execute(() -> {
			MovingEndpointType endpointType = this.notifications.endpointType();
			if (endpointType != null && this.client.isActive()) {
				this.services.counters().notificationsSent.increment();
				this.notifications.send(notification.encode(sequence, endpointType, this.port));
			}
		});
	}

	/**
	 * Closes the connection if a user has authenticated on it, also if that is being
	 * decided now.
	 */
	void closeIfAuthenticatedAs(String user) {
		this.client.eventLoop().execute(() -> {
			Authenticator.Identity identity = this.state.identity();
			if (identity != null && identity.user().equals(user)) {
				close();
			}
		});
	}

	void endNotifications() {
		this.notifications.end();
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.services.counters().connectionsOpened.increment();
		this.services.connections().add(this);
		// TLS handshakes are read without auto-read, and may bring commands with them.
		this.decoder.pause();
		RedisServer target = this.running.get();
		if (target == null) {
			close();
			return;
		}
		this.shardedChannels = target.hasShardedChannels();
		new Bootstrap().group(this.client.eventLoop())
			.channel(NioSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.handler(new ServerReplies(this.client, this::updateAutoRead))
			.connect(target.address())
			.addListener((ChannelFuture connected) -> connected(connected));
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.lastRead = System.nanoTime();
		if (msg instanceof RespCommand command) {
			handle(command);
			if (this.state.identity() != null && this.services.faults().cutsBeforeReply(command.name())) {
				cutBeforeReply();
			}
		}
		else {
			send((ByteBuf) msg);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (this.server != null) {
			this.server.flush();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		if (this.server != null) {
			this.server.config().setAutoRead(this.client.isWritable());
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.services.connections().remove(this);
		if (this.expiry != null) {
			this.expiry.cancel(false);
		}
		if (this.server != null) {
			this.server.close();
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		logger.debug("Connection {} failed", this.id, cause);
		close();
	}

	/**
	 * The server closes its end when it has executed everything that it has read.
	 */
	private void cutBeforeReply() {
		this.decoder.pause();
		Channel server = this.server;
		if (server != null) {
			server.pipeline().replace(ServerReplies.class, null, new LostReplies(this.client));
			server.config().setAutoRead(true);
			server.writeAndFlush(Unpooled.EMPTY_BUFFER)
				.addListener((written) -> ((DuplexChannel) server).shutdownOutput());
		}
	}

	private void connected(ChannelFuture connected) {
		if (!connected.isSuccess() || !this.client.isActive()) {
			connected.channel().close();
			close();
			return;
		}
		this.server = connected.channel();
		this.notifications.watch(this.server);
		resume();
	}

	private void updateAutoRead() {
		this.client.config()
			.setAutoRead(
					this.server != null && this.server.isActive() && this.server.isWritable() && !this.authenticating);
	}

	private void handle(RespCommand command) {
		switch (command.name()) {
			case "AUTH", "HELLO" -> {
				Credentials credentials = Credentials.in(command);
				if (credentials != null) {
					authenticateLater(command, credentials);
				}
				else {
					if (executes()) {
						this.transaction.run(() -> switchProtocol(command));
					}
					send(command);
				}
			}
			case "RESET" -> {
				reset();
				send(command);
			}
			case "MULTI", "EXEC", "DISCARD" -> {
				if (executes()) {
					this.transaction.apply(command);
				}
				send(command);
			}
			case "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE" -> subscribe(command);
			case "SSUBSCRIBE", "SUNSUBSCRIBE" -> {
				if (this.shardedChannels) {
					subscribe(command);
				}
				else {
					send(command);
				}
			}
			case MaintenanceRequests.COMMAND -> send(this.notifications.apply(command, this.resp3));
			default -> send(this.services.rules().apply(command));
		}
	}

	private void subscribe(RespCommand command) {
		if (this.state.identity() != null) {
			this.transaction.run(() -> this.subscriptions.apply(command));
		}
		send(command);
	}

	private void authenticateLater(RespCommand command, Credentials credentials) {
		Duration delay = this.services.faults().authenticationDelay();
		if (delay.isZero()) {
			authenticate(command, credentials);
			return;
		}
		this.authenticating = true;
		this.decoder.pause();
		updateAutoRead();
		this.client.eventLoop().schedule(() -> {
			if (this.client.isActive()) {
				this.authenticating = false;
				authenticate(command, credentials);
				resume();
			}
		}, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void resume() {
		updateAutoRead();
		ChannelHandlerContext context = this.client.pipeline().context(this.decoder);
		try {
			this.decoder.resume(context);
		}
		catch (Exception ex) {
			context.fireExceptionCaught(ex);
		}
	}

	private void authenticate(RespCommand command, Credentials credentials) {
		Authenticator.Identity identity = (isNotSubscriber() && isProtocolSupported(command))
				? this.services.authenticator().authenticate(credentials.user(), credentials.password()) : null;
		if (identity == null) {
			this.transaction.run(() -> this.services.counters().authenticationsRefused.increment());
			send(credentials.withPassword(REFUSED_PASSWORD));
			return;
		}
		this.transaction.run(() -> accept(identity, command));
		send(credentials.withPassword(identity.serverSecret()));
	}

	private void accept(Authenticator.Identity identity, RespCommand command) {
		State previous = this.state;
		this.state = new State(identity, previous.authentications() + 1);
		((previous.identity() != null) ? this.services.counters().reauthenticationsAccepted
				: this.services.counters().handshakesAccepted)
			.increment();
		scheduleExpiry();
		switchProtocol(command);
	}

	private void switchProtocol(RespCommand command) {
		if (command.name().equals("HELLO") && command.size() > 1 && isProtocolSupported(command)) {
			this.resp3 = command.text(1).equals("3");
			if (!this.resp3) {
				endNotifications();
			}
		}
	}

	private static boolean isProtocolSupported(RespCommand command) {
		return !command.name().equals("HELLO") || command.text(1).equals("2") || command.text(1).equals("3");
	}

	/**
	 * Returns whether the server executes a command that needs an authenticated
	 * connection and that a RESP2 subscriber must not send.
	 */
	private boolean executes() {
		return this.state.identity() != null && isNotSubscriber();
	}

	private boolean isNotSubscriber() {
		return this.resp3 || this.subscriptions.isEmpty();
	}

	private void reset() {
		this.resp3 = false;
		endNotifications();
		this.subscriptions.clear();
		this.transaction.discard();
		this.state = new State(null, this.state.authentications());
		scheduleExpiry();
	}

	private void scheduleExpiry() {
		if (this.expiry != null) {
			this.expiry.cancel(false);
			this.expiry = null;
		}
		Authenticator.Identity identity = this.state.identity();
		if (identity != null && identity.expiresAt() != null) {
			Duration remaining = Duration.between(Instant.now(), identity.expiresAt().plus(this.services.closeDelay()));
			long delay = Math.max(0, remaining.toNanos());
			long due = System.nanoTime() + delay;
			this.expiry = this.client.eventLoop().schedule(() -> expireAfterRead(due), delay, TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Expire after the event loop has read once more, and as much later as it is late.
	 * The event loop may not have read an {@code AUTH} that arrived in time. What held it
	 * up also held up a client in the same JVM.
	 */
	private void expireAfterRead(long due) {
		long delay = Math.max(SHORTEST_READ_NANOS, System.nanoTime() - due);
		this.expiry = this.client.eventLoop().schedule(this::expire, delay, TimeUnit.NANOSECONDS);
	}

	private void expire() {
		if (this.client.isActive()) {
			logger.debug("Connection {} is closed, its token has expired", this.id);
			this.services.counters().connectionsClosedForExpiry.increment();
			close();
		}
	}

	private void send(RespCommand command) {
		send(command.encode(this.client.alloc()));
	}

	private void send(ByteBuf bytes) {
		if (this.server != null) {
			this.server.write(bytes);
		}
		else {
			bytes.release();
		}
	}

	/**
	 * Returns the commands that a connection has to see; all others pass it by.
	 */
	static Set<String> commands(CommandRules rules) {
		Set<String> commands = new HashSet<>(List.of("AUTH", "HELLO", "RESET", MaintenanceRequests.COMMAND));
		commands.addAll(Transaction.COMMANDS);
		commands.addAll(Subscriptions.COMMANDS);
		commands.addAll(rules.names());
		return Set.copyOf(commands);
	}

	/**
	 * What a connection needs of its emulator.
	 */
	record Services(Authenticator authenticator, CommandRules rules, Connections connections, Counters counters,
			EmulatorFaults faults, MaintenanceRequests maintenanceRequests, Duration closeDelay) {

		Services withRules(CommandRules other) {
			return new Services(this.authenticator, other, this.connections, this.counters, this.faults,
					this.maintenanceRequests, this.closeDelay);
		}

	}

	private record State(Authenticator.@Nullable Identity identity, int authentications) {

	}

}
