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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Wall clock, which may be moved, beside a monotonic clock, which stands still while the
 * machine is suspended. Thread-safe.
 */
final class RenewalClock {

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final long origin;

	RenewalClock(Clock clock, LongSupplier nanoTime) {
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.origin = nanoTime.getAsLong();
	}

	static RenewalClock system() {
		return new RenewalClock(Clock.systemUTC(), System::nanoTime);
	}

	/**
	 * Return the time of the wall clock.
	 * @return the time
	 */
	Instant instant() {
		return this.clock.instant();
	}

	/**
	 * Return the monotonic time since this clock was created.
	 * @return the elapsed time
	 */
	Duration elapsed() {
		return Duration.ofNanos(this.nanoTime.getAsLong() - this.origin);
	}

}
