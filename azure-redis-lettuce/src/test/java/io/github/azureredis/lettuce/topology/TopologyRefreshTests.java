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
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.azureredis.emulator.EmulatorCluster;
import io.github.azureredis.emulator.EmulatorNode;
import io.github.azureredis.lettuce.EmulatedClients;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TopologyRefresh}.
 */
@Tag("slow")
class TopologyRefreshTests {

	private static final List<String> KEYS = IntStream.range(0, 30).mapToObj((i) -> "key-" + i).toList();

	private static final EmulatedClients clients = EmulatedClients.clustered(Duration.ofHours(1));

	private final EmulatorCluster cluster = clients.emulator.cluster();

	private final TopologyRefresh refresh = new TopologyRefresh();

	private final RedisClusterClient client = clients.clusterClient(this.refresh);

	private final StatefulRedisClusterConnection<String, String> connection = this.client.connect();

	@AfterAll
	static void close() {
		clients.close();
	}

	@AfterEach
	void shutDown() {
		this.refresh.close();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
	}

	@Test
	void whenNodesAreReplacedThenTopologyFollowsWithoutACommand() {
		connectToAllNodes();
		this.cluster.replaceNodes();
		awaitTopology();
		KEYS.forEach(this.connection.sync()::incr);
	}

	@Test
	void whenSlotMovesAfterARedirectionThenTopologyFollowsWithoutAnotherOne() {
		connectToAllNodes();
		moveToAnotherNode(KEYS.get(0));
		this.connection.sync().incr(KEYS.get(0));
		awaitTopology();
		moveToAnotherNode(KEYS.get(1));
		this.connection.sync().incr(KEYS.get(1));
		awaitTopology();
	}

	@Test
	void whenAllConnectionsAreLostAtOnceThenTopologyIsReadAFewTimes() {
		connectToAllNodes();
		List<StatefulRedisClusterConnection<String, String>> connections = IntStream.range(0, 30)
			.mapToObj((i) -> this.client.connect())
			.toList();
		connections.forEach((connection) -> KEYS.forEach(connection.sync()::incr));
		long before = this.refresh.getReadCount();
		clients.emulator.faults().cutConnections();
		connections.forEach((connection) -> KEYS.forEach(connection.sync()::incr));
		await().until(() -> this.refresh.getReadCount() > before);
		assertThat(this.refresh.getReadCount() - before).isLessThan(10);
	}

	@Test
	void whileNodeDoesNotAnswerThenTopologyIsReadAgainAndAgain() {
		connectToAllNodes();
		long before = this.refresh.getReadCount();
		RedisFuture<Object> busy = this.connection.async().eval("""
				local start = redis.call('TIME')[1]
				while redis.call('TIME')[1] - start < 7 do end
				return 1
				""", ScriptOutputType.INTEGER, keyBeyondTheEndpoint());
		assertThat(busy.toCompletableFuture().join()).isEqualTo(1L);
		assertThat(this.refresh.getReadCount() - before).isBetween(2L, 8L);
	}

	@Test
	void whileCommandThatIsSentAgainIsNotAnsweredThenTopologyIsReadAgainAndAgain() {
		connectToAllNodes();
		long before = this.refresh.getReadCount();
		clients.emulator.faults().cutBeforeReply("EVAL", 1);
		RedisFuture<Object> busy = this.connection.async().eval("""
				if redis.call('INCR', KEYS[1]) == 1 then return 1 end
				local start = redis.call('TIME')[1]
				while redis.call('TIME')[1] - start < 5 do end
				return 2
				""", ScriptOutputType.INTEGER, keyBeyondTheEndpoint());
		assertThat(busy.toCompletableFuture().join()).isEqualTo(2L);
		// The first one is for the connection that is cut.
		assertThat(this.refresh.getReadCount() - before).isBetween(3L, 8L);
	}

	@Test
	void whenConnectionOfAReadIsLostThenTheReadFailsAndIsNotSentAgain() {
		connectToAllNodes();
		this.refresh.close();
		long before = this.refresh.getReadCount();
		clients.emulator.faults().cutBeforeReply("CLUSTER", 1);
		assertThat(this.client.refreshPartitionsAsync().toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
		this.client.refreshPartitions();
		assertThat(this.refresh.getReadCount()).isEqualTo(before + 2);
	}

	@Test
	void whenAnAnswerIsNotToBeUsedThenTheReadFails() {
		TopologyRefresh other = new TopologyRefresh();
		clients.features((resources) -> resources
			.handlers((channel) -> TopologyAnswerHandler.install(channel, (nodes) -> null)));
		RedisClusterClient client = clients.clusterClient(other);
		clients.features(UnaryOperator.identity());
		assertThat(client.refreshPartitionsAsync().toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
		other.close();
	}

	@Test
	void whenANodeLeavesThenItsConnectionsStayOpenForCommandsOnTheirWay() {
		connectToAllNodes();
		EmulatorNode leaving = this.cluster.masterOf(keyBeyondTheEndpoint());
		AtomicBoolean left = new AtomicBoolean();
		TopologyRefresh other = new TopologyRefresh();
		clients.features((resources) -> resources.handlers((channel) -> TopologyAnswerHandler.install(channel,
				(nodes) -> left.get() ? without(leaving, nodes) : nodes)));
		RedisClusterClient client = clients.clusterClient(other);
		clients.features(UnaryOperator.identity());
		try (StatefulRedisClusterConnection<String, String> connection = client.connect()) {
			client.refreshPartitions();
			StatefulRedisConnection<String, String> node = connection.getConnection(leaving.id());
			RedisFuture<Long> command = node.async().waitForReplication(1, 300);
			left.set(true);
			client.refreshPartitions();
			assertThat(client.getPartitions().getPartitionByNodeId(leaving.id()).getSlots()).isEmpty();
			assertThat(command.toCompletableFuture().join()).isZero();
			await().until(() -> !node.isOpen());
		}
		finally {
			other.close();
			client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
		}
	}

	/**
	 * Give all slots to the first of the other nodes.
	 */
	private static String without(EmulatorNode node, String nodes) {
		List<String> others = nodes.lines()
			.filter((line) -> !line.contains(":" + node.port() + "@"))
			.map((line) -> String.join(" ", List.of(line.split(" ")).subList(0, 8)))
			.toList();
		return others.get(0) + " 0-16383\n" + String.join("\n", others.subList(1, others.size())) + "\n";
	}

	@Test
	void whenCommandWaitsThenTopologyIsNotRead() {
		connectToAllNodes();
		long before = this.refresh.getReadCount();
		assertThat(this.connection.sync().blpop(3, KEYS.get(0))).isNull();
		assertThat(this.refresh.getReadCount()).isEqualTo(before);
	}

	@Test
	void whenAuthenticationIsSlowThenTopologyIsNotRead() {
		connectToAllNodes();
		long before = this.refresh.getReadCount();
		clients.emulator.faults().authenticationSlow(Duration.ofSeconds(3));
		this.client.connect();
		this.client.connect();
		clients.emulator.faults().reset();
		assertThat(this.refresh.getReadCount()).isEqualTo(before);
	}

	@Test
	void whenRequestedThenTopologyIsRead() {
		connectToAllNodes();
		long before = this.refresh.getReadCount();
		this.refresh.request();
		await().until(() -> this.refresh.getReadCount() > before);
	}

	@Test
	void whenClosedThenTopologyIsLeftToLettuce() {
		connectToAllNodes();
		this.refresh.close();
		long before = this.refresh.getReadCount();
		clients.emulator.faults().cutConnections();
		connectToAllNodes();
		assertThat(this.refresh.getReadCount()).isEqualTo(before);
	}

	private void connectToAllNodes() {
		KEYS.forEach(this.connection.sync()::incr);
		KEYS.forEach(this.connection.sync()::del);
	}

	/**
	 * Return a key of a node that does not answer reads of the topology.
	 */
	private String keyBeyondTheEndpoint() {
		EmulatorNode first = this.cluster.nodes().get(0);
		return KEYS.stream()
			.filter((key) -> !this.cluster.masterOf(key).id().equals(first.id()))
			.findFirst()
			.orElseThrow();
	}

	private void moveToAnotherNode(String key) {
		EmulatorNode source = this.cluster.masterOf(key);
		EmulatorNode target = this.cluster.nodes()
			.stream()
			.filter((node) -> !node.id().equals(source.id()))
			.findFirst()
			.orElseThrow();
		int slot = this.cluster.slotOf(key);
		this.cluster.moveSlots(slot, slot, target);
	}

	private void awaitTopology() {
		await().untilAsserted(() -> {
			assertThat(ports()).isEqualTo(
					this.cluster.nodes().stream().map(EmulatorNode::port).collect(Collectors.toUnmodifiableSet()));
			KEYS.forEach((key) -> assertThat(
					this.client.getPartitions().getPartitionBySlot(this.cluster.slotOf(key)).getUri().getPort())
				.isEqualTo(this.cluster.masterOf(key).port()));
		});
	}

	private Set<Integer> ports() {
		return this.client.getPartitions()
			.stream()
			.map((node) -> node.getUri().getPort())
			.collect(Collectors.toUnmodifiableSet());
	}

}
