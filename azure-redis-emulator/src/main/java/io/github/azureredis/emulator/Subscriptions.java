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

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a connection is subscribed to. Redis takes no {@code AUTH} on a RESP2 connection
 * with subscriptions.
 * <p>
 * The server's replies are not looked at. Hence a channel of another node of the cluster,
 * which the server refuses with {@code MOVED}, counts as subscribed to.
 */
final class Subscriptions {

	static final List<String> COMMANDS = List.of("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE",
			"SUNSUBSCRIBE");

	private final Set<String> channels = new HashSet<>();

	private final Set<String> patterns = new HashSet<>();

	private final Set<String> shardedChannels = new HashSet<>();

	void apply(RespCommand command) {
		switch (command.name()) {
			case "SUBSCRIBE" -> add(command, this.channels);
			case "PSUBSCRIBE" -> add(command, this.patterns);
			case "SSUBSCRIBE" -> add(command, this.shardedChannels);
			case "UNSUBSCRIBE" -> remove(command, this.channels);
			case "PUNSUBSCRIBE" -> remove(command, this.patterns);
			case "SUNSUBSCRIBE" -> remove(command, this.shardedChannels);
			default -> throw new IllegalArgumentException("Not about subscriptions: " + command.name());
		}
	}

	boolean isEmpty() {
		return this.channels.isEmpty() && this.patterns.isEmpty() && this.shardedChannels.isEmpty();
	}

	void clear() {
		this.channels.clear();
		this.patterns.clear();
		this.shardedChannels.clear();
	}

	private static void add(RespCommand command, Set<String> names) {
		for (int i = 1; i < command.size(); i++) {
			names.add(command.text(i));
		}
	}

	private static void remove(RespCommand command, Set<String> names) {
		if (command.size() == 1) {
			names.clear();
		}
		for (int i = 1; i < command.size(); i++) {
			names.remove(command.text(i));
		}
	}

}
