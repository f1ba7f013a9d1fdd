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

package io.github.azureredis.emulator;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Which maintenance notifications a connection gets. Everything but {@link #end()} and
 * {@link #endpointType()} is for the event loop of the connection.
 */
final class MaintenanceSubscription {

	private final MaintenanceRequests requests;

	private final ReplyFrames replies;

	private @Nullable Channel server;

	/**
	 * Tells the requests that were made since the last {@link #end()} from earlier ones,
	 * which may still be unanswered.
	 */
	private volatile long generation;

	private volatile @Nullable MovingEndpointType endpointType;

	MaintenanceSubscription(MaintenanceRequests requests) {
		this.requests = requests;
		this.replies = new ReplyFrames(requests.marker(), this::granted);
	}

	/**
	 * Begin to look at the replies of the server.
	 */
	void watch(Channel server) {
		server.pipeline().addFirst(this.replies);
		this.server = server;
	}

	/**
	 * Return what to send to the server for a client's command.
	 */
	RespCommand apply(RespCommand command, boolean resp3) {
		return this.requests.apply(command, resp3, this.generation + ":");
	}

	/**
	 * Send no more notifications until the client asks for them again.
	 */
	synchronized void end() {
		this.generation = this.generation + 1;
		this.endpointType = null;
	}

	/**
	 * Return the type of endpoint that the client has asked for, or {@code null} if it
	 * gets no notifications.
	 */
	@Nullable MovingEndpointType endpointType() {
		return this.endpointType;
	}

	/**
	 * Send a notification between two replies.
	 */
	void send(String frame) {
		ChannelHandlerContext context = (this.server != null) ? this.server.pipeline().context(this.replies) : null;
		if (context != null) {
			this.replies.insert(context, Unpooled.copiedBuffer(frame, StandardCharsets.UTF_8));
		}
	}

	private synchronized void granted(String note) {
		int separator = note.indexOf(':');
		if (Long.parseLong(note.substring(0, separator)) == this.generation) {
			this.endpointType = MovingEndpointType.find(note.substring(separator + 1));
		}
	}

}
