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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The servers of a cluster. They start with the file in which a server remembers its
 * cluster, which spares them to meet and to agree.
 */
final class ClusterBackend implements Backend {

	private static final int MASTERS = 3;

	private final Front front;

	private final InternalUser user;

	private final CommandRules rules;

	private final ClusterConfiguration configuration;

	private final List<ClusterNode> nodes = new CopyOnWriteArrayList<>();

	private final ClusterAgreement agreement = new ClusterAgreement(this.nodes);

	private final ClusterFailover failover = new ClusterFailover(this.agreement);

	/**
	 * What the servers knew when they last agreed.
	 */
	private volatile ClusterView view;

	private boolean closed;

	/**
	 * Creates a cluster, whose ports open when it is started first.
	 * @param front opens the ports
	 * @param user whom the servers take commands and replicas of
	 * @param replicas whether each master has one
	 * @param rules the names of commands in the servers
	 * @param configuration what each server is configured with
	 */
	ClusterBackend(Front front, InternalUser user, boolean replicas, CommandRules rules, List<String> configuration) {
		this.front = front;
		this.user = user;
		this.rules = rules;
		this.configuration = new ClusterConfiguration(user, configuration);
		List<String> masterIds = Stream.generate(ClusterBackend::newId).limit(MASTERS).toList();
		List<String> replicaIds = Stream.generate(ClusterBackend::newId).limit(replicas ? MASTERS : 0).toList();
		this.view = ClusterView.of(masterIds, replicaIds);
	}

	@Override
	public synchronized void start() {
		requireOpen();
		if (this.nodes.isEmpty()) {
			this.view.members().forEach((member) -> this.nodes.add(newNode(member.id())));
		}
		List<ClusterNode> stopped = this.nodes.stream().filter((node) -> !node.isRunning()).toList();
		if (!stopped.isEmpty()) {
			start(stopped);
		}
	}

	@Override
	public synchronized void stop() {
		this.nodes.forEach((node) -> node.server().stop());
	}

	@Override
	public void close() {
		this.agreement.close();
		synchronized (this) {
			this.closed = true;
			this.nodes.forEach((node) -> node.server().close());
		}
	}

	@Override
	public @Nullable RedisServer running() {
		ClusterView current = this.view;
		return this.nodes.stream()
			.filter((node) -> current.isMaster(node.id()))
			.map((node) -> node.server().running())
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	synchronized List<EmulatorNode> nodes() {
		return this.nodes.stream().map(this::snapshot).toList();
	}

	/**
	 * Returns a node that is a master.
	 * @throws IllegalArgumentException if there is none with this id
	 */
	synchronized ClusterNode master(String id) {
		ClusterNode node = node(id);
		if (member(node).masterId() != null) {
			throw new IllegalArgumentException(node + " is a replica");
		}
		return node;
	}

	synchronized EmulatorNode masterOf(int slot) {
		return snapshot(node(Objects.requireNonNull(this.view.ownerOf(slot))));
	}

	int slotOf(String key) {
		// Texts are bytes to a server's connection.
		String bytes = new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
		ClusterNode node = this.nodes.stream()
			.filter(ClusterNode::isRunning)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No node runs"));
		return ((Long) node.call(List.of("CLUSTER", "KEYSLOT", bytes))).intValue();
	}

	String internalName(String command) {
		return this.rules.internalName(command);
	}

	/**
	 * Waits until all nodes agree.
	 * @param operation what has been done, for the exception
	 * @param expected what all have to know
	 */
	synchronized void settle(String operation, Predicate<ClusterView> expected) {
		this.view = this.agreement.await(operation, expected);
	}

	synchronized void stop(String id) {
		ClusterNode node = node(id);
		if (!node.isRunning()) {
			return;
		}
		ClusterNode successor = replicaOf(node);
		if (successor != null) {
			ClusterFailover.awaitData(successor, node);
		}
		node.server().stop();
		if (successor != null) {
			this.view = this.failover.forced(successor);
			node.successorId(successor.id());
		}
		else if (this.nodes.stream().anyMatch(ClusterNode::isRunning)) {
			settle("stop", (candidate) -> true);
		}
	}

	synchronized void start(String id) {
		requireOpen();
		ClusterNode node = node(id);
		if (!node.isRunning()) {
			start(List.of(node));
		}
	}

	synchronized void failOver(String id) {
		ClusterNode master = master(id);
		if (member(master).slots().isEmpty()) {
			throw new IllegalArgumentException(master + " has no slots");
		}
		this.view = this.failover.planned(requireReplicaOf(master));
	}

	synchronized EmulatorNode addNode() {
		requireOpen();
		ClusterNode node = newNode(newId(), null);
		join(List.of(node));
		return snapshot(node);
	}

	synchronized void replaceNodes() {
		requireOpen();
		List<ClusterNode> old = List.copyOf(this.nodes);
		old.stream().filter((node) -> !node.isRunning()).findFirst().ifPresent((node) -> {
			throw new IllegalStateException(node + " does not run");
		});
		List<ClusterNode> masters = new ArrayList<>();
		List<ClusterNode> joining = new ArrayList<>();
		Map<String, String> masterIds = new HashMap<>();
		for (ClusterNode node : old) {
			ClusterMember member = member(node);
			if (member.masterId() == null) {
				// A replica does not take the place of a master without slots.
				boolean empty = member.slots().isEmpty();
				ClusterNode replacement = newNode(newId(), empty ? null : node.id());
				masterIds.put(node.id(), empty ? replacement.id() : node.id());
				joining.add(replacement);
				if (!empty) {
					masters.add(replacement);
				}
			}
		}
		old.stream()
			.map((node) -> member(node).masterId())
			.filter(Objects::nonNull)
			.forEach((masterId) -> joining.add(newNode(newId(), masterIds.get(masterId))));
		join(joining);
		masters.forEach((master) -> this.view = this.failover.planned(master));
		settle("replacement of nodes",
				(candidate) -> joining.stream()
					.map((node) -> Objects.requireNonNull(candidate.find(node.id())).masterId())
					.noneMatch((masterId) -> old.stream().anyMatch((node) -> node.id().equals(masterId))));
		remove(old);
	}

	/**
	 * Lets servers that the others do not know start and get known.
	 */
	private void join(List<ClusterNode> joining) {
		List<ClusterNode> known = this.nodes.stream()
			.filter((node) -> node.isRunning() && !joining.contains(node))
			.toList();
		ClusterServers.start(joining);
		List<List<String>> introductions = joining.stream()
			.map((node) -> List.of("CLUSTER", "MEET", "127.0.0.1", Integer.toString(node.port().number()),
					Integer.toString(node.busPort())))
			.toList();
		known.forEach((node) -> node.callAll(introductions));
		settle("new nodes", (candidate) -> true);
	}

	private void remove(List<ClusterNode> leaving) {
		leaving.forEach((node) -> node.server().close());
		this.nodes.removeAll(leaving);
		List<List<String>> farewells = leaving.stream().map((node) -> List.of("CLUSTER", "FORGET", node.id())).toList();
		this.nodes.forEach((node) -> node.callAll(farewells));
		leaving.forEach((node) -> this.front.close(node.port()));
		settle("removal of nodes", (candidate) -> true);
	}

	private void requireOpen() {
		if (this.closed) {
			throw new IllegalStateException("The emulator is closed");
		}
	}

	private @Nullable ClusterNode replicaOf(ClusterNode master) {
		return this.nodes.stream()
			.filter((node) -> node.isRunning() && master.id().equals(member(node).masterId()))
			.findFirst()
			.orElse(null);
	}

	private ClusterNode requireReplicaOf(ClusterNode master) {
		ClusterNode replica = replicaOf(master);
		if (replica == null) {
			throw new IllegalArgumentException(master + " has no replica that runs");
		}
		return replica;
	}

	private ClusterMember member(ClusterNode node) {
		return Objects.requireNonNull(this.view.find(node.id()));
	}

	private EmulatorNode snapshot(ClusterNode node) {
		return new EmulatorNode(node.id(), node.port().number(), member(node).masterId(), node.isRunning());
	}

	private void start(List<ClusterNode> stopped) {
		ClusterServers.start(stopped);
		try {
			this.view = this.agreement.await("start", (candidate) -> true);
		}
		catch (IllegalStateException ex) {
			throw new EmulatorStartException(String.valueOf(ex.getMessage()), ex);
		}
		stopped.forEach((node) -> node.successorId(null));
	}

	private ClusterNode newNode(String id, @Nullable String masterId) {
		ClusterNode node = newNode(id);
		this.view = this.view.with(id, masterId);
		this.nodes.add(node);
		return node;
	}

	private ClusterNode newNode(String id) {
		RedisBackend server = new RedisBackend(new RedisExecutables(), this.user,
				(port, directory) -> this.configuration.lines(node(id), port, directory, this.view, this.nodes));
		return new ClusterNode(id, server, this.user, this.front.openForNode(server::running, this.user));
	}

	private ClusterNode node(String id) {
		return this.nodes.stream()
			.filter((node) -> node.id().equals(id))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no node " + id));
	}

	private static String newId() {
		return Secrets.random().substring(0, 40);
	}

}
