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

package io.github.azureredis.autoconfigure.monitor;

import java.util.concurrent.atomic.AtomicLong;

import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.ConnectionTotals;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionRecorder}.
 */
class ConnectionRecorderTests {

	private final AtomicLong topologyReads = new AtomicLong();

	private final ConnectionRecorder recorder = new ConnectionRecorder(this.topologyReads::get);

	@Test
	void whenNothingHasHappenedThenTotalsAreZero() {
		assertTotals(new ConnectionTotals(0, 0, 0, 0, 0));
	}

	@Test
	void whenThingsHappenThenEachIsCounted() {
		this.recorder.onConnected(null);
		this.recorder.onConnected(null);
		this.recorder.onConnectFailed(null, new IllegalStateException());
		this.recorder.onConnectionLost(null);
		this.recorder.onUnanswered(3, 1);
		this.recorder.onUnanswered(2, 4);
		this.topologyReads.set(7);
		assertTotals(new ConnectionTotals(2, 1, 7, 5, 5));
	}

	private void assertTotals(ConnectionTotals expected) {
		assertThat(this.recorder.totals()).usingRecursiveComparison().isEqualTo(expected);
	}

}
