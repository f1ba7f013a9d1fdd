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

package io.github.azureredis.lettuce.maintenance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.Endpoint;
import io.lettuce.core.protocol.MaintenanceAwareConnectionWatchdog;
import io.lettuce.core.protocol.RebindState;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handler that closes a connection whose endpoint moves, so that Lettuce connects to the
 * configured endpoint again. It stands in for Lettuce's watchdog, which waits for the
 * time of the move and then closes the connection that it has by then: if that is another
 * one, of another event loop, both loops can block each other for ever. The other
 * messages are left to the watchdog. All of its state belongs to the event loop of the
 * connection.
 */
final class EndpointMoveHandler extends CommandObserver implements PushListener {

	private static final Logger logger = LoggerFactory.getLogger(EndpointMoveHandler.class);

	private static final String TYPE = "MOVING";

	private static final int TIME = 2;

	private static final int ADDRESS = 3;

	private static final int SIZE = 4;

	private static final long SHORTEST_TIME = 1_000;

	private @Nullable ChannelHandlerContext context;

	private @Nullable MaintenanceAwareConnectionWatchdog watchdog;

	private final OpenTransaction transaction = new OpenTransaction();

	private boolean announced;

	private boolean due;

	private boolean draining;

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.context = ctx;
		ctx.fireChannelActive();
		this.watchdog = ctx.pipeline().get(MaintenanceAwareConnectionWatchdog.class);
		Endpoint endpoint = endpoint(ctx);
		endpoint.removeListener(this.watchdog);
		endpoint.addListener(this);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		// Lettuce keeps the endpoint for the next connection, which has its own handler.
		endpoint(ctx).removeListener(this);
		ctx.fireChannelInactive();
	}

	@Override
	public void onPushMessage(PushMessage message) {
		ChannelHandlerContext context = this.context;
		MaintenanceAwareConnectionWatchdog watchdog = this.watchdog;
		if (context == null || watchdog == null) {
			return;
		}
		if (isMoveToEndpoint(message)) {
			moveLater(context, (Long) message.getContent().get(TIME));
		}
		else {
			watchdog.onPushMessage(message);
		}
	}

	private static boolean isMoveToEndpoint(PushMessage message) {
		if (!TYPE.equals(message.getType())) {
			return false;
		}
		List<Object> content = message.getContent();
		return content.size() == SIZE && content.get(TIME) instanceof Long && content.get(ADDRESS) == null;
	}

	/**
	 * The new server is there after half of the time. All connections of all clients are
	 * told at once, so each waits for a random moment of the next quarter.
	 */
	private void moveLater(ChannelHandlerContext context, long seconds) {
		if (!this.announced) {
			this.announced = true;
			long time = TimeUnit.SECONDS.toMillis(Math.max(seconds, 0));
			long delay = time / 2 + ThreadLocalRandom.current().nextLong(time / 4 + 1);
			logger.debug("{} moves in {} ms", context.channel(), delay);
			context.executor().schedule(() -> {
				this.due = true;
				drain(context);
			}, delay, TimeUnit.MILLISECONDS);
			// Replies need a moment even if there is no time.
			context.executor().schedule(() -> close(context), Math.max(time, SHORTEST_TIME), TimeUnit.MILLISECONDS);
		}
	}

	@Override
	protected void observe(ChannelHandlerContext ctx, RedisCommand<?, ?, ?> command) {
		this.transaction.observe(command);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		super.write(ctx, message, promise);
		if (this.due) {
			drain(ctx);
		}
	}

	/**
	 * The server would forget an open transaction, and run on the next connection what
	 * follows of it. Nothing is held back until it has ended.
	 */
	private void drain(ChannelHandlerContext context) {
		if (context.channel().isActive() && !this.draining && !this.transaction.exists()) {
			this.draining = true;
			// Lettuce keeps commands for the next connection from now on. Those that are
			// on their way to this one come first.
			holdCommandsBack(context);
			context.executor().execute(() -> closeWhenDrained(context));
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (!this.draining || !closeWhenDrained(ctx)) {
			ctx.fireChannelReadComplete();
		}
	}

	private boolean closeWhenDrained(ChannelHandlerContext context) {
		if (!context.channel().isActive() || !commands(context).getStack().isEmpty()) {
			return false;
		}
		if (this.transaction.exists()) {
			letCommandsPass(context);
			return false;
		}
		close(context);
		return true;
	}

	/**
	 * A command that was on its way has begun a transaction.
	 */
	private void letCommandsPass(ChannelHandlerContext context) {
		this.draining = false;
		context.channel().attr(MaintenanceAwareConnectionWatchdog.REBIND_ATTRIBUTE).set(null);
		// Those that were held back come first. No others wait for a reply, which would
		// be sent again.
		endpoint(context).notifyDrainQueuedCommands(commands(context));
	}

	/**
	 * Close the connection, at the announced time at the latest: while a command such as
	 * BLPOP has no reply, others would wait for as long as the server lets it.
	 */
	private static void close(ChannelHandlerContext context) {
		if (context.channel().isActive()) {
			// Lettuce lets commands pass again as soon as all are answered.
			holdCommandsBack(context);
			context.channel().close();
		}
	}

	private static void holdCommandsBack(ChannelHandlerContext context) {
		context.channel().attr(MaintenanceAwareConnectionWatchdog.REBIND_ATTRIBUTE).set(RebindState.STARTED);
	}

	private static Endpoint endpoint(ChannelHandlerContext ctx) {
		return commands(ctx).getEndpoint();
	}

	private static CommandHandler commands(ChannelHandlerContext ctx) {
		return ctx.pipeline().get(CommandHandler.class);
	}

}
