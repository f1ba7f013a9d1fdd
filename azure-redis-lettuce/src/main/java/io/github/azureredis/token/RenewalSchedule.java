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

/**
 * Schedule for requests to a credential. Pure arithmetic.
 * <p>
 * The bounds come from two sides. Azure asks for the new token at least 3 minutes before
 * the old one expires, and azure-identity answers with the old one until 5 minutes before
 * that, or until half of a long life. A request outside of these windows is wasted.
 *
 * @param refreshBeforeExpiry the time before a token's expiry at which the next one is
 * due
 */
record RenewalSchedule(Duration refreshBeforeExpiry) {

	/**
	 * Lifetime from which azure-identity renews the token of a managed identity at half
	 * of it.
	 */
	private static final Duration LONG_LIFE = Duration.ofHours(2);

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);

	private static final Duration MIN_WAIT = Duration.ofSeconds(2);

	private static final Duration MAX_WAIT_FOR_CHANGE = Duration.ofSeconds(30);

	private static final Duration MIN_BACK_OFF = Duration.ofSeconds(1);

	private static final Duration MAX_BACK_OFF = Duration.ofMinutes(2);

	/**
	 * Return how long to wait after a new token has been received.
	 * @param token the new token
	 * @param now the time
	 * @param random a number from 0 up to but not including 1
	 * @return the wait, never zero
	 */
	Duration afterRenewal(EntraToken token, Instant now, double random) {
		Duration jitter = scale(margin(token).dividedBy(10), random);
		Instant due = due(token).plus(jitter);
		if (token.getLifetime().compareTo(LONG_LIFE) > 0) {
			Instant halfLife = token.getIssuedAt().plus(token.getLifetime().dividedBy(2)).plus(jitter);
			due = halfLife.isAfter(now) ? min(due, halfLife) : due;
		}
		Duration quarter = Duration.between(now, token.getExpiresAt()).dividedBy(4);
		return max(Duration.between(now, due), clamp(quarter, SHORTEST_WAIT, MIN_WAIT));
	}

	/**
	 * Return how long to wait after the credential has answered with the current token
	 * again.
	 * @param token the current token
	 * @param now the time
	 * @return the wait, at least two seconds
	 */
	Duration afterSameToken(EntraToken token, Instant now) {
		Duration untilDue = Duration.between(now, due(token));
		if (untilDue.compareTo(MIN_WAIT.multipliedBy(2)) > 0) {
			boolean early = untilDue.compareTo(margin(token).multipliedBy(2)) > 0;
			return early ? untilDue.dividedBy(2) : untilDue;
		}
		return clamp(Duration.between(now, token.getExpiresAt()).dividedBy(5), MIN_WAIT, MAX_WAIT_FOR_CHANGE);
	}

	/**
	 * Return how long to wait after a request has failed: an eighth of the outage so far,
	 * so that the outage becomes at most an eighth longer by it, and less while the
	 * current token is about to expire.
	 * @param failingFor the time since the first failure
	 * @param remainingLife of the current token, not positive if there is none
	 * @param random a number from 0 up to but not including 1
	 * @return the wait, never zero
	 */
	Duration afterFailure(Duration failingFor, Duration remainingLife, double random) {
		Duration longest = MAX_BACK_OFF;
		if (remainingLife.compareTo(Duration.ZERO) > 0) {
			longest = clamp(remainingLife.dividedBy(10), MIN_BACK_OFF, MAX_BACK_OFF);
		}
		Duration wait = clamp(failingFor.dividedBy(8), MIN_BACK_OFF, longest);
		return scale(wait, 1 - 0.2 * random);
	}

	private Instant due(EntraToken token) {
		return token.getExpiresAt().minus(margin(token));
	}

	private Duration margin(EntraToken token) {
		boolean shortLived = token.getLifetime().compareTo(this.refreshBeforeExpiry.multipliedBy(4)) < 0;
		return shortLived ? token.getLifetime().dividedBy(4) : this.refreshBeforeExpiry;
	}

	private static Duration scale(Duration duration, double factor) {
		return Duration.ofNanos((long) (duration.toNanos() * factor));
	}

	private static Duration clamp(Duration duration, Duration shortest, Duration longest) {
		return max(shortest, min(duration, longest));
	}

	private static <T extends Comparable<T>> T min(T left, T right) {
		return (left.compareTo(right) <= 0) ? left : right;
	}

	private static <T extends Comparable<T>> T max(T left, T right) {
		return (left.compareTo(right) >= 0) ? left : right;
	}

}
