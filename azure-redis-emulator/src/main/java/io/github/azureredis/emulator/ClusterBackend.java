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
import java.time.Duration;
import java.util.List;
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

	private final boolean replicas;

	private final CommandRules rules;

	private final ClusterConfiguration configuration;

	private final List<ClusterNode> nodes = new CopyOnWriteArrayList<>();

	private final ClusterAgreement agreement = new ClusterAgreement(this.nodes);

	private final ClusterFailover failover = new ClusterFailover(this.agreement);

	private final ClusterMaintenance maintenance = new ClusterMaintenance(this);

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
		this.replicas = replicas;
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
			this.nodes.forEach((node) -> {
				node.server().close();
				this.front.retire(node.port());
			});
		}
	}

	/**
	 * Returns the first master that answers, as a load balancer does that looks after its
	 * nodes.
	 */
	@Override
	public @Nullable RedisServer running() {
		ClusterView current = this.view;
		List<RedisServer> masters = this.nodes.stream()
			.filter((node) -> current.isMaster(node.id()) && !node.isLeaving())
			.map((node) -> node.server().running())
			.filter(Objects::nonNull)
			.toList();
		return masters.stream()
			.filter((server) -> !this.front.frozenServers().contains(server.address()))
			.findFirst()
			.orElse(masters.isEmpty() ? null : masters.get(0));
	}

	ClusterMaintenance maintenance() {
		return this.maintenance;
	}

	Front front() {
		return this.front;
	}

	List<ClusterNode> members() {
		return this.nodes;
	}

	ClusterView view() {
		return this.view;
	}

	/**
	 * Returns whether each master is to have a replica.
	 */
	boolean hasReplicas() {
		return this.replicas;
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

	/**
	 * Lets a replica change roles with its master.
	 */
	synchronized void promote(ClusterNode replica) {
		this.view = this.failover.planned(replica);
	}

	/**
	 * Lets time pass, for an operation that leaves the cluster to others meanwhile.
	 */
	void pause(String operation, Duration duration) {
		this.agreement.pause(operation, duration);
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
		stopServer(node);
		promoteReplica(node);
	}

	/**
	 * Kills a server, and promotes its replica as soon as its failure is detected.
	 */
	void fail(String id, Duration detection) {
		synchronized (this) {
			ClusterNode node = node(id);
			if (!node.isRunning()) {
				return;
			}
			node.port().reset();
			stopServer(node);
		}
		pause("failure", detection);
		synchronized (this) {
			requireOpen();
			this.nodes.stream()
				.filter((node) -> node.id().equals(id) && !node.isRunning())
				.forEach(this::promoteReplica);
		}
	}

	/**
	 * Lets clients of a node get no answer, or again.
	 */
	synchronized void freeze(String id, boolean frozen) {
		ClusterNode node = node(id);
		RedisServer server = node.server().running();
		if (server == null) {
			throw new IllegalStateException(node + " does not run");
		}
		if (frozen) {
			this.front.frozenServers().freeze(server.address());
		}
		else {
			this.front.frozenServers().thaw(server.address());
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
		promote(requireReplicaOf(master));
	}

	synchronized EmulatorNode addNode() {
		requireOpen();
		ClusterNode node = newNode(newId(), null);
		join(List.of(node));
		return snapshot(node);
	}

	void requireAllRunning() {
		requireOpen();
		this.nodes.stream().filter((node) -> !node.isRunning()).findFirst().ifPresent((node) -> {
			throw new IllegalStateException(node + " does not run");
		});
	}

	/**
	 * Lets servers that the others do not know start and get known.
	 */
	void join(List<ClusterNode> joining) {
		List<ClusterNode> known = this.nodes.stream()
			.filter((node) -> node.isRunning() && !joining.contains(node))
			.toList();
		ClusterServers.start(joining);
		List<List<String>> introductions = joining.stream().map(ClusterNode::introduction).toList();
		known.forEach((node) -> node.callAll(introductions));
		settle("new nodes", (candidate) -> true);
	}

	void remove(List<ClusterNode> leaving) {
		leaving.forEach((node) -> {
			stopServer(node);
			node.server().close();
		});
		this.nodes.removeAll(leaving);
		List<List<String>> farewells = leaving.stream().map((node) -> List.of("CLUSTER", "FORGET", node.id())).toList();
		this.nodes.stream().filter(ClusterNode::isRunning).forEach((node) -> node.callAll(farewells));
		leaving.forEach((node) -> this.front.retire(node.port()));
		settle("removal of nodes", (candidate) -> true);
	}

	void requireOpen() {
		if (this.closed) {
			throw new IllegalStateException("The cluster is closed");
		}
	}

	/**
	 * Stops a server, whose machine is then not frozen any more.
	 */
	private void stopServer(ClusterNode node) {
		RedisServer server = node.server().running();
		node.server().stop();
		if (server != null) {
			this.front.frozenServers().thaw(server.address());
		}
	}

	/**
	 * Lets a replica, if there is one, take the place of a node that does not run.
	 */
	private void promoteReplica(ClusterNode node) {
		ClusterNode successor = replicaOf(node);
		if (successor != null) {
			this.view = this.failover.forced(successor);
			node.successorId(successor.id());
		}
		else if (this.nodes.stream().anyMatch(ClusterNode::isRunning)) {
			settle("stop", (candidate) -> true);
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

	ClusterMember member(ClusterNode node) {
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

	ClusterNode newNode(String id, @Nullable String masterId) {
		return newNode(id, masterId, this.nodes.size());
	}

	ClusterNode newNode(String id, @Nullable String masterId, int index) {
		ClusterNode node = newNode(id);
		this.view = this.view.with(id, masterId);
		this.nodes.add(index, node);
		return node;
	}

	private ClusterNode newNode(String id) {
		RedisBackend server = new RedisBackend(new RedisExecutables(), this.user,
				(port, directory) -> this.configuration.lines(node(id), port, directory, this.view, this.nodes));
		return new ClusterNode(id, server, this.user, this.front.openForNode(server::running, this.user));
	}

	ClusterNode node(String id) {
		return this.nodes.stream()
			.filter((node) -> node.id().equals(id))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no node " + id));
	}

	static String newId() {
		return Secrets.random().substring(0, 40);
	}

}
