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

import io.lettuce.core.protocol.ConnectionWatchdog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/**
 * Connections whose endpoint moves, as the server announces with {@code MOVING}.
 *
 * @since 0.1.0
 */
public final class EndpointMoves {

	/**
	 * The watchdog of a connection that requests maintenance notifications. There is none
	 * before Lettuce 7.
	 */
	private static final String WATCHDOG = "io.lettuce.core.protocol.MaintenanceAwareConnectionWatchdog";

	private EndpointMoves() {
	}

	/**
	 * Let a connection that requests maintenance notifications connect to its configured
	 * endpoint again without the risk that Lettuce takes.
	 * @param channel the channel, with the handlers of Lettuce
	 */
	public static void install(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		ChannelHandlerContext watchdog = pipeline.context(ConnectionWatchdog.class);
		if (watchdog != null && watchdog.handler().getClass().getName().equals(WATCHDOG)) {
			// The watchdog begins to listen while it handles that the channel is active,
			// and looks for the end of a move when a read is complete.
			pipeline.addBefore(watchdog.name(), null, new EndpointMoveHandler());
		}
	}

}
