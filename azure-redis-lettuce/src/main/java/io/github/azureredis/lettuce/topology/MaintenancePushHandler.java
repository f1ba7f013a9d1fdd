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

import java.util.Set;

import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.Endpoint;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Handler that notifies a listener when the server announces that slots or nodes move.
 * Lettuce itself relaxes timeouts and reconnects, but does not read the topology, and
 * does not know the announcements of an OSS cluster.
 *
 * @see <a href="https://redis.io/docs/latest/develop/clients/sch/">Smart client
 * handoffs</a>
 */
final class MaintenancePushHandler extends ChannelInboundHandlerAdapter {

	private static final Set<String> TYPES = Set.of("MOVING", "MIGRATED", "FAILED_OVER", "SMIGRATING", "SMIGRATED");

	private final PushListener listener;

	MaintenancePushHandler(Runnable listener) {
		this.listener = (message) -> {
			if (announcesChange(message)) {
				listener.run();
			}
		};
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		endpoint(ctx).addListener(this.listener);
		ctx.fireChannelActive();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		// Lettuce keeps the endpoint for the next connection, which has its own handler.
		endpoint(ctx).removeListener(this.listener);
		ctx.fireChannelInactive();
	}

	private static Endpoint endpoint(ChannelHandlerContext ctx) {
		return ctx.pipeline().get(CommandHandler.class).getEndpoint();
	}

	private static boolean announcesChange(PushMessage message) {
		return TYPES.contains(message.getType());
	}

}
