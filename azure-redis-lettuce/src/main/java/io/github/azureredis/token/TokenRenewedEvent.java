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

package io.github.azureredis.token;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Event for a token that has been obtained: the first one, or one that expires later than
 * its predecessor. Immutable. Never holds the token.
 *
 * @since 0.1.0
 */
public final class TokenRenewedEvent {

	private final String credentialName;

	private final @Nullable String objectId;

	private final Instant expiresAt;

	private final @Nullable Instant previousExpiresAt;

	private final Duration duration;

	TokenRenewedEvent(String credentialName, @Nullable String objectId, Instant expiresAt,
			@Nullable Instant previousExpiresAt, Duration duration) {
		this.credentialName = credentialName;
		this.objectId = objectId;
		this.expiresAt = expiresAt;
		this.previousExpiresAt = previousExpiresAt;
		this.duration = duration;
	}

	/**
	 * Return the simple class name of the credential.
	 * @return the name of the credential
	 */
	public String getCredentialName() {
		return this.credentialName;
	}

	/**
	 * Return the object id of the identity that the token was issued to.
	 * @return the object id or {@code null} if the token does not contain one
	 */
	public @Nullable String getObjectId() {
		return this.objectId;
	}

	/**
	 * Return the time at which the token expires.
	 * @return the expiry of the token
	 */
	public Instant getExpiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return the time at which the previous token expires or has expired.
	 * @return the expiry of the previous token or {@code null} if this is the first one
	 */
	public @Nullable Instant getPreviousExpiresAt() {
		return this.previousExpiresAt;
	}

	/**
	 * Return how long the credential took to answer.
	 * @return the duration of the request
	 */
	public Duration getDuration() {
		return this.duration;
	}

	@Override
	public String toString() {
		return "TokenRenewedEvent[credentialName=" + this.credentialName + ", objectId=" + this.objectId
				+ ", expiresAt=" + this.expiresAt + ", previousExpiresAt=" + this.previousExpiresAt + ", duration="
				+ this.duration + "]";
	}

}
