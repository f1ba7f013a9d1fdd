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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a cluster. They start with the file in which a server remembers its
 * cluster, which spares them to meet and to agree.
 */
final class ClusterBackend implements Backend {

	private static final int MASTERS = 3;

	/**
	 * Half of it passes until a node tells the others of a new address.
	 */
	private static final Duration NODE_TIMEOUT = Duration.ofSeconds(3);

	private final Front front;

	private final InternalUser user;

	private final List<String> configuration;

	private final List<ClusterNode> nodes = new CopyOnWriteArrayList<>();

	private final ClusterAgreement agreement = new ClusterAgreement(this.nodes);

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
	 * @param configuration what each server is configured with
	 */
	ClusterBackend(Front front, InternalUser user, boolean replicas, List<String> configuration) {
		this.front = front;
		this.user = user;
		this.configuration = List.copyOf(configuration);
		List<String> masterIds = Stream.generate(ClusterBackend::newId).limit(MASTERS).toList();
		List<String> replicaIds = Stream.generate(ClusterBackend::newId).limit(replicas ? MASTERS : 0).toList();
		this.view = ClusterView.of(masterIds, replicaIds);
	}

	@Override
	public synchronized void start() {
		if (this.closed) {
			throw new IllegalStateException("The emulator is closed");
		}
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
	public @Nullable InetSocketAddress address() {
		return this.nodes.stream()
			.filter((node) -> Objects.requireNonNull(this.view.find(node.id())).masterId() == null)
			.map((node) -> node.server().address())
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private void start(List<ClusterNode> stopped) {
		startServers(stopped);
		try {
			this.view = this.agreement.await("start", (candidate) -> true);
		}
		catch (IllegalStateException ex) {
			throw new EmulatorStartException(String.valueOf(ex.getMessage()), ex);
		}
		stopped.forEach((node) -> node.successorId(null));
	}

	private static void startServers(List<ClusterNode> stopped) {
		ExecutorService executor = Executors.newFixedThreadPool(stopped.size(),
				new DefaultThreadFactory("azure-redis-emulator-start", true));
		try {
			List<Future<?>> starts = new ArrayList<>();
			stopped.forEach((node) -> starts.add(executor.submit(node.server()::start)));
			for (Future<?> start : starts) {
				start.get();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new EmulatorStartException("Interrupted while the Redis servers started", ex);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof EmulatorStartException cause) ? cause
					: new EmulatorStartException("The Redis servers could not be started", ex.getCause());
		}
		finally {
			executor.shutdownNow();
			awaitTermination(executor);
		}
	}

	private ClusterNode newNode(String id) {
		RedisBackend server = new RedisBackend(new RedisExecutables(), this.user,
				(port, directory) -> configuration(id, port, directory));
		return new ClusterNode(id, server, this.user, this.front.openForNode(server::address, this.user));
	}

	private ClusterNode node(String id) {
		return this.nodes.stream().filter((node) -> node.id().equals(id)).findFirst().orElseThrow();
	}

	private List<String> configuration(String id, int port, Path directory) throws IOException {
		Files.write(directory.resolve("nodes.conf"), nodesFile(id, port));
		List<String> lines = new ArrayList<>(this.configuration);
		lines.addAll(List.of("cluster-enabled yes", "cluster-config-file nodes.conf",
				"cluster-node-timeout " + NODE_TIMEOUT.toMillis(), "cluster-require-full-coverage no",
				"cluster-announce-ip 127.0.0.1", "cluster-announce-port " + node(id).port().number(),
				"cluster-announce-bus-port " + (port + ServerPorts.BUS_OFFSET), "masteruser " + InternalUser.NAME,
				"masterauth " + this.user.secret(), "repl-diskless-sync yes", "repl-diskless-sync-delay 0"));
		return lines;
	}

	private List<String> nodesFile(String id, int port) {
		List<String> lines = new ArrayList<>();
		long epoch = 0;
		for (ClusterMember member : this.view.members()) {
			ClusterNode node = node(member.id());
			boolean self = member.id().equals(id);
			lines.add(member.toLine(self, node.port().number(), self ? port + ServerPorts.BUS_OFFSET : node.busPort(),
					masterId(member)));
			epoch = Math.max(epoch, member.epoch());
		}
		lines.add("vars currentEpoch " + epoch + " lastVoteEpoch 0");
		return lines;
	}

	private @Nullable String masterId(ClusterMember member) {
		String successorId = node(member.id()).successorId();
		if (successorId == null) {
			return member.masterId();
		}
		ClusterMember successor = Objects.requireNonNull(this.view.find(successorId));
		String masterId = masterId(successor);
		return (masterId != null) ? masterId : successorId;
	}

	private static String newId() {
		return Secrets.random().substring(0, 40);
	}

	private static void awaitTermination(ExecutorService executor) {
		try {
			executor.awaitTermination(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
