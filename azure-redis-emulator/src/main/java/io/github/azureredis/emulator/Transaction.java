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

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a connection is inside {@code MULTI}. There, what its commands change waits for
 * {@code EXEC}, as the commands themselves do.
 * <p>
 * The server's replies are not looked at. Hence an {@code EXEC} that the server aborts,
 * because a watched key has changed or a command was not queued, is not told from one
 * that runs.
 */
final class Transaction {

	static final List<String> COMMANDS = List.of("MULTI", "EXEC", "DISCARD");

	private final List<Runnable> queued = new ArrayList<>();

	private boolean open;

	/**
	 * Makes a change now, or queues it.
	 */
	void run(Runnable change) {
		if (this.open) {
			this.queued.add(change);
		}
		else {
			change.run();
		}
	}

	void apply(RespCommand command) {
		if (command.size() > 1) {
			// The server refuses it for its arguments.
			return;
		}
		switch (command.name()) {
			case "MULTI" -> this.open = true;
			case "EXEC" -> execute();
			case "DISCARD" -> discard();
			default -> throw new IllegalArgumentException("Not about transactions: " + command.name());
		}
	}

	void discard() {
		this.open = false;
		this.queued.clear();
	}

	private void execute() {
		List<Runnable> changes = List.copyOf(this.queued);
		discard();
		changes.forEach(Runnable::run);
	}

}
