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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Nodes that have just left the topology. Lettuce closes their connections as soon as it
 * has read a topology without them, and the commands that are on their way to them or
 * back would fail. So they stay for a moment, without slots and without a role, which
 * means that no further command is sent to them. Thread-safe.
 */
final class DepartedNodes {

	/**
	 * How long a node stays.
	 */
	static final Duration STAY = Duration.ofSeconds(1);

	private static final int FLAGS = 2;

	private static final int CONFIG_EPOCH = 6;

	private static final List<String> UNKNOWN = List.of("handshake", "noaddr");

	private final LongSupplier nanoTime;

	private Map<String, String> present = Map.of();

	private final Map<String, Departed> departed = new LinkedHashMap<>();

	DepartedNodes(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Forget earlier topologies.
	 */
	synchronized void reset() {
		this.present = Map.of();
		this.departed.clear();
	}

	/**
	 * Add the nodes that have just left to a topology.
	 * @param nodes the answer to {@code CLUSTER NODES}
	 * @return the answer for Lettuce, the same if no node has just left
	 */
	synchronized String addTo(String nodes) {
		long now = this.nanoTime.getAsLong();
		Map<String, String> current = new LinkedHashMap<>();
		nodes.lines().forEach((line) -> current.put(line.split(" ", 2)[0], line));
		this.present.forEach((id, line) -> {
			if (!current.containsKey(id) && isKnown(line)) {
				this.departed.put(id, new Departed(withoutRole(line), now));
			}
		});
		this.present = current;
		this.departed.entrySet()
			.removeIf(
					(entry) -> current.containsKey(entry.getKey()) || now - entry.getValue().since() >= STAY.toNanos());
		if (this.departed.isEmpty()) {
			return nodes;
		}
		List<String> lines = new ArrayList<>(current.values());
		this.departed.values().forEach((node) -> lines.add(node.line()));
		return String.join("\n", lines) + "\n";
	}

	private static boolean isKnown(String line) {
		return UNKNOWN.stream().noneMatch(List.of(line.split(" ")[FLAGS].split(","))::contains);
	}

	private static String withoutRole(String line) {
		String[] fields = line.split(" ");
		return "%s %s noflags - 0 0 %s connected".formatted(fields[0], fields[1], fields[CONFIG_EPOCH]);
	}

	private record Departed(String line, long since) {

	}

}
