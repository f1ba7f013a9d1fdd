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

import java.net.SocketAddress;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.ConnectionTotals;
import io.github.azureredis.lettuce.ConnectionAttemptListener;
import io.github.azureredis.lettuce.replay.ReplayListener;
import org.jspecify.annotations.Nullable;

/**
 * Recorder for connections that are opened and lost, and for the commands on them.
 * Thread-safe.
 */
final class ConnectionRecorder implements ConnectionAttemptListener, ReplayListener, DefaultInstanceOnly {

	private final LongSupplier topologyReads;

	private final LongAdder opened = new LongAdder();

	private final LongAdder lost = new LongAdder();

	private final LongAdder commandsSentAgain = new LongAdder();

	private final LongAdder commandsRefused = new LongAdder();

	/**
	 * Create a recorder.
	 * @param topologyReads supplier of the number of topology reads
	 */
	ConnectionRecorder(LongSupplier topologyReads) {
		this.topologyReads = topologyReads;
	}

	@Override
	public void onConnected(@Nullable SocketAddress remoteAddress) {
		this.opened.increment();
	}

	@Override
	public void onConnectFailed(@Nullable SocketAddress remoteAddress, Throwable cause) {
	}

	@Override
	public void onConnectionLost(@Nullable SocketAddress remoteAddress) {
		this.lost.increment();
	}

	@Override
	public void onUnanswered(int sentAgain, int refused) {
		this.commandsSentAgain.add(sentAgain);
		this.commandsRefused.add(refused);
	}

	ConnectionTotals totals() {
		return new ConnectionTotals(this.opened.sum(), this.lost.sum(), this.topologyReads.getAsLong(),
				this.commandsSentAgain.sum(), this.commandsRefused.sum());
	}

}
