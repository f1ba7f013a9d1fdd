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

package io.github.azureredis.emulator;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What {@link EmulatorStatistics} is made of.
 */
final class Counters {

	final LongAdder connectionsOpened = new LongAdder();

	private final Map<Integer, LongAdder> connectionsOpenedByPort = new ConcurrentHashMap<>();

	final LongAdder connectionsClosedForExpiry = new LongAdder();

	final LongAdder handshakesAccepted = new LongAdder();

	final LongAdder reauthenticationsAccepted = new LongAdder();

	final LongAdder authenticationsRefused = new LongAdder();

	final LongAdder tokensIssued = new LongAdder();

	final LongAdder tokenRequests = new LongAdder();

	final LongAdder tokenRequestsFailed = new LongAdder();

	final LongAdder notificationsSent = new LongAdder();

	void connectionOpened(int port) {
		this.connectionsOpenedByPort.computeIfAbsent(port, (number) -> new LongAdder()).increment();
	}

	long connectionsOpened(int port) {
		LongAdder count = this.connectionsOpenedByPort.get(port);
		return (count != null) ? count.sum() : 0;
	}

	EmulatorStatistics snapshot(List<EmulatorConnection> connections) {
		long notified = connections.stream().filter((connection) -> connection.movingEndpointType() != null).count();
		return new EmulatorStatistics(this.connectionsOpened.sum(), this.connectionsClosedForExpiry.sum(),
				connections.size(), this.handshakesAccepted.sum(), this.reauthenticationsAccepted.sum(),
				this.authenticationsRefused.sum(), this.tokensIssued.sum(), this.tokenRequests.sum(),
				this.tokenRequestsFailed.sum(), notified, this.notificationsSent.sum());
	}

}
