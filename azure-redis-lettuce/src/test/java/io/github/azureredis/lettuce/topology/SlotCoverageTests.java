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
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlotCoverage}.
 */
class SlotCoverageTests {

	private static final String COMPLETE = nodes("0-8191", "8192-16383");

	private static final String INCOMPLETE = nodes("0-8191", "");

	private final AtomicLong nanoTime = new AtomicLong();

	private final SlotCoverage coverage = new SlotCoverage(this.nanoTime::get);

	@Test
	void whenAllSlotsHaveANodeThenTopologyIsUsed() {
		assertThat(this.coverage.accept(COMPLETE)).isTrue();
		assertThat(this.coverage.accept(nodes("0-16383", ""))).isTrue();
	}

	@Test
	void whenAFailedNodeHasTheSlotsThenTopologyIsUsed() {
		this.coverage.accept(COMPLETE);
		assertThat(this.coverage.accept(COMPLETE.replace(" master ", " master,fail "))).isTrue();
	}

	@Test
	void whenNoneBeforeHadAllSlotsThenTopologyIsUsed() {
		assertThat(this.coverage.accept(INCOMPLETE)).isTrue();
		assertThat(this.coverage.accept(INCOMPLETE)).isTrue();
	}

	@Test
	void whenSlotsAreLeftOutThenTopologyIsNotUsedForAsLongAsAFailoverMayTake() {
		this.coverage.accept(COMPLETE);
		assertThat(this.coverage.accept(INCOMPLETE)).isFalse();
		pass(Duration.ofSeconds(15));
		assertThat(this.coverage.accept(INCOMPLETE)).isFalse();
		pass(Duration.ofSeconds(1));
		assertThat(this.coverage.accept(INCOMPLETE)).isTrue();
		assertThat(this.coverage.accept(INCOMPLETE)).isTrue();
	}

	@Test
	void whenSlotsAreLeftOutAgainThenTheTimeBeginsAnew() {
		this.coverage.accept(COMPLETE);
		this.coverage.accept(INCOMPLETE);
		pass(Duration.ofSeconds(10));
		this.coverage.accept(COMPLETE);
		pass(Duration.ofSeconds(10));
		assertThat(this.coverage.accept(INCOMPLETE)).isFalse();
	}

	@Test
	void whenResetThenEarlierTopologiesDoNotMatter() {
		this.coverage.accept(COMPLETE);
		this.coverage.reset();
		assertThat(this.coverage.accept(INCOMPLETE)).isTrue();
	}

	private void pass(Duration duration) {
		this.nanoTime.addAndGet(duration.toNanos());
	}

	private static String nodes(String slots, String otherSlots) {
		return """
				07c37dfeb235213a872192d90877d0cd55635b91 127.0.0.1:8500@18500 myself,master - 0 1426238317239 4 connected %s
				67ed2db8d677e59ec4a4cefb06858cf2a1a89fa1 127.0.0.1:8501@18501 master - 0 1426238316232 2 connected %s
				"""
			.formatted(slots, otherSlots);
	}

}
