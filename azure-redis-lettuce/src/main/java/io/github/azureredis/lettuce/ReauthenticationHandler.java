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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.token.EntraToken;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection authenticated with the newest token. Knows which token the server
 * knows it by, since it sees the handshake on its way out and the replies to AUTH. All of
 * its state belongs to the connection's event loop.
 */
final class ReauthenticationHandler extends ChannelDuplexHandler {

	static final String NAME = "azureRedisReauthentication";

	private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

	private static final Duration LAST_RETRY = Duration.ofSeconds(30);

	private static final Duration LONGEST_WAIT_AFTER_ASKING = Duration.ofSeconds(1);

	private final ConnectionCommands commands;

	private final EntraRedisAuthentication authentication;

	private volatile @Nullable ChannelHandlerContext context;

	/** The token that the server knows this connection by, if that is known. */
	private @Nullable EntraToken token;

	private @Nullable AsyncCommand<String, String, String> auth;

	private @Nullable Future<?> nextAttempt;

	private boolean waitingForCommands;

	private int failures;

	ReauthenticationHandler(ConnectionCommands commands, EntraRedisAuthentication authentication) {
		this.commands = commands;
		this.authentication = authentication;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.context = ctx;
		ctx.fireChannelActive();
		this.authentication.add(this);
		// The token may have been renewed since the handshake took one.
		authenticate();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.context = null;
		this.authentication.remove(this);
		cancelNextAttempt();
		ctx.fireChannelInactive();
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (message instanceof RedisCommand<?, ?, ?> command && isCredentials(command.getType())) {
			writeCredentials(ctx, command, promise);
		}
		else {
			ctx.write(message, promise);
		}
		if (this.waitingForCommands) {
			authenticate();
		}
	}

	/**
	 * There is a new token. May be called from any thread.
	 */
	void tokenRenewed() {
		ChannelHandlerContext ctx = this.context;
		if (ctx == null) {
			return;
		}
		try {
			ctx.executor().execute(() -> {
				this.failures = 0;
				authenticateAfter(spread());
			});
		}
		catch (RejectedExecutionException ex) {
			// The event loop has been shut down, and with it the connection.
			this.authentication.remove(this);
		}
	}

	private Duration spread() {
		Duration spread = this.authentication.spread();
		Duration tenth = remainingLife().dividedBy(10);
		return random((tenth.compareTo(spread) < 0) ? tenth : spread, 0);
	}

	private static Duration random(Duration longest, double least) {
		return Duration.ofNanos((long) (longest.toNanos() * ThreadLocalRandom.current().nextDouble(least, 1)));
	}

	private void authenticateAfter(Duration delay) {
		authenticateAfter(delay, false);
	}

	private void authenticateAfter(Duration delay, boolean evenIfAsking) {
		cancelNextAttempt();
		ChannelHandlerContext ctx = this.context;
		if (ctx != null) {
			this.nextAttempt = ctx.executor()
				.schedule(() -> authenticate(evenIfAsking), delay.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void cancelNextAttempt() {
		if (this.nextAttempt != null) {
			this.nextAttempt.cancel(false);
			this.nextAttempt = null;
		}
	}

	private void authenticate() {
		authenticate(false);
	}

	private void authenticate(boolean evenIfAsking) {
		ChannelHandlerContext ctx = this.context;
		EntraToken newest = this.authentication.currentToken();
		if (ctx == null || this.auth != null || newest == null || newest == this.token) {
			return;
		}
		if (this.commands.isLimitedToSubscriptions()) {
			this.authentication.warnOfResp2();
			return;
		}
		// Inside of a transaction the server would queue AUTH like any other command, and
		// answer EXEC with one result too many.
		boolean transactionOpen = this.commands.isTransactionOpen();
		this.waitingForCommands = transactionOpen || (this.commands.isAsking() && !evenIfAsking);
		if (!this.waitingForCommands) {
			send(ctx, newest);
		}
		else if (!transactionOpen) {
			// The command that ASKING was for may have been cancelled.
			authenticateAfter(LONGEST_WAIT_AFTER_ASKING, true);
		}
	}

	private void send(ChannelHandlerContext ctx, EntraToken newest) {
		long sent = System.nanoTime();
		RedisCredentials credentials = this.authentication.credentials().credentials(newest);
		AsyncCommand<String, String, String> command = new AsyncCommand<>(
				new Command<>(CommandType.AUTH, new StatusOutput<>(StringCodec.UTF8),
						new CredentialsArgs().add(credentials.getUsername()).add(credentials.getPassword())));
		this.auth = command;
		Future<?> warning = warnIfUnanswered(ctx);
		command.whenComplete((reply, failure) -> {
			warning.cancel(false);
			this.auth = null;
			if (this.context == null) {
				return;
			}
			if (failure == null) {
				succeeded(ctx, newest, Duration.ofNanos(System.nanoTime() - sent));
			}
			else {
				failed(ctx, failure);
			}
		});
		this.commands.send(command);
	}

	/**
	 * A command that blocks holds up all that come after it, AUTH included.
	 */
	private Future<?> warnIfUnanswered(ChannelHandlerContext ctx) {
		Duration remaining = remainingLife();
		return ctx.executor().schedule(() -> {
			if (!remaining.isZero() && this.context != null) {
				this.authentication.warnOfBlockedConnection(ctx.channel().localAddress(), remaining);
			}
		}, remaining.dividedBy(2).toNanos(), TimeUnit.NANOSECONDS);
	}

	private Duration remainingLife() {
		Duration remaining = (this.token != null) ? Duration.between(Instant.now(), this.token.getExpiresAt())
				: Duration.ZERO;
		return remaining.isNegative() ? Duration.ZERO : remaining;
	}

	private void succeeded(ChannelHandlerContext ctx, EntraToken accepted, Duration took) {
		this.token = accepted;
		this.failures = 0;
		this.authentication.reauthenticated(new ConnectionReauthenticatedEvent(ctx.channel().localAddress(),
				ctx.channel().remoteAddress(), accepted.getExpiresAt(), took));
		// The token may have been renewed again since AUTH was sent.
		authenticate();
	}

	private void failed(ChannelHandlerContext ctx, Throwable failure) {
		this.failures++;
		Duration retryAfter = random(backOff(), 0.5);
		authenticateAfter(retryAfter);
		this.authentication.reauthenticationFailed(
				new ConnectionReauthenticationFailedEvent(ctx.channel().localAddress(), ctx.channel().remoteAddress(),
						failure, this.failures, (this.token != null) ? this.token.getExpiresAt() : null, retryAfter));
	}

	private Duration backOff() {
		Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(this.failures - 1, 10));
		return (delay.compareTo(LAST_RETRY) < 0) ? delay : LAST_RETRY;
	}

	private static boolean isCredentials(ProtocolKeyword type) {
		return type == CommandType.AUTH || type == CommandType.HELLO;
	}

	/**
	 * Encodes a command with credentials here instead of in Lettuce's encoder, which
	 * would show the token in its log at TRACE.
	 */
	private void writeCredentials(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command, ChannelPromise promise) {
		ByteBuf encoded = ctx.alloc().buffer();
		command.encode(encoded);
		if (command != this.auth) {
			String text = encoded.toString(StandardCharsets.UTF_8);
			// A HELLO of the application may have no credentials and then changes none.
			if (text.contains("AUTH")) {
				EntraToken newest = this.authentication.currentToken();
				this.token = (newest != null && text.contains(newest.getValue())) ? newest : null;
			}
		}
		ctx.pipeline().context(CommandEncoder.class).write(encoded, promise);
	}

	/**
	 * Arguments that do not show in the spans of a tracer.
	 */
	private static final class CredentialsArgs extends CommandArgs<String, String> {

		CredentialsArgs() {
			super(StringCodec.UTF8);
		}

		@Override
		public String toCommandString() {
			return "";
		}

	}

}
