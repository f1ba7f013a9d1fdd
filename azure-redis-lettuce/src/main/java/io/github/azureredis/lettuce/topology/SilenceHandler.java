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
package io.github.azureredis.lettuce.topology;

import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Handler that tells when the server has not answered a command for a second, and when it
 * answers again. A machine that disappears closes no connection, so nothing else tells
 * for a long time. Commands that wait for something are left out.
 */
final class SilenceHandler extends ChannelDuplexHandler {

	private static final long PATIENCE_SECONDS = 1;

	private static final Set<CommandType> BLOCKING = EnumSet.of(CommandType.BLMOVE, CommandType.BLMPOP,
			CommandType.BLPOP, CommandType.BRPOP, CommandType.BRPOPLPUSH, CommandType.BZMPOP, CommandType.BZPOPMAX,
			CommandType.BZPOPMIN, CommandType.WAIT, CommandType.XREAD, CommandType.XREADGROUP);

	private final Consumer<@Nullable SocketAddress> silent;

	private final Consumer<@Nullable SocketAddress> answering;

	private @Nullable SocketAddress remoteAddress;

	private boolean active;

	private boolean watching;

	private boolean toldSilent;

	private @Nullable RedisCommand<?, ?, ?> oldest;

	/**
	 * Create a handler.
	 * @param silent called with the address of a server that does not answer
	 * @param answering called with its address when it answers again
	 */
	SilenceHandler(Consumer<@Nullable SocketAddress> silent, Consumer<@Nullable SocketAddress> answering) {
		this.silent = silent;
		this.answering = answering;
	}

	@Override
	public void connect(ChannelHandlerContext ctx, SocketAddress remoteAddress, @Nullable SocketAddress localAddress,
			ChannelPromise promise) {
		this.remoteAddress = remoteAddress;
		ctx.connect(remoteAddress, localAddress, promise);
	}

	/**
	 * Comes after the handshake, in which Azure may take 10 seconds to validate a token.
	 */
	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.active = true;
		ctx.fireChannelActive();
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		ctx.write(message, promise);
		if (this.active && !this.watching) {
			this.watching = true;
			lookLater(ctx);
		}
	}

	private void lookLater(ChannelHandlerContext ctx) {
		ctx.executor().schedule(() -> look(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	private void look(ChannelHandlerContext ctx) {
		if (!ctx.channel().isActive()) {
			return;
		}
		Queue<RedisCommand<?, ?, ?>> unanswered = ctx.pipeline().get(CommandHandler.class).getStack();
		RedisCommand<?, ?, ?> oldest = unanswered.peek();
		boolean answered = oldest == null || oldest != this.oldest;
		this.oldest = oldest;
		tell(answered);
		this.watching = oldest != null;
		if (oldest != null) {
			lookLater(ctx);
		}
	}

	private void tell(boolean answered) {
		if (answered && this.toldSilent) {
			this.toldSilent = false;
			this.answering.accept(this.remoteAddress);
		}
		if (!answered && !this.toldSilent && !isBlocking(this.oldest)) {
			this.toldSilent = true;
			this.silent.accept(this.remoteAddress);
		}
	}

	private static boolean isBlocking(@Nullable RedisCommand<?, ?, ?> command) {
		return command != null && command.getType() instanceof CommandType type && BLOCKING.contains(type);
	}

}
