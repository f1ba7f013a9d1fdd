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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

import com.azure.core.credential.TokenCredential;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A scheduler and a wall clock that a test moves, together or apart.
 */
class VirtualTime extends Clock {

	private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

	final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

	private Duration offset = Duration.ZERO;

	double random;

	EntraTokenProvider provider(EntraTokenProvider.Builder builder) {
		return provider(builder, this.scheduler);
	}

	EntraTokenProvider provider(EntraTokenProvider.Builder builder, Scheduler requests) {
		EntraTokenProvider provider = new EntraTokenProvider(builder, requests, this.scheduler,
				new RenewalClock(this, () -> this.scheduler.now(TimeUnit.NANOSECONDS)), () -> this.random);
		this.scheduler.advanceTime();
		return provider;
	}

	EntraTokenProvider provider(TokenCredential credential) {
		return provider(EntraTokenProvider.builder(credential));
	}

	void pass(Duration time) {
		this.scheduler.advanceTimeBy(time);
	}

	/**
	 * Move the wall clock alone, as a suspended machine or an administrator does.
	 * @param time how far
	 */
	void moveClock(Duration time) {
		this.offset = this.offset.plus(time);
	}

	/**
	 * Return the time that has passed, which {@link #moveClock} does not change.
	 * @return the elapsed time
	 */
	Duration elapsed() {
		return Duration.ofNanos(this.scheduler.now(TimeUnit.NANOSECONDS));
	}

	@Override
	public Instant instant() {
		return START.plus(elapsed()).plus(this.offset);
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException();
	}

}
