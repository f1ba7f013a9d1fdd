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
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Handler that notifies a listener when the server has sent nothing for a second although
 * a command waits for its reply, and when it sends again. A machine that disappears does
 * not close its connections, so the loss would go unnoticed for a long time. Blocking
 * commands are ignored.
 */
final class SilenceHandler extends ChannelDuplexHandler {

	private static final long PATIENCE_SECONDS = 1;

	private static final Set<String> BLOCKING = Set.of("BLMOVE", "BLMPOP", "BLPOP", "BRPOP", "BRPOPLPUSH", "BZMPOP",
			"BZPOPMAX", "BZPOPMIN", "WAIT", "WAITAOF", "XREAD", "XREADGROUP");

	private final BiConsumer<Object, @Nullable SocketAddress> silent;

	private final Consumer<Object> answered;

	private @Nullable SocketAddress remoteAddress;

	private boolean active;

	private boolean watching;

	private boolean toldSilent;

	private boolean received;

	private @Nullable RedisCommand<?, ?, ?> oldest;

	/**
	 * Create a handler.
	 * @param silent called with this handler and the remote address when the server is
	 * silent
	 * @param answered called with this handler when the server sends again, or the
	 * connection ends
	 */
	SilenceHandler(BiConsumer<Object, @Nullable SocketAddress> silent, Consumer<Object> answered) {
		this.silent = silent;
		this.answered = answered;
	}

	@Override
	public void connect(ChannelHandlerContext ctx, SocketAddress remoteAddress, @Nullable SocketAddress localAddress,
			ChannelPromise promise) {
		this.remoteAddress = remoteAddress;
		ctx.connect(remoteAddress, localAddress, promise);
	}

	/**
	 * Comes after the handshake, in which Azure may take 10 seconds to validate a token,
	 * and after Lettuce has sent the commands of an earlier connection again.
	 */
	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.active = true;
		if (!unanswered(ctx).isEmpty()) {
			watch(ctx);
		}
		ctx.fireChannelActive();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.active = false;
		this.oldest = null;
		tell(false);
		ctx.fireChannelInactive();
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.received = true;
		ctx.fireChannelReadComplete();
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		ctx.write(message, promise);
		if (this.active && !this.watching) {
			watch(ctx);
		}
	}

	private void watch(ChannelHandlerContext ctx) {
		this.watching = true;
		this.received = false;
		ctx.executor().schedule(() -> look(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	private void look(ChannelHandlerContext ctx) {
		if (!this.active) {
			return;
		}
		RedisCommand<?, ?, ?> oldest = unanswered(ctx).peek();
		tell(oldest != null && oldest == this.oldest && !this.received && !isBlocking(oldest));
		this.oldest = oldest;
		this.watching = oldest != null;
		if (this.watching) {
			watch(ctx);
		}
	}

	private void tell(boolean silent) {
		if (silent && !this.toldSilent) {
			this.silent.accept(this, this.remoteAddress);
		}
		if (!silent && this.toldSilent) {
			this.answered.accept(this);
		}
		this.toldSilent = silent;
	}

	private static Queue<RedisCommand<?, ?, ?>> unanswered(ChannelHandlerContext ctx) {
		return ctx.pipeline().get(CommandHandler.class).getStack();
	}

	private static boolean isBlocking(RedisCommand<?, ?, ?> command) {
		return BLOCKING.contains(command.getType().toString().toUpperCase(Locale.ROOT));
	}

}
