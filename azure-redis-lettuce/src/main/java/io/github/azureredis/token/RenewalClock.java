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
 *
 * @param wall the wall clock
 * @param nanoTime the monotonic time in nanoseconds since any moment
 */
record RenewalClock(Clock wall, LongSupplier nanoTime) {

	static RenewalClock system() {
		long origin = System.nanoTime();
		return new RenewalClock(Clock.systemUTC(), () -> System.nanoTime() - origin);
	}

	Instant instant() {
		return this.wall.instant();
	}

	Duration elapsed() {
		return Duration.ofNanos(this.nanoTime.getAsLong());
	}

}
