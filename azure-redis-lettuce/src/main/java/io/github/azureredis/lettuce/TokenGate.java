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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.token.EntraToken;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ConnectionWatchdog;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Handler through which tokens go out. It puts the current token in the place of the
 * {@link CredentialsPlaceholder placeholder}, and holds the handshake of a connection
 * back while there is no token. A handshake without the placeholder passes as it is. All
 * of its state belongs to the event loop of the connection.
 */
final class TokenGate extends ChannelDuplexHandler {

	/**
	 * Lettuce looks for its handshake when it has noticed the connection, on the thread
	 * that connects, and would not say why the connection is closed by then.
	 */
	private static final long SHORTEST_WAIT_MILLIS = 20;

	private final EntraTokenProvider tokens;

	private final EntraCredentials credentials;

	private final FutileWait futileWait;

	private final CompletableFuture<Void> handshake;

	private final Disposable.Swap waiting = Disposables.swap();

	private @Nullable EntraToken lastSent;

	private @Nullable HeldCommand held;

	private boolean open;

	private TokenGate(EntraTokenProvider tokens, EntraCredentials credentials, FutileWait futileWait,
			CompletableFuture<Void> handshake) {
		this.tokens = tokens;
		this.credentials = credentials;
		this.futileWait = futileWait;
		this.handshake = handshake;
	}

	/**
	 * Add a gate to the pipeline of a connection, before Lettuce's handshake.
	 * @param channel the channel, with the handlers of Lettuce
	 * @param tokens the source of the tokens
	 * @param credentials the credentials that the connection may ask for
	 * @param futileWait the memory that the gates of an authentication share
	 * @return the gate
	 */
	static TokenGate install(Channel channel, EntraTokenProvider tokens, EntraCredentials credentials,
			FutileWait futileWait) {
		ChannelPipeline pipeline = channel.pipeline();
		ChannelHandlerContext lettuce = pipeline.context(RedisHandshakeHandler.class);
		if (lettuce == null) {
			throw new IllegalStateException("This version of Lettuce has no RedisHandshakeHandler in its pipeline");
		}
		RedisHandshakeHandler handshakeHandler = (RedisHandshakeHandler) lettuce.handler();
		TokenGate gate = new TokenGate(tokens, credentials, futileWait,
				handshakeHandler.channelInitialized().toCompletableFuture());
		pipeline.addBefore(lettuce.name(), null, gate);
		return gate;
	}

	/**
	 * Return the token that was sent last on this connection.
	 * @return the token or {@code null} if the connection authenticates otherwise
	 */
	@Nullable EntraToken lastSent() {
		return this.lastSent;
	}

	/**
	 * Hold no command back from now on. The commands of the application follow, and their
	 * order is the order of the replies.
	 */
	void open() {
		this.open = true;
	}

	/**
	 * Return whether a command authenticates with a token.
	 * @param command the command
	 * @return whether the command goes out with a token in the place of the placeholder
	 */
	boolean isAuthentication(RedisCommand<?, ?, ?> command) {
		if (command.getType() != CommandType.AUTH && command.getType() != CommandType.HELLO) {
			return false;
		}
		ByteBuf encoded = Unpooled.buffer();
		command.encode(encoded);
		return this.credentials.placeholder().isIn(encoded);
	}

	/**
	 * Create a command that authenticates with the token that is current when it goes
	 * out.
	 * @return the command
	 */
	AsyncCommand<String, String, String> authCommand() {
		return new AsyncCommand<>(new Command<>(CommandType.AUTH, new StatusOutput<>(StringCodec.ASCII),
				this.credentials.placeholder().args()));
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.credentials.runGated(ctx::fireChannelActive);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		if (this.open) {
			ctx.fireChannelRead(message);
		}
		else {
			// A server that refuses RESP3 makes Lettuce ask for credentials once more.
			this.credentials.runGated(() -> ctx.fireChannelRead(message));
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (message instanceof RedisCommand<?, ?, ?> command && isAuthentication(command)) {
			authenticate(ctx, command, promise);
		}
		else {
			ctx.write(message, promise);
		}
	}

	private void authenticate(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command, ChannelPromise promise) {
		EntraToken token = this.tokens.currentToken();
		if (token != null) {
			send(ctx, command, promise, token);
		}
		else if (!this.open) {
			hold(ctx, command, promise);
		}
		else {
			promise.setFailure(this.tokens.noTokenWithin(Duration.ZERO));
		}
	}

	private void send(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command, ChannelPromise promise,
			EntraToken token) {
		ByteBuf encoded = Unpooled.buffer();
		command.encode(encoded);
		try {
			ByteBuf filled = this.credentials.placeholder()
				.replaceIn(encoded, ctx.alloc(), this.credentials.requiredUsername(token), token.getValue());
			this.lastSent = token;
			ctx.pipeline().context(CommandEncoder.class).writeAndFlush(filled, promise);
		}
		catch (IllegalStateException ex) {
			promise.setFailure(ex);
		}
	}

	private void hold(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command, ChannelPromise promise) {
		this.held = new HeldCommand(command, promise, System.nanoTime());
		if (isFirstConnect(ctx) && this.futileWait.isRecent()) {
			ctx.executor().schedule(() -> giveUpFutileWait(ctx), SHORTEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
			return;
		}
		this.waiting.update(this.tokens.token()
			.subscribe((token) -> execute(ctx, () -> letPass(ctx)),
					(failure) -> execute(ctx, () -> giveUp(ctx, failure))));
	}

	private static void execute(ChannelHandlerContext ctx, Runnable task) {
		try {
			ctx.executor().execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The event loop has been shut down, and with it the connection.
		}
	}

	/**
	 * A connection that is made again blocks no thread, and should be back as soon as
	 * there is a token.
	 */
	private static boolean isFirstConnect(ChannelHandlerContext ctx) {
		ConnectionWatchdog watchdog = ctx.pipeline().get(ConnectionWatchdog.class);
		return watchdog == null || !watchdog.isListenOnChannelInactive();
	}

	private void letPass(ChannelHandlerContext ctx) {
		HeldCommand held = take();
		if (held != null) {
			authenticate(ctx, held.command, held.promise);
		}
	}

	private void giveUp(ChannelHandlerContext ctx, Throwable reason) {
		HeldCommand held = take();
		if (held != null) {
			remember(held);
			close(ctx, held, failure(ctx, reason));
		}
	}

	private void giveUpFutileWait(ChannelHandlerContext ctx) {
		HeldCommand held = take();
		if (held != null) {
			close(ctx, held, failure(ctx, this.tokens.noTokenWithin(Duration.ZERO)));
		}
	}

	private void close(ChannelHandlerContext ctx, HeldCommand held, Throwable failure) {
		ChannelPromise closed = ctx.newPromise();
		closed.addListener((future) -> this.handshake.completeExceptionally(failure));
		ctx.close(closed);
		held.promise.tryFailure(failure);
	}

	/**
	 * Lettuce gives up, because the command timeout has passed or the connection is
	 * closed. Fail the handshake with the reason before Lettuce fails it with its own.
	 */
	private void giveUpWithLettuce(ChannelHandlerContext ctx) {
		HeldCommand held = take();
		if (held != null) {
			remember(held);
			Throwable failure = failure(ctx, this.tokens.noTokenWithin(held.waited()));
			this.handshake.completeExceptionally(failure);
			held.promise.tryFailure(failure);
		}
	}

	private void remember(HeldCommand held) {
		if (this.tokens.isRunning()) {
			this.futileWait.remember(held.waited());
		}
	}

	/**
	 * For a connection that is made again, Lettuce takes a timeout for what may pass.
	 * Other exceptions are logged with their stack at each attempt, and may end the
	 * attempts ({@code suspendReconnectOnProtocolFailure}).
	 */
	private static Throwable failure(ChannelHandlerContext ctx, Throwable reason) {
		return isFirstConnect(ctx) ? reason : new RedisCommandTimeoutException(reason);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		giveUpWithLettuce(ctx);
		ctx.close(promise);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		giveUpWithLettuce(ctx);
		ctx.fireChannelInactive();
		this.lastSent = null;
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		HeldCommand held = take();
		if (held != null) {
			close(ctx, held, cause);
		}
		ctx.fireExceptionCaught(cause);
	}

	private @Nullable HeldCommand take() {
		HeldCommand held = this.held;
		this.held = null;
		this.waiting.update(Disposables.disposed());
		return held;
	}

	/**
	 * A command that waits for a token.
	 *
	 * @param command the command
	 * @param promise completed when the command has been written
	 * @param since the time when the wait began, by {@link System#nanoTime()}
	 */
	private record HeldCommand(RedisCommand<?, ?, ?> command, ChannelPromise promise, long since) {

		Duration waited() {
			return Duration.ofNanos(System.nanoTime() - this.since);
		}

	}

}
