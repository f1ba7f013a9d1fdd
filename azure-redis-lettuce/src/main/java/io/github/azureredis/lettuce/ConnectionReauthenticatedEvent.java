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

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Event for a live connection that has been authenticated with a new token. Immutable.
 * Never holds a token.
 *
 * @since 0.1.0
 */
public final class ConnectionReauthenticatedEvent {

	private final @Nullable String instanceName;

	private final @Nullable SocketAddress localAddress;

	private final @Nullable SocketAddress remoteAddress;

	private final Instant expiresAt;

	private final Duration duration;

	ConnectionReauthenticatedEvent(@Nullable String instanceName, @Nullable SocketAddress localAddress,
			@Nullable SocketAddress remoteAddress, Instant expiresAt, Duration duration) {
		this.instanceName = instanceName;
		this.localAddress = localAddress;
		this.remoteAddress = remoteAddress;
		this.expiresAt = expiresAt;
		this.duration = duration;
	}

	/**
	 * Return the name of the instance that the connection belongs to.
	 * @return the name or {@code null} for the default instance, which has none
	 */
	public @Nullable String getInstanceName() {
		return this.instanceName;
	}

	/**
	 * Return the client's address of the connection.
	 * @return the local address or {@code null} if it is not known
	 */
	public @Nullable SocketAddress getLocalAddress() {
		return this.localAddress;
	}

	/**
	 * Return the server's address of the connection.
	 * @return the remote address or {@code null} if it is not known
	 */
	public @Nullable SocketAddress getRemoteAddress() {
		return this.remoteAddress;
	}

	/**
	 * Return the time at which the new token expires.
	 * @return the expiry of the token
	 */
	public Instant getExpiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return the time between sending AUTH and receiving its reply. It includes the
	 * replies to the commands before it.
	 * @return the duration of the re-authentication
	 */
	public Duration getDuration() {
		return this.duration;
	}

	@Override
	public String toString() {
		return "ConnectionReauthenticatedEvent[instanceName=" + this.instanceName + ", localAddress="
				+ this.localAddress + ", remoteAddress=" + this.remoteAddress + ", expiresAt=" + this.expiresAt
				+ ", duration=" + this.duration + "]";
	}

}
