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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What Azure does to the nodes of a cluster, one after the other. Between its steps it
 * leaves the cluster to others, so that clients and tests see it as it is.
 */
final class ClusterMaintenance {

	private final ClusterBackend backend;

	/**
	 * The nodes that are to take the place of others, and have no slots yet.
	 */
	private final Map<ClusterNode, ClusterNode> replacements = new HashMap<>();

	ClusterMaintenance(ClusterBackend backend) {
		this.backend = backend;
	}

	/**
	 * Replaces each node.
	 * @param shutdownDelay how long a node runs after another one has taken its place
	 */
	synchronized void patch(Duration shutdownDelay) {
		List<EmulatorNode> nodes = this.backend.nodes();
		synchronized (this.backend) {
			prepareReplacements();
		}
		nodes.forEach((node) -> patch(node.id(), shutdownDelay));
	}

	/**
	 * Replaces a node.
	 */
	synchronized void patch(String id, Duration shutdownDelay) {
		synchronized (this.backend) {
			replace(id);
		}
		retire(shutdownDelay);
	}

	/**
	 * Replaces all nodes at once.
	 */
	synchronized void replaceNodes() {
		synchronized (this.backend) {
			this.backend.requireAllRunning();
			List<ClusterNode> old = List.copyOf(this.backend.members());
			Map<String, ClusterNode> masters = new HashMap<>();
			Map<String, String> newMasterIds = new HashMap<>();
			List<ClusterNode> joining = new ArrayList<>();
			Map<String, String> masterIds = new HashMap<>();
			for (ClusterNode node : old) {
				ClusterMember member = this.backend.member(node);
				if (member.masterId() == null) {
					// A replica does not take the place of a master without slots.
					boolean empty = member.slots().isEmpty();
					ClusterNode replacement = this.backend.newNode(ClusterBackend.newId(), empty ? null : node.id());
					masterIds.put(node.id(), empty ? replacement.id() : node.id());
					joining.add(replacement);
					if (!empty) {
						masters.put(node.id(), replacement);
					}
				}
			}
			old.stream()
				.map((node) -> this.backend.member(node).masterId())
				.filter(Objects::nonNull)
				.forEach((masterId) -> joining
					.add(this.backend.newNode(ClusterBackend.newId(), masterIds.get(masterId))));
			this.backend.join(joining);
			masters.forEach((oldId, master) -> {
				this.backend.promote(master);
				newMasterIds.put(oldId, master.id());
			});
			settleWithoutReplicas(old, newMasterIds);
			this.backend.remove(old);
		}
	}

	/**
	 * Brings the number of masters to the given one.
	 */
	synchronized void scale(int masters, Duration shutdownDelay) {
		synchronized (this.backend) {
			scale(masters);
		}
		retire(shutdownDelay);
	}

	/**
	 * Lets the nodes join that are to take the slots of masters without replicas. A
	 * master does not serve in its first 2 seconds, which pass only once like this.
	 */
	private void prepareReplacements() {
		this.backend.requireAllRunning();
		List<ClusterNode> joining = new ArrayList<>();
		for (ClusterNode node : List.copyOf(this.backend.members())) {
			if (this.backend.view().isMaster(node.id()) && !this.backend.view().hasReplicas(node.id())) {
				joining.add(newReplacement(node, null));
			}
		}
		if (!joining.isEmpty()) {
			this.backend.join(joining);
		}
	}

	/**
	 * Lets a new node take the place of another one, which leaves: the place of a master
	 * with a replica by a failover, of one without by a move of its slots.
	 */
	private void replace(String id) {
		this.backend.requireAllRunning();
		ClusterNode old = this.backend.node(id);
		ClusterMember member = this.backend.member(old);
		boolean failsOver = this.backend.view().hasReplicas(id) && !member.slots().isEmpty();
		ClusterNode replacement = this.replacements.remove(old);
		if (replacement == null) {
			replacement = newReplacement(old, failsOver ? id : member.masterId());
			this.replacements.remove(old);
			this.backend.join(List.of(replacement));
		}
		if (failsOver) {
			this.backend.promote(replacement);
		}
		else if (!member.slots().isEmpty()) {
			move(member.slots(), replacement.id());
		}
		settleWithoutReplicas(List.of(old), Map.of(id, replacement.id()));
		old.leaving(true);
	}

	/**
	 * Brings the number of masters to the given one, and lets them share the slots
	 * evenly. Those that have none any more leave, with their replicas.
	 */
	private void scale(int masters) {
		this.backend.requireAllRunning();
		List<ClusterNode> added = new ArrayList<>();
		List<String> old = this.backend.members()
			.stream()
			.map(ClusterNode::id)
			.filter((id) -> this.backend.view().isMaster(id))
			.toList();
		for (int i = old.size(); i < masters; i++) {
			added.add(this.backend.newNode(ClusterBackend.newId(), null));
		}
		if (!added.isEmpty()) {
			this.backend.join(added);
		}
		List<String> leaving = old.subList(Math.min(masters, old.size()), old.size());
		List<ClusterNode> without = this.backend.members()
			.stream()
			.filter((node) -> leaving.contains(node.id())
					|| leaving.contains(String.valueOf(this.backend.member(node).masterId())))
			.toList();
		List<String> remaining = this.backend.members()
			.stream()
			.map(ClusterNode::id)
			.filter((id) -> this.backend.view().isMaster(id) && !leaving.contains(id))
			.toList();
		SlotBalance.moves(this.backend.view(), remaining).forEach((id, slots) -> move(slots, id));
		if (this.backend.hasReplicas() && !added.isEmpty()) {
			this.backend
				.join(added.stream().map((node) -> this.backend.newNode(ClusterBackend.newId(), node.id())).toList());
		}
		this.backend.settle("scaling",
				(candidate) -> without.stream().allMatch((node) -> candidate.slotsOf(node.id()).isEmpty()));
		without.forEach((node) -> node.leaving(true));
	}

	/**
	 * Shuts down the nodes that leave, after a delay in which they send clients to the
	 * others.
	 */
	private void retire(Duration delay) {
		try {
			this.backend.pause("maintenance", delay);
		}
		catch (IllegalStateException ex) {
			this.backend.members().forEach((node) -> node.leaving(false));
			throw ex;
		}
		synchronized (this.backend) {
			this.backend.requireOpen();
			this.backend.remove(this.backend.members().stream().filter(ClusterNode::isLeaving).toList());
		}
	}

	private ClusterNode newReplacement(ClusterNode old, @Nullable String masterId) {
		ClusterNode replacement = this.backend.newNode(ClusterBackend.newId(), masterId,
				this.backend.members().indexOf(old) + 1);
		this.replacements.put(old, replacement);
		return replacement;
	}

	/**
	 * Gives replicas their new masters. A replica does not find its own if it hears of
	 * the end of the old one first.
	 */
	private void settleWithoutReplicas(List<ClusterNode> old, Map<String, String> newMasterIds) {
		this.backend.members().stream().filter((node) -> !old.contains(node)).forEach((node) -> {
			String newMasterId = newMasterIds.get(String.valueOf(this.backend.member(node).masterId()));
			if (newMasterId != null && !newMasterId.equals(node.id())) {
				node.call(List.of("CLUSTER", "REPLICATE", newMasterId));
			}
		});
		this.backend.settle("replacement of nodes", (candidate) -> old.stream()
			.noneMatch((left) -> this.backend.members()
				.stream()
				.filter((node) -> !old.contains(node))
				.anyMatch((node) -> left.id().equals(Objects.requireNonNull(candidate.find(node.id())).masterId()))));
	}

	private void move(BitSet slots, String targetId) {
		SlotMove move = new SlotMove(this.backend, slots, targetId);
		move.begin();
		move.finish();
	}

}
