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

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.token.EntraToken;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.CompleteableCommand;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Handler that keeps a connection authenticated with the newest token. It acts only if
 * the handshake went out with a token, and as long as the application does not
 * authenticate as somebody else. All of its state belongs to the event loop of the
 * connection.
 */
final class ReauthenticationHandler extends ChannelDuplexHandler {

	private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

	private static final Duration LAST_RETRY = Duration.ofSeconds(30);

	private static final Duration LONGEST_WAIT_FOR_NEXT_COMMAND = Duration.ofSeconds(1);

	private final ConnectionCommands commands;

	private final TokenGate gate;

	private final EntraTokenProvider tokens;

	private final Duration spread;

	private final Set<ReauthenticationHandler> connections;

	private final ReauthenticationReporter reporter;

	/** Set while the connection is open and authenticated with a token. */
	private volatile @Nullable ChannelHandlerContext context;

	/** The token that the server knows this connection by. */
	private @Nullable EntraToken token;

	private @Nullable AsyncCommand<String, String, String> auth;

	private @Nullable Future<?> nextAttempt;

	private @Nullable Future<?> warning;

	private int otherAuthentications;

	private boolean waitingForCommands;

	private int failures;

	/**
	 * Create a handler.
	 * @param commands the commands of the connection
	 * @param gate the gate of the connection
	 * @param tokens the source of the tokens
	 * @param spread the longest time from a renewal to AUTH
	 * @param connections the connections that are told of renewals
	 * @param reporter the reporter for what happens
	 */
	ReauthenticationHandler(ConnectionCommands commands, TokenGate gate, EntraTokenProvider tokens, Duration spread,
			Set<ReauthenticationHandler> connections, ReauthenticationReporter reporter) {
		this.commands = commands;
		this.gate = gate;
		this.tokens = tokens;
		this.spread = spread;
		this.connections = connections;
		this.reporter = reporter;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.gate.open();
		this.token = this.gate.lastSent();
		if (this.token != null) {
			this.context = ctx;
			this.connections.add(this);
		}
		ctx.fireChannelActive();
		// The token may have been renewed since the handshake took one.
		authenticate();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		leave();
		ctx.fireChannelInactive();
	}

	private void leave() {
		this.context = null;
		this.token = null;
		this.connections.remove(this);
		cancel(this.nextAttempt);
		cancel(this.warning);
	}

	private static void cancel(@Nullable Future<?> task) {
		if (task != null) {
			task.cancel(false);
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (this.context != null && message instanceof RedisCommand<?, ?, ?> command && command != this.auth) {
			leaveIfAuthenticatedOtherwise(command);
		}
		ctx.write(message, promise);
		if (this.waitingForCommands) {
			authenticate();
		}
	}

	/**
	 * An application that authenticates as somebody else is to stay so. Until the reply,
	 * AUTH waits, since the later of the two would win.
	 */
	private void leaveIfAuthenticatedOtherwise(RedisCommand<?, ?, ?> command) {
		// HELLO with a version, or also with a client name, changes no credentials.
		boolean credentials = command.getType() == CommandType.AUTH
				|| (command.getType() == CommandType.HELLO && ConnectionCommands.argumentCount(command) > 3);
		if (credentials && !this.gate.isAuthentication(command)
				&& command instanceof CompleteableCommand<?> authentication) {
			this.otherAuthentications++;
			authentication.onComplete((reply, failure) -> execute(() -> {
				this.otherAuthentications--;
				if (failure instanceof RedisCommandExecutionException) {
					authenticate();
				}
				else {
					leave();
				}
			}));
		}
	}

	/**
	 * Send a new token soon. May be called from any thread.
	 */
	void tokenRenewed() {
		execute(() -> {
			this.failures = 0;
			warnIfLate();
			authenticateAfter(randomSpread());
		});
	}

	private void execute(Runnable task) {
		ChannelHandlerContext ctx = this.context;
		if (ctx == null) {
			return;
		}
		try {
			ctx.executor().execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The event loop has been shut down, and with it the connection.
			this.connections.remove(this);
		}
	}

	private Duration randomSpread() {
		Duration tenth = remainingLife().dividedBy(10);
		return random((tenth.compareTo(this.spread) < 0) ? tenth : this.spread, 0);
	}

	private static Duration random(Duration longest, double least) {
		return Duration.ofNanos((long) (longest.toNanos() * ThreadLocalRandom.current().nextDouble(least, 1)));
	}

	/**
	 * A transaction that stays open holds AUTH back, and a command that blocks holds up
	 * all that come after it, AUTH included.
	 */
	private void warnIfLate() {
		Duration remaining = remainingLife();
		EntraToken old = this.token;
		ChannelHandlerContext ctx = this.context;
		cancel(this.warning);
		if (ctx != null && !remaining.isZero()) {
			this.warning = ctx.executor().schedule(() -> {
				if (this.token == old && this.failures == 0 && !this.commands.isLimitedToSubscriptions()) {
					this.reporter.warnOfLateAuthentication(ctx.channel().localAddress(), remaining);
				}
			}, remaining.dividedBy(2).toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void authenticateAfter(Duration delay) {
		authenticateAfter(delay, false);
	}

	private void authenticateAfter(Duration delay, boolean insteadOfNextCommand) {
		cancel(this.nextAttempt);
		ChannelHandlerContext ctx = this.context;
		if (ctx != null) {
			this.nextAttempt = ctx.executor()
				.schedule(() -> authenticate(insteadOfNextCommand), delay.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void authenticate() {
		authenticate(false);
	}

	private void authenticate(boolean insteadOfNextCommand) {
		ChannelHandlerContext ctx = this.context;
		EntraToken newest = this.tokens.currentToken();
		if (ctx == null || this.auth != null || this.otherAuthentications > 0 || newest == null
				|| newest == this.token) {
			return;
		}
		if (this.commands.isLimitedToSubscriptions()) {
			this.reporter.warnOfResp2();
			return;
		}
		// Inside of a transaction the server would queue AUTH like any other command, and
		// answer EXEC with one result too many.
		boolean transactionOpen = this.commands.isTransactionOpen();
		this.waitingForCommands = transactionOpen || (this.commands.isNextCommandExpected() && !insteadOfNextCommand);
		if (!this.waitingForCommands) {
			send(ctx);
		}
		else if (!transactionOpen) {
			// The next command may have been cancelled.
			authenticateAfter(LONGEST_WAIT_FOR_NEXT_COMMAND, true);
		}
	}

	private void send(ChannelHandlerContext ctx) {
		long sent = System.nanoTime();
		AsyncCommand<String, String, String> command = this.gate.authCommand();
		this.auth = command;
		command.whenComplete((reply, failure) -> {
			this.auth = null;
			if (this.context == null) {
				return;
			}
			if (failure != null) {
				failed(ctx, failure);
			}
			else if (!"OK".equals(reply)) {
				failed(ctx, new RedisException("AUTH was not answered with OK"));
			}
			else {
				succeeded(ctx, Duration.ofNanos(System.nanoTime() - sent));
			}
		});
		this.commands.send(command);
	}

	private Duration remainingLife() {
		Duration remaining = (this.token != null) ? this.token.getRemainingLife() : Duration.ZERO;
		return remaining.isNegative() ? Duration.ZERO : remaining;
	}

	private void succeeded(ChannelHandlerContext ctx, Duration took) {
		EntraToken accepted = this.gate.lastSent();
		this.token = accepted;
		this.failures = 0;
		if (accepted != null) {
			this.reporter.reauthenticated(new ConnectionReauthenticatedEvent(this.reporter.instanceName(),
					ctx.channel().localAddress(), ctx.channel().remoteAddress(), accepted.getExpiresAt(), took));
		}
		// The token may have been renewed again since AUTH was sent.
		authenticate();
	}

	private void failed(ChannelHandlerContext ctx, Throwable failure) {
		this.failures++;
		Duration retryAfter = random(backOff(), 0.5);
		authenticateAfter(retryAfter);
		this.reporter.reauthenticationFailed(new ConnectionReauthenticationFailedEvent(this.reporter.instanceName(),
				ctx.channel().localAddress(), ctx.channel().remoteAddress(), failure, this.failures,
				(this.token != null) ? this.token.getExpiresAt() : null, retryAfter));
	}

	private Duration backOff() {
		Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(this.failures - 1, 10));
		return (delay.compareTo(LAST_RETRY) < 0) ? delay : LAST_RETRY;
	}

}
