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

package io.github.azureredis.lettuce.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import javax.net.ssl.SSLException;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handler that lets commands fail which have no reply when their connection ends and must
 * not be sent again. It acts before Lettuce keeps all of them for the next connection.
 * Commands that did not leave are not among them: their write has failed by then.
 */
final class UnansweredCommands extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(UnansweredCommands.class);

	private static final String ACTIVATION = "io.lettuce.core.protocol.ActivationCommand";

	private final CommandHandler lettuce;

	private final ReplayPolicy policy;

	private final @Nullable Transactions transactions;

	private final List<ReplayListener> listeners;

	private boolean active;

	/**
	 * Create a handler.
	 * @param lettuce the handler that has the commands
	 * @param policy the policy
	 * @param transactions the transactions of the connection, {@code null} if they are
	 * sent again like other commands
	 * @param listeners the listeners
	 */
	UnansweredCommands(CommandHandler lettuce, ReplayPolicy policy, @Nullable Transactions transactions,
			List<ReplayListener> listeners) {
		this.lettuce = lettuce;
		this.policy = policy;
		this.transactions = transactions;
		this.listeners = listeners;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.active = true;
		ctx.fireChannelActive();
	}

	/**
	 * Lettuce would conclude too much from the exception: that one of the commands has
	 * failed, whichever it is, and during a handshake that every command must fail until
	 * there is a connection again. If the server refuses the connection, it waits.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (isLossOfConnection(cause) || isLossOfConnection(cause.getCause())) {
			logger.debug("Connection {} is lost", ctx.channel(), cause);
			ctx.close();
		}
		else {
			ctx.fireExceptionCaught(cause);
		}
	}

	/**
	 * During a handshake, an exception of TLS tells what is wrong with the server or its
	 * certificate. Later it only tells that the connection has ended.
	 */
	private boolean isLossOfConnection(@Nullable Throwable cause) {
		return cause instanceof IOException && (this.active || !(cause instanceof SSLException));
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		List<RedisCommand<?, ?, ?>> unanswered = this.active ? unanswered() : List.of();
		this.active = false;
		int refused = 0;
		try {
			if (!isClosedByApplication()) {
				refused = refuse(unanswered);
			}
		}
		finally {
			// Without it, there would be no next connection.
			ctx.fireChannelInactive();
		}
		// Lettuce has let them fail if the application has closed the connection.
		tellListeners(withoutDone(unanswered).size(), refused);
	}

	/**
	 * Lettuce then lets all commands fail on its own. If a handler closes the connection,
	 * the endpoint stays open for the next one.
	 */
	private boolean isClosedByApplication() {
		return this.lettuce.getEndpoint() instanceof DefaultEndpoint endpoint && endpoint.isClosed();
	}

	/**
	 * An exception in the pipeline would let Lettuce refuse commands until there is a
	 * connection again.
	 */
	private void tellListeners(int sentAgain, int refused) {
		if (sentAgain > 0 || refused > 0) {
			for (ReplayListener listener : this.listeners) {
				try {
					listener.onUnanswered(sentAgain, refused);
				}
				catch (RuntimeException ex) {
					logger.warn("A replay listener failed", ex);
				}
			}
		}
	}

	private int refuse(List<RedisCommand<?, ?, ?>> unanswered) {
		int refused = (this.transactions != null) ? this.transactions.connectionLost(unanswered, this.policy) : 0;
		for (RedisCommand<?, ?, ?> command : withoutDone(unanswered)) {
			if (!isSentAgain(command)) {
				command
					.completeExceptionally(new CommandOutcomeUnknownException(ReplayTable.name(command), this.policy));
				refused++;
			}
		}
		return refused;
	}

	private boolean isSentAgain(RedisCommand<?, ?, ?> command) {
		return switch (this.policy) {
			case ALL -> true;
			case IDEMPOTENT -> ReplayTable.isIdempotent(command);
			case NONE -> false;
		};
	}

	private List<RedisCommand<?, ?, ?>> unanswered() {
		List<RedisCommand<?, ?, ?>> unanswered = withoutDone(this.lettuce.getStack());
		unanswered.removeIf(UnansweredCommands::isOfLettuce);
		return unanswered;
	}

	/**
	 * Lettuce drops its own commands, such as SUBSCRIBE for what is subscribed already,
	 * and makes new ones for the next connection.
	 */
	private static boolean isOfLettuce(RedisCommand<?, ?, ?> command) {
		return CommandObserver.anyMatch(command, (candidate) -> candidate.getClass().getName().equals(ACTIVATION));
	}

	private static List<RedisCommand<?, ?, ?>> withoutDone(Collection<RedisCommand<?, ?, ?>> commands) {
		List<RedisCommand<?, ?, ?>> unanswered = new ArrayList<>(commands);
		unanswered.removeIf(RedisCommand::isDone);
		return unanswered;
	}

}
