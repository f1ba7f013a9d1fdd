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

package io.github.azureredis.lettuce.maintenance;

import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;

/**
 * What the server would forget of a connection that is closed now: its open transaction,
 * and the keys that it watches for one. All of its state belongs to the event loop of the
 * connection.
 */
final class OpenTransaction {

	private boolean open;

	private boolean watching;

	/**
	 * Take notice of a command that is sent.
	 * @param command the command
	 */
	void observe(RedisCommand<?, ?, ?> command) {
		// Lettuce does not write commands that are done.
		if (command.getType() instanceof CommandType type && !command.isDone()) {
			switch (type) {
				case MULTI -> this.open = true;
				case WATCH -> this.watching = true;
				case UNWATCH -> this.watching = false;
				case EXEC, DISCARD -> {
					this.open = false;
					this.watching = false;
				}
				default -> {
				}
			}
		}
	}

	boolean exists() {
		return this.open || this.watching;
	}

}
