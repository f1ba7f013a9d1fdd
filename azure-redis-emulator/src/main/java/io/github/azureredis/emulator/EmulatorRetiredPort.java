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

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The port of a node that has left an {@link EmulatorCluster}, at which somebody still
 * listens in order to record who connects. A connection is reset at once.
 * <p>
 * Its values change with each attempt. Thread-safe.
 *
 * @since 0.1.0
 * @see EmulatorCluster#watchRetiredPorts()
 */
public final class EmulatorRetiredPort {

	private final int port;

	private final Instant retiredAt = Instant.now();

	private final List<Instant> attempts = new CopyOnWriteArrayList<>();

	EmulatorRetiredPort(int port) {
		this.port = port;
	}

	/**
	 * Return the number of the port.
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Return when the node left.
	 */
	public Instant retiredAt() {
		return this.retiredAt;
	}

	/**
	 * Return when clients have connected since then, the first time first.
	 */
	public List<Instant> attempts() {
		return List.copyOf(this.attempts);
	}

	void attempted() {
		this.attempts.add(Instant.now());
	}

	@Override
	public String toString() {
		return "Port " + this.port + ", retired at " + this.retiredAt + ", attempts at " + this.attempts;
	}

}
