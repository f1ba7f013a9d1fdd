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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.RedisException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.CommandWrapper;
import io.lettuce.core.protocol.Endpoint;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.protocol.TransactionalCommand;
import io.netty.channel.ChannelHandlerContext;

/**
 * Handler that knows the transactions of a connection. Those whose {@code MULTI} or
 * {@code WATCH} went to an earlier connection fail: the server would run their commands
 * one by one, or without regard to changes. All of its state belongs to the event loop of
 * the connection.
 */
final class Transactions extends CommandObserver {

	private static final String AFTER_MULTI = "after MULTI and before EXEC, and the transaction with it";

	private static final String AFTER_WATCH = "after WATCH, so the watched keys may have changed";

	private final Endpoint endpoint;

	private final Set<Endpoint> lostWatches;

	/** The transactions whose {@code EXEC}, their last command, has been sent. */
	private final List<List<RedisCommand<?, ?, ?>>> executed = new ArrayList<>();

	/** Commands of the last transaction while its {@code EXEC} has not been sent. */
	private final List<RedisCommand<?, ?, ?>> pending = new ArrayList<>();

	private boolean open;

	private boolean watching;

	private boolean watchLost;

	/**
	 * Create a handler.
	 * @param endpoint what the connection has in common with those before and after it
	 * @param lostWatches the endpoints that have lost a connection since {@code WATCH}
	 */
	Transactions(Endpoint endpoint, Set<Endpoint> lostWatches) {
		this.endpoint = endpoint;
		this.lostWatches = lostWatches;
	}

	/**
	 * A command that fails here is not sent: Lettuce does not write commands that are
	 * done.
	 */
	@Override
	protected void observe(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command) {
		if (isPartOfTransaction(command)) {
			observePart(command);
		}
		else if (command.getType() instanceof CommandType type) {
			switch (type) {
				case WATCH -> this.watching = true;
				case UNWATCH -> unwatch();
				case MULTI -> begin(command);
				case EXEC -> execute(ctx, command);
				case DISCARD -> discard(command);
				default -> {
				}
			}
		}
	}

	private static boolean isPartOfTransaction(RedisCommand<?, ?, ?> command) {
		return CommandWrapper.unwrap(command, TransactionalCommand.class) != null;
	}

	private void observePart(RedisCommand<?, ?, ?> command) {
		if (this.open) {
			this.pending.add(command);
		}
		else {
			fail(command, AFTER_MULTI);
		}
	}

	private void begin(RedisCommand<?, ?, ?> multi) {
		this.open = true;
		this.watchLost = this.lostWatches.remove(this.endpoint);
		this.pending.clear();
		this.pending.add(multi);
	}

	private void execute(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> exec) {
		if (!this.open) {
			fail(exec, AFTER_MULTI);
		}
		else if (this.watchLost) {
			this.pending.forEach((command) -> fail(command, AFTER_WATCH));
			fail(exec, AFTER_WATCH);
			ctx.write(new AsyncCommand<>(new Command<>(CommandType.DISCARD, new StatusOutput<>(StringCodec.ASCII))));
		}
		else {
			List<RedisCommand<?, ?, ?>> transaction = new ArrayList<>(this.pending);
			transaction.add(exec);
			this.executed.removeIf(Transactions::isAnswered);
			this.executed.add(transaction);
		}
		this.pending.clear();
		this.open = false;
		unwatch();
	}

	private static boolean isAnswered(List<RedisCommand<?, ?, ?>> transaction) {
		return transaction.get(transaction.size() - 1).isDone();
	}

	private void discard(RedisCommand<?, ?, ?> discard) {
		this.pending.add(discard);
		this.open = false;
		unwatch();
	}

	private void unwatch() {
		this.watching = false;
		this.lostWatches.remove(this.endpoint);
	}

	private static boolean fail(RedisCommand<?, ?, ?> command, String when) {
		return fail(command, new TransactionLostException("The connection was lost " + when
				+ ". None of its commands has run. Repeat the transaction from its beginning"));
	}

	/**
	 * Lettuce takes {@code MULTI} that fails for the end of the transaction that is open
	 * by then, and sends what follows as single commands.
	 */
	private static boolean fail(RedisCommand<?, ?, ?> command, RedisException failure) {
		if (command.isDone()) {
			return false;
		}
		if (command.getType() == CommandType.MULTI) {
			command.getOutput().set(StandardCharsets.US_ASCII.encode("OK"));
			command.complete();
			return false;
		}
		return command.completeExceptionally(failure);
	}

	/**
	 * Let all transactions fail that have not been answered.
	 * @param unanswered the commands that the connection has lost
	 * @param policy the policy in force
	 * @return the number of commands that have failed
	 */
	int connectionLost(Collection<RedisCommand<?, ?, ?>> unanswered, ReplayPolicy policy) {
		boolean watchedAgain = policy != ReplayPolicy.NONE
				&& unanswered.stream().anyMatch((command) -> command.getType() == CommandType.WATCH);
		if (this.watching && !watchedAgain) {
			this.lostWatches.add(this.endpoint);
		}
		this.executed.removeIf(Transactions::isAnswered);
		long unknown = this.executed.stream()
			.flatMap(List::stream)
			.filter((command) -> fail(command, new CommandOutcomeUnknownException(ReplayTable.name(command), policy)))
			.count();
		long lost = this.pending.stream().filter((command) -> fail(command, AFTER_MULTI)).count();
		return (int) (unknown + lost);
	}

}
