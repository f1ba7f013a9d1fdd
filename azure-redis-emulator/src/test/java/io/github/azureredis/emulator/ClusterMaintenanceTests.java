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
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class ClusterMaintenanceTests {

	private static final List<String> KEYS = IntStream.range(0, 60).mapToObj((i) -> "key-" + i).toList();

	private AzureRedisEmulator emulator;

	private EmulatorCluster cluster;

	@AfterEach
	void closeEmulator() {
		this.emulator.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenNodesArePatchedThenEachIsReplacedAndNoKeyIsLost(boolean replicas) throws Exception {
		start(replicas);
		writeKeys();
		List<EmulatorNode> old = this.cluster.nodes();
		this.cluster.patchNodes(Duration.ZERO);
		assertReplaced(old);
		assertKeys();
		this.cluster.patchNodes(Duration.ofMillis(100));
		assertKeys();
		assertThat(call(this.emulator.port(), "PING")).isEqualTo("+PONG");
	}

	@Test
	void whenNodeIsPatchedThenItRunsForTheDelayAndEndpointLeadsToTheNewOne() throws Exception {
		start(false);
		EmulatorNode old = this.cluster.nodes().get(0);
		assertThat(call(this.emulator.port(), "CLUSTER", "NODES")).isNotEmpty();
		String key = keyOf(old);
		CompletableFuture<Void> patch = CompletableFuture
			.runAsync(() -> this.cluster.patchNode(old, Duration.ofMinutes(10)));
		Awaitility.await().until(() -> !this.cluster.masterOf(key).id().equals(old.id()));
		EmulatorNode replacement = this.cluster.masterOf(key);
		Awaitility.await().until(() -> self(this.emulator.port()).contains(":" + replacement.port() + "@"));
		assertThat(call(old.port(), "GET", key))
			.isEqualTo("-MOVED " + this.cluster.slotOf(key) + " 127.0.0.1:" + replacement.port());
		assertThat(patch).isNotDone();
		this.emulator.close();
		assertThatExceptionOfType(Exception.class).isThrownBy(patch::get)
			.havingCause()
			.withMessage("The cluster is closed");
	}

	@Tag("drill")
	@Test
	void whenTwoPatchAtOnceThenOneFollowsTheOther() throws Exception {
		start(false);
		writeKeys();
		List<EmulatorNode> old = this.cluster.nodes();
		CompletableFuture<Void> first = CompletableFuture.runAsync(() -> this.cluster.patchNodes(Duration.ZERO));
		CompletableFuture<Void> second = CompletableFuture.runAsync(() -> this.cluster.patchNodes(Duration.ZERO));
		first.get();
		second.get();
		assertReplaced(old);
		assertKeys();
	}

	@Tag("drill")
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenNodesArePatchedUnderLoadThenNoIncrementIsLost(boolean replicas) throws Exception {
		start(replicas, true);
		try (Load load = new Load()) {
			load.awaitAllKeys();
			this.cluster.patchNodes(Duration.ofMillis(500));
			load.awaitAllKeys();
			this.cluster.scale(4, Duration.ofMillis(500));
			load.awaitAllKeys();
			this.cluster.scale(3, Duration.ofMillis(500));
			load.awaitAllKeys();
			load.end();
			load.verify();
		}
	}

	@Test
	void whenRetiredPortsAreWatchedThenAttemptsAreRecorded() throws Exception {
		start(false);
		EmulatorNode old = this.cluster.nodes().get(0);
		assertThat(this.cluster.connectionsOpened(old)).isZero();
		call(old.port(), "PING");
		assertThat(this.cluster.connectionsOpened(old)).isOne();
		this.cluster.watchRetiredPorts();
		this.cluster.patchNode(old, Duration.ZERO);
		assertThat(this.cluster.retiredPorts()).singleElement().satisfies((retired) -> {
			assertThat(retired.port()).isEqualTo(old.port());
			assertThat(retired.attempts()).isEmpty();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(old.port(), "PING"));
			Awaitility.await().until(() -> retired.attempts().size() == 1);
			assertThat(retired.attempts().get(0)).isAfterOrEqualTo(retired.retiredAt());
		});
		assertThat(this.cluster.connectionsOpened(old)).isOne();
	}

	@Tag("drill")
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenScaledThenMastersShareSlotsEvenlyAndNoKeyIsLost(boolean replicas) throws Exception {
		start(replicas);
		writeKeys();
		int factor = replicas ? 2 : 1;
		this.cluster.scale(5, Duration.ZERO);
		assertThat(slotsPerMaster()).hasSize(5).allMatch((count) -> count == 3276 || count == 3277);
		assertThat(this.cluster.nodes()).hasSize(5 * factor);
		assertKeys();
		List<EmulatorNode> five = this.cluster.nodes();
		this.cluster.scale(2, Duration.ZERO);
		assertThat(slotsPerMaster()).containsExactly(8192, 8192);
		assertThat(this.cluster.nodes()).hasSize(2 * factor);
		assertKeys();
		five.stream()
			.filter((node) -> !this.cluster.nodes().stream().map(EmulatorNode::id).toList().contains(node.id()))
			.forEach((node) -> assertRefused(node.port()));
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.scale(0, Duration.ZERO));
	}

	@Test
	void whenMasterFailsThenReplicaIsPromotedAfterDetection() throws Exception {
		start(true);
		EmulatorNode master = this.cluster.masterOf("failed");
		EmulatorNode replica = this.cluster.nodes()
			.stream()
			.filter((node) -> master.id().equals(node.masterId()))
			.findFirst()
			.orElseThrow();
		CompletableFuture<Void> failure;
		try (RawConnection connection = connect(master.port())) {
			connection.send("SET", "failed", "value");
			assertThat(connection.readLine()).isEqualTo("+OK");
			connection.send("WAIT", "1", "5000");
			assertThat(connection.readLine()).isEqualTo(":1");
			failure = CompletableFuture.runAsync(() -> this.cluster.fail(master, Duration.ofSeconds(8)));
			assertThatExceptionOfType(SocketException.class).isThrownBy(connection::readLine)
				.withMessageContaining("reset");
		}
		Awaitility.await().until(() -> this.cluster.nodes().stream().anyMatch((node) -> !node.running()));
		// Longer than the servers themselves need to detect it.
		Awaitility.await()
			.during(Duration.ofSeconds(6))
			.atMost(Duration.ofSeconds(7))
			.until(() -> call(replica.port(), "GET", "failed").startsWith("-MOVED"));
		failure.get();
		assertThat(this.cluster.masterOf("failed").id()).isEqualTo(replica.id());
		assertThat(call(replica.port(), "GET", "failed")).isEqualTo("$5");
		this.cluster.fail(master, Duration.ZERO);
		this.cluster.start(master);
		assertThat(this.cluster.nodes()).allMatch(EmulatorNode::running);
	}

	@Tag("drill")
	@Test
	void whenNodeStartsBeforeItsFailureIsDetectedThenReplicaIsNotPromoted() {
		start(true);
		EmulatorNode master = this.cluster.masterOf("started");
		CompletableFuture<Void> failure = CompletableFuture
			.runAsync(() -> this.cluster.fail(master, Duration.ofSeconds(3)));
		Awaitility.await().until(() -> !this.cluster.masterOf("started").running());
		this.cluster.start(master);
		failure.join();
		assertThat(this.cluster.masterOf("started")).isEqualTo(master);
	}

	@Test
	void whenNodeHangsThenItKeepsConnectionsAndAnswersNothing() throws Exception {
		start(false);
		EmulatorNode node = this.cluster.nodes().get(0);
		try (RawConnection direct = connect(node.port(), 300);
				RawConnection endpoint = connect(this.emulator.port(), 300)) {
			assertThat(self(this.emulator.port())).contains(":" + node.port() + "@");
			this.cluster.freeze(node);
			this.cluster.freeze(node);
			assertNoAnswer(direct);
			assertNoAnswer(endpoint);
			try (RawConnection opened = new RawConnection(node.port(), 300)) {
				assertNoAnswer(opened);
				assertThat(self(this.emulator.port())).doesNotContain(":" + node.port() + "@");
				assertThat(call(this.cluster.nodes().get(1).port(), "PING")).isEqualTo("+PONG");
				this.emulator.faults().reset();
				assertThat(opened.readLine()).startsWith("-NOAUTH");
			}
			assertThat(direct.readLine()).isEqualTo(":0");
			assertThat(endpoint.readLine()).isEqualTo(":0");
			this.cluster.freeze(node);
			direct.send("PING");
			this.cluster.thaw(node);
			this.cluster.thaw(node);
			assertThat(direct.readLine()).isEqualTo("+PONG");
			this.cluster.freeze(node);
			this.cluster.stop(node);
			assertThat(direct.readLine()).isNull();
			assertThatIllegalStateException().isThrownBy(() -> this.cluster.freeze(node));
		}
	}

	private void start(boolean replicas) {
		start(replicas, false);
	}

	private void start(boolean replicas, boolean tls) {
		this.emulator = AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
			.replicas(replicas)
			.tls(tls)
			.start();
		this.cluster = this.emulator.cluster();
	}

	private void writeKeys() throws IOException {
		for (String key : KEYS) {
			assertThat(call(this.cluster.masterOf(key).port(), "SET", key, "value")).isEqualTo("+OK");
		}
	}

	private void assertKeys() throws IOException {
		for (String key : KEYS) {
			assertThat(call(this.cluster.masterOf(key).port(), "GET", key)).isEqualTo("$5");
		}
	}

	private void assertReplaced(List<EmulatorNode> old) {
		assertThat(this.cluster.nodes()).hasSameSizeAs(old).allMatch(EmulatorNode::running);
		assertThat(this.cluster.nodes()).extracting(EmulatorNode::id)
			.doesNotContainAnyElementsOf(old.stream().map(EmulatorNode::id).toList());
		assertThat(this.cluster.nodes()).filteredOn(EmulatorNode::isMaster).hasSize(3);
		old.forEach((node) -> assertRefused(node.port()));
	}

	private static void assertRefused(int port) {
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new RawConnection(port));
	}

	private static void assertNoAnswer(RawConnection connection) throws IOException {
		connection.send("DBSIZE");
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(connection::readLine);
	}

	private List<Integer> slotsPerMaster() throws IOException {
		return view().members()
			.stream()
			.map((member) -> member.slots().cardinality())
			.filter((count) -> count > 0)
			.sorted()
			.toList();
	}

	private ClusterView view() throws IOException {
		return ClusterView.parse(String.join("\n", nodesKnownAt(this.emulator.port())));
	}

	private String keyOf(EmulatorNode master) {
		return KEYS.stream()
			.filter((key) -> this.cluster.masterOf(key).id().equals(master.id()))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Returns what the server behind a port knows of itself.
	 */
	private String self(int port) throws IOException {
		return nodesKnownAt(port).stream().filter((line) -> line.contains("myself")).findFirst().orElseThrow();
	}

	private List<String> nodesKnownAt(int port) throws IOException {
		try (RawConnection connection = connect(port)) {
			connection.send("CLUSTER", "NODES");
			connection.readLine();
			List<String> lines = new ArrayList<>();
			for (String line = connection.readLine(); !line.isEmpty(); line = connection.readLine()) {
				lines.add(line);
			}
			return lines;
		}
	}

	private RawConnection connect(int port) throws IOException {
		return connect(port, 10_000);
	}

	private RawConnection connect(int port, int timeoutMillis) throws IOException {
		RawConnection connection = new RawConnection(port, timeoutMillis);
		connection.send("AUTH", this.emulator.objectId(), LettuceClients.token(this.emulator));
		assertThat(connection.readLine()).isEqualTo("+OK");
		return connection;
	}

	private String call(int port, String... command) throws IOException {
		try (RawConnection connection = connect(port)) {
			connection.send(command);
			return connection.readLine();
		}
	}

	/**
	 * Increments keys on all nodes.
	 */
	private final class Load implements AutoCloseable {

		private final LettuceClients clients = new LettuceClients();

		private final Map<String, Integer> done = new ConcurrentHashMap<>();

		private final List<RuntimeException> failures = new ArrayList<>();

		private final RedisAdvancedClusterCommands<String, String> commands;

		private final Thread thread = new Thread(this::run);

		private volatile boolean ended;

		Load() {
			this.commands = this.clients.createCluster(ClusterMaintenanceTests.this.emulator).connect().sync();
			this.thread.start();
		}

		private void run() {
			while (!this.ended) {
				for (String key : KEYS) {
					try {
						this.commands.incr(key);
						this.done.merge(key, 1, Integer::sum);
					}
					catch (RuntimeException ex) {
						this.failures.add(ex);
					}
				}
			}
		}

		void awaitAllKeys() {
			Map<String, Integer> before = Map.copyOf(this.done);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> KEYS.stream()
					.allMatch((key) -> this.done.getOrDefault(key, 0) > before.getOrDefault(key, 0)));
		}

		void end() throws InterruptedException {
			this.ended = true;
			this.thread.join();
		}

		void verify() {
			assertThat(this.failures).isEmpty();
			for (String key : KEYS) {
				assertThat(this.commands.get(key)).isEqualTo(String.valueOf(this.done.get(key)));
			}
		}

		@Override
		public void close() {
			this.ended = true;
			this.clients.close();
		}

	}

}
