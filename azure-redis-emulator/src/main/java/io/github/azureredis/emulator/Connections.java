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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * The open client connections, the oldest first.
 */
final class Connections {

	private final ScheduledExecutorService timer;

	private final AtomicLong lastId = new AtomicLong();

	private final Map<Long, ClientConnection> open = new ConcurrentSkipListMap<>();

	private @Nullable ScheduledFuture<?> idleCheck;

	Connections(ScheduledExecutorService timer) {
		this.timer = timer;
	}

	long nextId() {
		return this.lastId.incrementAndGet();
	}

	void add(ClientConnection connection) {
		this.open.put(connection.id(), connection);
	}

	void remove(ClientConnection connection) {
		this.open.remove(connection.id());
	}

	List<ClientConnection> open() {
		return List.copyOf(this.open.values());
	}

	List<EmulatorConnection> snapshot() {
		return this.open.values().stream().map(ClientConnection::snapshot).toList();
	}

	int cut(int count) {
		List<ClientConnection> connections = this.open.values().stream().limit(count).toList();
		connections.forEach(ClientConnection::close);
		return connections.size();
	}

	/**
	 * Closes the connections that are authenticated as a user.
	 */
	void cut(String user) {
		this.open.values().forEach((connection) -> connection.closeIfAuthenticatedAs(user));
	}

	synchronized void closeIdleAfter(@Nullable Duration idleTime) {
		if (this.idleCheck != null) {
			this.idleCheck.cancel(false);
			this.idleCheck = null;
		}
		if (idleTime != null) {
			long period = Math.min(TimeUnit.SECONDS.toNanos(1), idleTime.toNanos() / 4 + 1);
			this.idleCheck = this.timer.scheduleAtFixedRate(() -> closeIdle(idleTime), period, period,
					TimeUnit.NANOSECONDS);
		}
	}

	private void closeIdle(Duration idleTime) {
		for (ClientConnection connection : this.open.values()) {
			if (connection.idleNanos() >= idleTime.toNanos()) {
				connection.close();
			}
		}
	}

}
