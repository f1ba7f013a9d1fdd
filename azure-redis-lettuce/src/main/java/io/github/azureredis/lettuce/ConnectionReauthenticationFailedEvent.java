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
import java.util.List;

import io.github.azureredis.token.FailureReasons;
import org.jspecify.annotations.Nullable;

/**
 * Event for a live connection that could not be authenticated with a new token. The
 * connection stays open until its old token expires, and re-authentication is repeated.
 * Immutable. Never holds a token.
 *
 * @since 0.1.0
 */
public final class ConnectionReauthenticationFailedEvent {

	private final @Nullable String instanceName;

	private final @Nullable SocketAddress localAddress;

	private final @Nullable SocketAddress remoteAddress;

	private final Throwable cause;

	private final int failureCount;

	private final @Nullable Instant currentExpiresAt;

	private final Duration retryAfter;

	ConnectionReauthenticationFailedEvent(@Nullable String instanceName, @Nullable SocketAddress localAddress,
			@Nullable SocketAddress remoteAddress, Throwable cause, int failureCount,
			@Nullable Instant currentExpiresAt, Duration retryAfter) {
		this.instanceName = instanceName;
		this.localAddress = localAddress;
		this.remoteAddress = remoteAddress;
		this.cause = cause;
		this.failureCount = failureCount;
		this.currentExpiresAt = currentExpiresAt;
		this.retryAfter = retryAfter;
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
	 * Return the reason for the failure.
	 * @return the exception
	 */
	public Throwable getCause() {
		return this.cause;
	}

	/**
	 * Return how many attempts have failed in a row on this connection.
	 * @return the number of failed attempts, at least 1
	 */
	public int getFailureCount() {
		return this.failureCount;
	}

	/**
	 * Return the time at which the token expires that the connection still uses.
	 * @return the expiry or {@code null} if it is not known
	 */
	public @Nullable Instant getCurrentExpiresAt() {
		return this.currentExpiresAt;
	}

	/**
	 * Return the delay before the next attempt.
	 * @return the delay
	 */
	public Duration getRetryAfter() {
		return this.retryAfter;
	}

	/**
	 * Return the messages of the cause and of its causes, one line each.
	 * @return the reasons, without token text
	 */
	public List<String> getReasons() {
		return FailureReasons.of(this.cause);
	}

	@Override
	public String toString() {
		return "ConnectionReauthenticationFailedEvent[instanceName=" + this.instanceName + ", localAddress="
				+ this.localAddress + ", remoteAddress=" + this.remoteAddress + ", reasons=" + getReasons()
				+ ", failureCount=" + this.failureCount + ", currentExpiresAt=" + this.currentExpiresAt
				+ ", retryAfter=" + this.retryAfter + "]";
	}

}
