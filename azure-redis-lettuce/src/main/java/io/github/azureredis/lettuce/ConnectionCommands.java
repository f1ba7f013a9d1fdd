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

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.CompleteableCommand;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;

/**
 * The commands of one connection: watches those of the application on their way out, and
 * sends those of this package between them. All of its state belongs to the connection's
 * event loop.
 */
final class ConnectionCommands extends ChannelDuplexHandler {

	private static final String NAME = "azureRedisCommands";

	private final Channel channel;

	private final Set<AsyncCommand<?, ?, ?>> unanswered = new HashSet<>();

	private boolean active;

	private boolean resp3;

	private boolean transactionOpen;

	private boolean subscribed;

	private boolean asking;

	private ConnectionCommands(Channel channel) {
		this.channel = channel;
	}

	/**
	 * The commands of a connection.
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
			pipeline.addBefore(lettuce.name(), NAME, commands);
		}
		return commands;
	}

	/**
	 * Give the connection another handler. It is told of the application's commands after
	 * this one, and of the connection's end before it.
	 * @param name the name of the handler
	 * @param handler the handler
	 */
	void addHandler(String name, ChannelDuplexHandler handler) {
		this.channel.pipeline().addBefore(NAME, name, handler);
	}

	/**
	 * Whether a command between those of the application would end up in a transaction.
	 * @return whether a transaction is open
	 */
	boolean isTransactionOpen() {
		return this.transactionOpen;
	}

	/**
	 * Whether a command between those of the application would take the effect of ASKING,
	 * which is for the next command alone.
	 * @return whether the last command was ASKING
	 */
	boolean isAsking() {
		return this.asking;
	}

	/**
	 * Whether the server takes no other commands than those of subscriptions.
	 * @return whether the connection is subscribed with RESP2
	 */
	boolean isLimitedToSubscriptions() {
		return this.subscribed && !this.resp3;
	}

	/**
	 * Send a command. It is cancelled with the end of the connection; Lettuce would
	 * otherwise send it on the next one.
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
		ctx.fireChannelActive();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		List.copyOf(this.unanswered).forEach(AsyncCommand::cancel);
		ctx.fireChannelInactive();
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (message instanceof RedisCommand<?, ?, ?> command) {
			observe(command);
		}
		else if (message instanceof Collection<?> commands) {
			commands.forEach((command) -> observe((RedisCommand<?, ?, ?>) command));
		}
		ctx.write(message, promise);
	}

	private void observe(RedisCommand<?, ?, ?> command) {
		ProtocolKeyword type = command.getType();
		this.asking = type == CommandType.ASKING;
		if (type instanceof CommandType commandType) {
			switch (commandType) {
				case HELLO -> this.resp3 = true;
				// A handshake that goes on with AUTH speaks RESP2.
				case AUTH -> this.resp3 = this.resp3 && this.active;
				case MULTI -> openTransaction(command);
				case EXEC, DISCARD -> this.transactionOpen = false;
				case SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE -> this.subscribed = true;
				default -> {
				}
			}
		}
	}

	private void openTransaction(RedisCommand<?, ?, ?> multi) {
		this.transactionOpen = true;
		if (multi instanceof CompleteableCommand<?> command) {
			command.onComplete((reply, failure) -> {
				if (failure != null) {
					this.transactionOpen = false;
				}
			});
		}
	}

}
