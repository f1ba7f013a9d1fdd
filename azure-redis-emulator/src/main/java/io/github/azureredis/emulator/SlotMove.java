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
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A move of slots that has begun. Until it is finished the slots are served by the nodes
 * that had them, which answer {@code ASK} for keys that they do not have or no longer
 * have. Thread-safe.
 *
 * @since 0.1.0
 * @see EmulatorCluster#beginMove(int, int, EmulatorNode)
 */
public final class SlotMove {

	private static final String TIMEOUT_MILLIS = "10000";

	private static final String KEYS_AT_ONCE = "1000";

	private final ClusterBackend backend;

	private final ClusterNode target;

	private final Map<ClusterNode, List<Integer>> slots = new HashMap<>();

	SlotMove(ClusterBackend backend, BitSet moving, String targetId) {
		this.backend = backend;
		this.target = backend.master(targetId);
		moving.stream().forEach((slot) -> {
			ClusterNode source = backend.master(backend.masterOf(slot).id());
			if (source != this.target) {
				this.slots.computeIfAbsent(source, (node) -> new ArrayList<>()).add(slot);
			}
		});
	}

	static SlotMove ofRange(ClusterBackend backend, int firstSlot, int lastSlot, String targetId) {
		if (firstSlot < 0 || lastSlot < firstSlot || lastSlot >= ClusterMember.SLOTS) {
			throw new IllegalArgumentException(
					"There are slots 0 to 16383, no range from " + firstSlot + " to " + lastSlot);
		}
		BitSet slots = new BitSet();
		slots.set(firstSlot, lastSlot + 1);
		return new SlotMove(backend, slots, targetId);
	}

	void begin() {
		synchronized (this.backend) {
			this.slots.forEach((source, moving) -> {
				this.target.callAll(setSlot(moving, "IMPORTING", source.id()));
				source.callAll(setSlot(moving, "MIGRATING", this.target.id()));
			});
		}
	}

	/**
	 * Moves the keys that the slots have now. The slots stay where they are, and all
	 * commands for them are answered with {@code ASK}.
	 * @throws IllegalStateException if a node does not run
	 */
	public void moveKeys() {
		synchronized (this.backend) {
			this.slots.forEach(this::moveKeys);
		}
	}

	/**
	 * Moves the keys that are left, and then the slots. No effect if it is finished.
	 * @throws IllegalStateException if a node does not run, or the nodes do not agree in
	 * half a minute
	 */
	public void finish() {
		synchronized (this.backend) {
			if (this.slots.isEmpty()) {
				return;
			}
			moveKeys();
			List<Integer> moved = this.slots.values().stream().flatMap(List::stream).toList();
			// The target comes first, lest it sends clients back to a source.
			List<List<String>> commands = setSlot(moved, "NODE", this.target.id());
			this.target.callAll(commands);
			this.slots.forEach(this::release);
			this.backend.settle("move of slots",
					(view) -> moved.stream().allMatch((slot) -> this.target.id().equals(view.ownerOf(slot))));
			this.slots.clear();
		}
	}

	/**
	 * Return what is not finished, the lowest slots first.
	 */
	List<MaintenanceNotification.SlotMigration> migrations() {
		synchronized (this.backend) {
			return this.slots.entrySet()
				.stream()
				.sorted(Comparator.comparing((entry) -> entry.getValue().get(0)))
				.map((entry) -> new MaintenanceNotification.SlotMigration(address(entry.getKey()), address(this.target),
						ranges(entry.getValue())))
				.toList();
		}
	}

	private static String address(ClusterNode node) {
		return "127.0.0.1:" + node.port().number();
	}

	private static String ranges(List<Integer> ascending) {
		List<String> ranges = new ArrayList<>();
		int first = 0;
		for (int i = 1; i <= ascending.size(); i++) {
			if (i == ascending.size() || ascending.get(i) != ascending.get(i - 1) + 1) {
				ranges.add((i - first > 1) ? ascending.get(first) + "-" + ascending.get(i - 1)
						: ascending.get(first).toString());
				first = i;
			}
		}
		return String.join(",", ranges);
	}

	private void release(ClusterNode source, List<Integer> moved) {
		try {
			source.callAll(setSlot(moved, "NODE", this.target.id()));
		}
		catch (IllegalStateException ex) {
			// A master without slots becomes a replica of the target as soon as it hears
			// of the move, and then has none to release.
			if (!String.valueOf(ex.getMessage()).contains("SETSLOT only with masters")) {
				throw ex;
			}
		}
	}

	private void moveKeys(ClusterNode source, List<Integer> moving) {
		List<Integer> left = moving;
		while (!left.isEmpty()) {
			List<Object> keys = source.callAll(left.stream().map(SlotMove::keysIn).toList());
			List<Integer> slotsWithKeys = new ArrayList<>();
			List<List<String>> migrations = new ArrayList<>();
			for (int i = 0; i < keys.size(); i++) {
				List<?> keysOfSlot = (List<?>) keys.get(i);
				if (!keysOfSlot.isEmpty()) {
					slotsWithKeys.add(left.get(i));
					migrations.add(migration(keysOfSlot));
				}
			}
			source.callAll(migrations);
			left = slotsWithKeys;
		}
	}

	private static List<String> keysIn(int slot) {
		return List.of("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), KEYS_AT_ONCE);
	}

	private List<String> migration(List<?> keys) {
		List<String> command = new ArrayList<>(List.of(this.backend.internalName("MIGRATE"), "127.0.0.1",
				Integer.toString(this.target.server().port()), "", "0", TIMEOUT_MILLIS, "REPLACE", "AUTH2"));
		command.addAll(this.target.credentials());
		command.add("KEYS");
		keys.forEach((key) -> command.add((String) key));
		return command;
	}

	private static List<List<String>> setSlot(List<Integer> slots, String state, String nodeId) {
		return slots.stream()
			.map((slot) -> List.of("CLUSTER", "SETSLOT", Integer.toString(slot), state, nodeId))
			.toList();
	}

}
