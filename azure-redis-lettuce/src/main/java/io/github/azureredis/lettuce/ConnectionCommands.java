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

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.CompleteableCommand;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/**
 * Handler that watches the commands of the application on their way out, and sends those
 * of this package between them. All of its state belongs to the event loop of the
 * connection.
 */
final class ConnectionCommands extends CommandObserver {

	private final Channel channel;

	private final Set<AsyncCommand<?, ?, ?>> unanswered = new HashSet<>();

	private final List<RedisCommand<?, ?, ?>> handshake = new ArrayList<>();

	private final Map<CommandType, Integer> subscriptions = new EnumMap<>(CommandType.class);

	private boolean active;

	private boolean resp3;

	private boolean transactionOpen;

	private boolean nextCommandExpected;

	private ConnectionCommands(Channel channel) {
		this.channel = channel;
	}

	/**
	 * Return the commands of a connection.
	 * @param channel the channel, with the handlers of Lettuce
	 * @return the one instance of that connection
	 */
	static ConnectionCommands of(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		ConnectionCommands commands = pipeline.get(ConnectionCommands.class);
		if (commands == null) {
			ChannelHandlerContext lettuce = pipeline.context(CommandHandler.class);
			if (lettuce == null || pipeline.context(CommandEncoder.class) == null) {
				throw new IllegalStateException(
						"This version of Lettuce has no CommandHandler or no CommandEncoder in its pipeline");
			}
			commands = new ConnectionCommands(channel);
			// Between the handshake, which hides an unauthenticated connection, and the
			// handler that keeps unanswered commands for the next connection.
			pipeline.addBefore(lettuce.name(), null, commands);
		}
		return commands;
	}

	/**
	 * Add another handler, which learns of the commands of the application after this
	 * one, and of the end of the connection before it.
	 * @param handler the handler
	 */
	void addHandler(ChannelDuplexHandler handler) {
		ChannelPipeline pipeline = this.channel.pipeline();
		pipeline.addBefore(pipeline.context(this).name(), null, handler);
	}

	/**
	 * Return whether a command between those of the application would end up in a
	 * transaction.
	 * @return whether a transaction is open
	 */
	boolean isTransactionOpen() {
		return this.transactionOpen;
	}

	/**
	 * Return whether a command between those of the application would take the effect of
	 * {@code ASKING} or {@code CLIENT CACHING}, which is for the next command alone.
	 * @return whether the last command was one of these
	 */
	boolean isNextCommandExpected() {
		return this.nextCommandExpected;
	}

	/**
	 * Return whether the server accepts no other commands than those of subscriptions and
	 * PING.
	 * @return whether the connection is subscribed with RESP2
	 */
	boolean isLimitedToSubscriptions() {
		return !this.resp3 && !this.subscriptions.isEmpty();
	}

	/**
	 * Send a command. It is cancelled when the connection ends; Lettuce would otherwise
	 * send it on the next one.
	 * @param command the command
	 */
	void send(AsyncCommand<?, ?, ?> command) {
		this.unanswered.add(command);
		command.whenComplete((reply, failure) -> this.unanswered.remove(command));
		// From the end of the pipeline, so that Lettuce expects the reply in its place.
		this.channel.writeAndFlush(command).addListener((written) -> {
			if (!written.isSuccess()) {
				command.completeExceptionally(written.cause());
			}
		});
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.active = true;
		this.handshake.clear();
		ctx.fireChannelActive();
	}

	/**
	 * Lettuce keeps unanswered commands for the next connection, those of a handshake
	 * too. There they would authenticate a second time, as commands of the application.
	 */
	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		// Lettuce goes on with its handshake when a command that it can do without ends,
		// so more may be added.
		for (int i = 0; i < this.handshake.size(); i++) {
			this.handshake.get(i).cancel();
		}
		List.copyOf(this.unanswered).forEach(AsyncCommand::cancel);
		ctx.fireChannelInactive();
	}

	@Override
	protected void observe(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command) {
		if (!this.active) {
			this.handshake.add(command);
		}
		this.nextCommandExpected = false;
		if (command.getType() instanceof CommandType type) {
			switch (type) {
				case HELLO -> this.resp3 = true;
				// A handshake that goes on with AUTH speaks RESP2.
				case AUTH -> this.resp3 = this.resp3 && this.active;
				case ASKING -> this.nextCommandExpected = true;
				case CLIENT -> this.nextCommandExpected = isCaching(command);
				case MULTI -> openTransaction(command);
				case EXEC, DISCARD -> this.transactionOpen = false;
				case SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE ->
					this.subscriptions.merge(type, argumentCount(command), Integer::sum);
				case UNSUBSCRIBE -> unsubscribe(CommandType.SUBSCRIBE, argumentCount(command));
				case PUNSUBSCRIBE -> unsubscribe(CommandType.PSUBSCRIBE, argumentCount(command));
				case SUNSUBSCRIBE -> unsubscribe(CommandType.SSUBSCRIBE, argumentCount(command));
				default -> {
				}
			}
		}
	}

	/**
	 * Return the number of arguments of a command.
	 * @param command the command
	 * @return the number, 0 if the command has none
	 */
	static int argumentCount(RedisCommand<?, ?, ?> command) {
		CommandArgs<?, ?> args = command.getArgs();
		return (args != null) ? args.count() : 0;
	}

	private static boolean isCaching(RedisCommand<?, ?, ?> client) {
		return argumentCount(client) > 0 && client.getArgs().toCommandString().startsWith("CACHING");
	}

	/**
	 * Without arguments, all subscriptions of the kind end.
	 */
	private void unsubscribe(CommandType kind, int ended) {
		this.subscriptions.computeIfPresent(kind,
				(key, count) -> (ended == 0 || ended >= count) ? null : count - ended);
	}

	/**
	 * Only an error reply means that there is no transaction. After a timeout, the server
	 * may have opened it all the same.
	 */
	private void openTransaction(RedisCommand<?, ?, ?> multi) {
		boolean nested = this.transactionOpen;
		this.transactionOpen = true;
		if (!nested && multi instanceof CompleteableCommand<?> command) {
			command.onComplete((reply, failure) -> {
				if (failure instanceof RedisCommandExecutionException) {
					this.transactionOpen = false;
				}
			});
		}
	}

}
