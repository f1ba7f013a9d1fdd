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

package io.github.azureredis.lettuce.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RefreshScheduler}, in virtual time.
 */
class RefreshSchedulerTests {

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final TestTopology topology = new TestTopology();

	private final RefreshScheduler scheduler = new RefreshScheduler(this.topology,
			(task, delay) -> this.time.schedule(task, Math.max(1, delay), TimeUnit.NANOSECONDS),
			() -> this.time.now(TimeUnit.NANOSECONDS), () -> 0);

	@Test
	void whenRequestedThenReadsAtOnce() {
		this.scheduler.request();
		pass(Duration.ZERO);
		assertThat(this.topology.reads).containsExactly(0L);
	}

	@Test
	void whenRequestedWithinIntervalThenReadsAtItsEnd() {
		this.scheduler.request();
		pass(Duration.ofMillis(100));
		this.scheduler.request();
		pass(Duration.ofMinutes(10));
		assertThat(this.topology.reads).containsExactly(0L, 500L);
	}

	@Test
	void whenRequestsComeTogetherThenTheyShareARead() {
		for (int i = 0; i < 10_000; i++) {
			this.scheduler.request();
		}
		pass(Duration.ofMinutes(10));
		assertThat(this.topology.reads).containsExactly(0L);
	}

	@Test
	void whenRequestedWhileReadingThenReadsAgainAfterwards() {
		this.topology.pending = new CompletableFuture<>();
		this.scheduler.request();
		pass(Duration.ofSeconds(2));
		this.scheduler.request();
		pass(Duration.ofSeconds(2));
		assertThat(this.topology.reads).containsExactly(0L);
		this.topology.answer();
		pass(Duration.ofMinutes(10));
		assertThat(this.topology.reads).containsExactly(0L, 4002L);
	}

	@Test
	void whenSomebodyElseReadsAfterTheRequestThenReadsAfterTheInterval() {
		this.scheduler.request();
		pass(Duration.ofMillis(100));
		this.scheduler.request();
		pass(Duration.ofMillis(100));
		this.scheduler.readSent();
		pass(Duration.ofMinutes(10));
		assertThat(this.topology.reads).containsExactly(0L, 702L);
	}

	@Test
	void whenSomebodyElseHasReadBeforeTheRequestThenWaitsForTheInterval() {
		this.scheduler.readSent();
		pass(Duration.ofMillis(100));
		this.scheduler.request();
		pass(Duration.ofMinutes(10));
		assertThat(this.topology.reads).containsExactly(500L);
	}

	@Test
	void whenRequestedAllTheTimeThenReadsTwiceASecondAndLessOftenInTime() {
		requestAllTheTime(Duration.ofSeconds(15));
		assertThat(this.topology.reads).hasSizeBetween(29, 31);
		this.topology.reads.clear();
		requestAllTheTime(Duration.ofSeconds(45));
		assertThat(this.topology.reads).hasSizeBetween(44, 46);
		this.topology.reads.clear();
		requestAllTheTime(Duration.ofSeconds(60));
		assertThat(this.topology.reads).hasSizeBetween(11, 13);
	}

	@Test
	void whenRequestedAfterAPauseThenReadsTwiceASecondAgain() {
		requestAllTheTime(Duration.ofMinutes(2));
		pass(Duration.ofSeconds(11));
		this.topology.reads.clear();
		requestAllTheTime(Duration.ofSeconds(10));
		assertThat(this.topology.reads).hasSizeBetween(19, 21);
	}

	private void requestAllTheTime(Duration duration) {
		for (long i = 0; i < duration.toMillis(); i++) {
			this.scheduler.request();
			pass(Duration.ZERO);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whileUnsettledThenReadsEverySecondAndLaterEveryFive(boolean failing) {
		this.topology.settled = false;
		this.topology.failing = failing;
		this.scheduler.request();
		pass(Duration.ofSeconds(15));
		assertThat(this.topology.reads).hasSize(16);
		pass(Duration.ofSeconds(50));
		assertThat(this.topology.reads).hasSize(26);
		this.topology.settled = true;
		this.topology.failing = false;
		pass(Duration.ofMinutes(10));
		assertThat(this.topology.reads).hasSize(27);
	}

	@Test
	void whenUnsettledAgainThenReadsEverySecondAgain() {
		this.topology.settled = false;
		this.scheduler.request();
		pass(Duration.ofSeconds(60));
		this.topology.settled = true;
		pass(Duration.ofSeconds(60));
		this.topology.reads.clear();
		this.topology.settled = false;
		this.scheduler.request();
		pass(Duration.ofSeconds(15));
		assertThat(this.topology.reads).hasSize(16);
	}

	@Test
	void whenRequestedWhileUnsettledThenDoesNotWaitForTheNextRepetition() {
		this.topology.settled = false;
		this.scheduler.request();
		pass(Duration.ofMillis(10_700));
		this.topology.reads.clear();
		this.topology.settled = true;
		this.scheduler.request();
		pass(Duration.ZERO);
		assertThat(this.topology.reads).containsExactly(10_701L);
	}

	@Test
	void whenReadOfAnEarlierClientEndsThenItDoesNotEndThatOfTheNext() {
		CompletableFuture<Boolean> earlier = new CompletableFuture<>();
		this.topology.pending = earlier;
		this.scheduler.request();
		pass(Duration.ofSeconds(1));
		this.scheduler.reset();
		this.topology.pending = new CompletableFuture<>();
		this.scheduler.request();
		pass(Duration.ofSeconds(1));
		earlier.complete(false);
		this.scheduler.request();
		pass(Duration.ofSeconds(20));
		assertThat(this.topology.reads).hasSize(2);
	}

	@Test
	void whenResetThenReadsNoMore() {
		this.topology.settled = false;
		this.topology.pending = new CompletableFuture<>();
		this.scheduler.request();
		pass(Duration.ZERO);
		this.scheduler.request();
		this.scheduler.reset();
		this.topology.answer();
		pass(Duration.ofMinutes(10));
		assertThat(this.topology.reads).containsExactly(0L);
	}

	@Test
	void whenResetWhileReadingThenNextRequestDoesNotWaitForThatRead() {
		this.topology.pending = new CompletableFuture<>();
		this.scheduler.request();
		pass(Duration.ofSeconds(1));
		this.scheduler.reset();
		this.scheduler.request();
		pass(Duration.ofSeconds(1));
		assertThat(this.topology.reads).containsExactly(0L, 1001L);
	}

	/**
	 * Let time pass, and what is due at its end happen.
	 */
	private void pass(Duration duration) {
		this.time.advanceTimeBy(duration.plusMillis(1));
	}

	private final class TestTopology implements RefreshScheduler.Topology {

		/**
		 * When each read began, in milliseconds.
		 */
		final List<Long> reads = new ArrayList<>();

		private CompletableFuture<Boolean> pending;

		private boolean settled = true;

		private boolean failing;

		@Override
		public CompletionStage<Boolean> read() {
			this.reads.add(RefreshSchedulerTests.this.time.now(TimeUnit.MILLISECONDS));
			if (this.pending != null) {
				return this.pending;
			}
			return this.failing ? CompletableFuture.failedFuture(new IllegalStateException())
					: CompletableFuture.completedFuture(this.settled);
		}

		void answer() {
			CompletableFuture<Boolean> pending = this.pending;
			this.pending = null;
			pending.complete(this.settled);
		}

	}

}
