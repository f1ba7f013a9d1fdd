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
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a server knows of its cluster.
 */
final class ClusterView {

	private final List<ClusterMember> members;

	ClusterView(List<ClusterMember> members) {
		this.members = List.copyOf(members);
	}

	/**
	 * Returns a new cluster.
	 * @param masters the ids of masters, which share the slots evenly
	 * @param replicas the ids of their replicas in the same order, or none
	 */
	static ClusterView of(List<String> masters, List<String> replicas) {
		List<ClusterMember> members = new ArrayList<>();
		for (int i = 0; i < masters.size(); i++) {
			BitSet slots = new BitSet();
			slots.set(ClusterMember.SLOTS * i / masters.size(), ClusterMember.SLOTS * (i + 1) / masters.size());
			members.add(member(masters.get(i), null, i + 1, slots));
		}
		for (int i = 0; i < replicas.size(); i++) {
			members.add(member(replicas.get(i), masters.get(i), 0, new BitSet()));
		}
		return new ClusterView(members);
	}

	/**
	 * Returns what a server knows, without those that it is getting to know.
	 */
	static ClusterView parse(String nodes) {
		return new ClusterView(nodes.lines()
			.map(ClusterMember::parse)
			.filter((member) -> !member.flags().contains("handshake"))
			.toList());
	}

	List<ClusterMember> members() {
		return this.members;
	}

	@Nullable ClusterMember find(String id) {
		return this.members.stream().filter((member) -> member.id().equals(id)).findFirst().orElse(null);
	}

	boolean isMaster(String id) {
		ClusterMember member = find(id);
		return member != null && member.masterId() == null;
	}

	/**
	 * Returns the id of the master that serves a slot, or {@code null} if there is none.
	 */
	@Nullable String ownerOf(int slot) {
		return this.members.stream()
			.filter((member) -> member.slots().get(slot))
			.map(ClusterMember::id)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the slots of a node, none if it does not exist.
	 */
	BitSet slotsOf(String id) {
		ClusterMember member = find(id);
		return (member != null) ? member.slots() : new BitSet();
	}

	/**
	 * Returns whether a node is the master of another one.
	 */
	boolean hasReplicas(String id) {
		return this.members.stream().anyMatch((member) -> id.equals(member.masterId()));
	}

	/**
	 * Returns a cluster with another node, an empty master or a replica.
	 */
	ClusterView with(String id, @Nullable String masterId) {
		List<ClusterMember> extended = new ArrayList<>(this.members);
		extended.add(member(id, masterId, 0, new BitSet()));
		return new ClusterView(extended);
	}

	boolean agreesWith(ClusterView other) {
		return this.members.size() == other.members.size() && this.members.stream().allMatch((member) -> {
			ClusterMember counterpart = other.find(member.id());
			return counterpart != null && member.agreesWith(counterpart);
		});
	}

	private static ClusterMember member(String id, @Nullable String masterId, long epoch, BitSet slots) {
		return new ClusterMember(id, 0, 0, Set.of(), masterId, epoch, true, slots);
	}

}
