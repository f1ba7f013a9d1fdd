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
 * Token with the time at which it was received. The token ends as soon as its lifetime
 * has passed on either clock: the wall clock may be moved back, and the monotonic clock
 * misses the time in which the machine is suspended. Immutable.
 */
final class ReceivedToken {

	private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

	private final EntraToken token;

	private final RenewalClock clock;

	private final Instant receivedAt;

	private final Duration end;

	ReceivedToken(EntraToken token, RenewalClock clock) {
		this.token = token;
		this.clock = clock;
		this.receivedAt = clock.instant();
		this.end = clock.elapsed().plus(Duration.between(this.receivedAt, token.getExpiresAt()));
	}

	EntraToken token() {
		return this.token;
	}

	Instant receivedAt() {
		return this.receivedAt;
	}

	boolean isValid() {
		return remainingLife().compareTo(Duration.ZERO) > 0;
	}

	/**
	 * Return how long the token remains valid.
	 * @return the remaining life, not positive if the token has ended
	 */
	Duration remainingLife() {
		Duration left = Duration.between(this.clock.instant(), this.token.getExpiresAt());
		Duration leftMonotonic = this.end.minus(this.clock.elapsed());
		return (left.compareTo(leftMonotonic) < 0) ? left : leftMonotonic;
	}

	/**
	 * Return the time of the wall clock as if it had not been moved back.
	 * @return the time
	 */
	Instant now() {
		return this.token.getExpiresAt().minus(remainingLife());
	}

	/**
	 * Return whether the given token is a new one. It usually expires later than this
	 * one, but it may expire earlier if the clock has been moved back in between.
	 * @param next a token that is valid now
	 * @return whether the token replaces this one
	 */
	boolean isReplacedBy(EntraToken next) {
		if (next.getExpiresAt().isAfter(this.token.getExpiresAt())) {
			return true;
		}
		if (next.getValue().equals(this.token.getValue())) {
			return false;
		}
		Duration life = Duration.between(this.clock.instant(), next.getExpiresAt());
		return !isValid() || life.compareTo(remainingLife().plus(CLOCK_TOLERANCE)) > 0;
	}

}
