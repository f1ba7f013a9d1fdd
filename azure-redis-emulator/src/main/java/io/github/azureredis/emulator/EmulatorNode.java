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

import org.jspecify.annotations.Nullable;

/**
 * A node of an {@link EmulatorCluster} at one moment.
 *
 * @param id its id, which it keeps as long as it exists
 * @param port the port at which it takes connections of clients
 * @param masterId the id of its master if it is a replica, {@code null} if it is a master
 * @param running whether its server runs
 * @since 0.1.0
 * @see EmulatorCluster#nodes()
 */
public record EmulatorNode(String id, int port, @Nullable String masterId, boolean running) {

	/**
	 * Returns whether it is a master, with slots or without.
	 */
	public boolean isMaster() {
		return this.masterId == null;
	}

}
