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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FutileWait}.
 */
class FutileWaitTests {

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);

	private final FutileWait futileWait = new FutileWait(this.nanoTime::get);

	@Test
	void whenNobodyHasWaitedThenThereIsNoMemory() {
		assertThat(this.futileWait.isRecent()).isFalse();
	}

	@Test
	void whenAWaitHasEndedThenItIsRememberedForAsLongAsItTook() {
		this.futileWait.remember(Duration.ofSeconds(2));
		pass(Duration.ofMillis(1999));
		assertThat(this.futileWait.isRecent()).isTrue();
		pass(Duration.ofMillis(1));
		assertThat(this.futileWait.isRecent()).isFalse();
	}

	@Test
	void whenAWaitWasLongThenItIsRememberedForTenSeconds() {
		this.futileWait.remember(Duration.ofMinutes(1));
		pass(Duration.ofSeconds(9));
		assertThat(this.futileWait.isRecent()).isTrue();
		pass(Duration.ofSeconds(1));
		assertThat(this.futileWait.isRecent()).isFalse();
	}

	@Test
	void whenAShortWaitFollowsThenTheMemoryOfTheLongOneRemains() {
		this.futileWait.remember(Duration.ofSeconds(2));
		this.futileWait.remember(Duration.ZERO);
		pass(Duration.ofSeconds(1));
		assertThat(this.futileWait.isRecent()).isTrue();
	}

	private void pass(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

}
