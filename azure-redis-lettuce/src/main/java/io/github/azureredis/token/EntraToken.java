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
 * Access token of Microsoft Entra ID with its expiry and the identity that it was issued
 * to. Immutable. Two tokens are equal only if they are the same object.
 *
 * @since 0.1.0
 */
public final class EntraToken {

	private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

	private final String value;

	private final Instant issuedAt;

	private final Instant expiresAt;

	private final @Nullable String objectId;

	private final RenewalClock clock;

	private final Instant receivedAt;

	private final Duration end;

	EntraToken(String value, Instant issuedAt, Instant expiresAt, @Nullable String objectId, RenewalClock clock) {
		this.value = value;
		this.issuedAt = issuedAt;
		this.expiresAt = expiresAt;
		this.objectId = objectId;
		this.clock = clock;
		this.receivedAt = clock.instant();
		this.end = clock.elapsed().plus(Duration.between(this.receivedAt, expiresAt));
	}

	/**
	 * Return the text of the token. It is a secret: send it to the server only.
	 * @return the text of the token
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Return the time at which the token expires. From then on, the server refuses the
	 * token and closes the connections that were authenticated with it.
	 * @return the expiry
	 */
	public Instant getExpiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return the object id ({@code oid} claim) of the identity that the token was issued
	 * to. Azure expects it as the user name.
	 * @return the object id or {@code null} if the token does not contain one
	 */
	public @Nullable String getObjectId() {
		return this.objectId;
	}

	Instant getIssuedAt() {
		return this.issuedAt;
	}

	Instant getReceivedAt() {
		return this.receivedAt;
	}

	Duration getLifetime() {
		return Duration.between(this.issuedAt, this.expiresAt);
	}

	/**
	 * Return how long the token remains valid. It ends as soon as its lifetime has passed
	 * on either clock: the wall clock may be moved back, and the monotonic clock misses
	 * the time in which the machine is suspended.
	 * @return the remaining life, not positive if the token has ended
	 */
	public Duration getRemainingLife() {
		Duration left = Duration.between(this.clock.instant(), this.expiresAt);
		Duration leftMonotonic = this.end.minus(this.clock.elapsed());
		return (left.compareTo(leftMonotonic) < 0) ? left : leftMonotonic;
	}

	boolean isValid() {
		return getRemainingLife().compareTo(Duration.ZERO) > 0;
	}

	/**
	 * Return whether the given token is a new one. It usually expires later than this
	 * one, but it may expire earlier if the clock has been moved back in between.
	 * @param next a token that has just been received
	 * @return whether the token replaces this one
	 */
	boolean isReplacedBy(EntraToken next) {
		if (next.expiresAt.isAfter(this.expiresAt)) {
			return true;
		}
		if (next.value.equals(this.value)) {
			return false;
		}
		return !isValid() || next.getRemainingLife().compareTo(getRemainingLife().plus(CLOCK_TOLERANCE)) > 0;
	}

	@Override
	public String toString() {
		return "EntraToken[objectId=" + this.objectId + ", expiresAt=" + this.expiresAt + "]";
	}

}
