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
 * Requests for a token that have failed in a row.
 *
 * @param since the wall-clock time of the first failure
 * @param start the monotonic time of the first failure
 * @param failureCount the number of failed requests
 * @param lastFailure the reason for the last failure
 */
record Outage(Instant since, Duration start, int failureCount, Throwable lastFailure) {

	/**
	 * Add a failure.
	 * @param outage the outage so far or {@code null} if this is the first failure
	 * @param failure the reason for the failure
	 * @param clock the clock
	 * @return the outage with the failure
	 */
	static Outage add(@Nullable Outage outage, Throwable failure, RenewalClock clock) {
		return (outage != null) ? new Outage(outage.since, outage.start, outage.failureCount + 1, failure)
				: new Outage(clock.instant(), clock.elapsed(), 1, failure);
	}

}
