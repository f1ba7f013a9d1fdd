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
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Tag("slow")
class EmulatorClusterTests {

	private static AzureRedisEmulator emulator;

	private static EmulatorCluster cluster;

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder()
			.offering(AzureRedisOffering.CACHE_FOR_REDIS)
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
			.replicas(true)
			.tls(false)
			.start();
		cluster = emulator.cluster();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@Test
	void whenThereAreReplicasThenTheyHaveTheData() throws Exception {
		EmulatorNode master = cluster.masterOf("replicated");
		assertThat(cluster.nodes()).hasSizeGreaterThanOrEqualTo(6).allMatch(EmulatorNode::running).contains(master);
		try (RawConnection toMaster = connect(master.port());
				RawConnection toReplica = connect(replicaOf(master).port())) {
			toMaster.send("SET", "replicated", "value");
			assertThat(toMaster.readLine()).isEqualTo("+OK");
			toMaster.send("WAIT", "1", "5000");
			assertThat(toMaster.readLine()).isEqualTo(":1");
			toReplica.send("GET", "replicated");
			assertThat(toReplica.readLine()).isEqualTo("-MOVED " + moved("replicated", master));
			toReplica.send("READONLY");
			assertThat(toReplica.readLine()).isEqualTo("+OK");
			toReplica.send("GET", "replicated");
			assertThat(toReplica.readBulk()).isEqualTo("value");
		}
	}

	@Test
	void whenMasterIsStoppedThenItsReplicaServesTheData() throws Exception {
		EmulatorNode master = cluster.masterOf("failed");
		EmulatorNode replica = replicaOf(master);
		try (RawConnection connection = connect(master.port())) {
			for (int i = 0; i < 1000; i++) {
				connection.send("SET", "{failed}" + i, "value");
				assertThat(connection.readLine()).isEqualTo("+OK");
			}
			cluster.stop(master);
			assertThat(connection.readLine()).isNull();
		}
		assertThat(find(master).running()).isFalse();
		assertThat(cluster.masterOf("failed").id()).isEqualTo(replica.id());
		for (int i = 0; i < 1000; i += 111) {
			assertThat(call(replica, "GET", "{failed}" + i)).isEqualTo("$5");
		}
		try (RawConnection refused = new RawConnection(master.port())) {
			assertThat(refused.readLine()).isNull();
		}
		assertThat(call(emulator.port(), "PING")).isEqualTo("+PONG");
		cluster.start(master);
		cluster.start(master);
		assertThat(find(master)).isEqualTo(new EmulatorNode(master.id(), master.port(), replica.id(), true));
		assertThat(call(master, "DBSIZE")).isEqualTo(call(replica, "DBSIZE"));
	}

	@Test
	void whenFailedOverThenRolesChangeAndConnectionsStay() throws Exception {
		EmulatorNode master = cluster.masterOf("maintained");
		EmulatorNode replica = replicaOf(master);
		try (RawConnection connection = connect(master.port())) {
			connection.send("SET", "maintained", "value");
			assertThat(connection.readLine()).isEqualTo("+OK");
			cluster.failOver(master);
			assertThat(find(master).masterId()).isEqualTo(replica.id());
			assertThat(call(replica, "GET", "maintained")).isEqualTo("$5");
			connection.send("GET", "maintained");
			assertThat(connection.readLine()).isEqualTo("-MOVED " + moved("maintained", replica));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.failOver(master))
			.withMessageContaining("is a replica");
	}

	@Test
	void whenSlotMovesThenClientsAreAskedAndThenMoved() throws Exception {
		EmulatorNode source = cluster.masterOf("moving");
		EmulatorNode target = otherMaster(source);
		int slot = cluster.slotOf("moving");
		call(source, "SET", "{moving}one", "value");
		SlotMove move = cluster.beginMove(slot, slot, target);
		assertThat(call(source, "GET", "{moving}one")).isEqualTo("$5");
		assertThat(call(source, "GET", "{moving}two")).isEqualTo("-ASK " + moved("moving", target));
		move.moveKeys();
		assertThat(call(source, "GET", "{moving}one")).isEqualTo("-ASK " + moved("moving", target));
		assertThat(call(target, "GET", "{moving}one")).isEqualTo("-MOVED " + moved("moving", source));
		try (RawConnection connection = connect(target.port())) {
			connection.send("ASKING");
			connection.send("GET", "{moving}one");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(connection.readBulk()).isEqualTo("value");
		}
		move.finish();
		move.finish();
		assertThat(call(target, "GET", "{moving}one")).isEqualTo("$5");
		assertThat(cluster.nodes()).filteredOn((node) -> !node.id().equals(target.id()))
			.allSatisfy((node) -> assertThat(call(node, "GET", "{moving}one"))
				.isEqualTo("-MOVED " + moved("moving", target)));
		cluster.moveSlots(slot, slot, source);
		assertThat(call(source, "GET", "{moving}one")).isEqualTo("$5");
	}

	@Test
	void whenNodeIsAddedThenItTakesSlots() throws Exception {
		int size = cluster.nodes().size();
		EmulatorNode added = cluster.addNode();
		assertThat(added.isMaster()).isTrue();
		assertThat(cluster.nodes()).hasSize(size + 1).contains(added);
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.failOver(added))
			.withMessageContaining("has no slots");
		int slot = cluster.slotOf("added");
		EmulatorNode source = cluster.masterOf("added");
		call(source, "SET", "added", "value");
		int first = slot - slot % 1000;
		cluster.moveSlots(first, Math.min(first + 999, 16_383), added);
		assertThat(cluster.masterOf("added")).isEqualTo(added);
		assertThat(call(added, "GET", "added")).isEqualTo("$5");
		assertThat(call(source, "GET", "added")).isEqualTo("-MOVED " + moved("added", added));
		cluster.stop(added);
		cluster.stop(added);
		assertThat(find(added)).isEqualTo(new EmulatorNode(added.id(), added.port(), null, false));
		assertThat(cluster.masterOf("added").running()).isFalse();
		String other = keyOf(source);
		assertThat(call(source, "SET", other, "value")).isEqualTo("+OK");
		assertThatIllegalStateException().isThrownBy(cluster::replaceNodes).withMessageContaining("does not run");
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.failOver(added))
			.withMessageContaining("has no replica");
		cluster.start(added);
		assertThat(call(added, "GET", "added")).isEqualTo("$-1");
		cluster.moveSlots(first, Math.min(first + 999, 16_383), source);
		assertThat(cluster.masterOf("added").id()).isEqualTo(source.id());
	}

	@Test
	void whenNodesAreReplacedThenDataIsAtOtherPorts() throws Exception {
		cluster.addNode();
		List<EmulatorNode> old = cluster.nodes();
		int endpoint = emulator.port();
		List<String> keys = IntStream.range(0, 30).mapToObj((i) -> "kept-" + i).toList();
		for (String key : keys) {
			assertThat(call(cluster.masterOf(key), "SET", key, "value")).isEqualTo("+OK");
		}
		cluster.replaceNodes();
		assertThat(cluster.nodes()).hasSameSizeAs(old).allMatch(EmulatorNode::running);
		assertThat(cluster.nodes()).filteredOn(EmulatorNode::isMaster)
			.hasSameSizeAs(old.stream().filter(EmulatorNode::isMaster).toList());
		assertThat(cluster.nodes()).extracting(EmulatorNode::port)
			.doesNotContainAnyElementsOf(old.stream().map(EmulatorNode::port).toList());
		for (String key : keys) {
			assertThat(call(cluster.masterOf(key), "GET", key)).isEqualTo("$5");
		}
		assertThat(old).allSatisfy((node) -> assertThatExceptionOfType(ConnectException.class)
			.isThrownBy(() -> new RawConnection(node.port())));
		assertThat(emulator.port()).isEqualTo(endpoint);
		assertThat(call(endpoint, "PING")).isEqualTo("+PONG");
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.stop(old.get(0)))
			.withMessage("There is no node " + old.get(0).id());
	}

	@Test
	void whenMoveIsImpossibleThenItIsRefused() {
		EmulatorNode master = cluster.masterOf("key");
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.moveSlots(0, 16_384, master));
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.moveSlots(-1, 0, master));
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.moveSlots(1, 0, master));
		assertThatIllegalArgumentException().isThrownBy(() -> cluster.moveSlots(0, 0, replicaOf(master)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER MYID", "CLUSTER COUNTKEYSINSLOT 1", "cluster info", "CLUSTER SLOTS", "READONLY" })
	void whenCommandOnlyReadsThenItWorks(String command) throws Exception {
		assertThat(call(emulator.port(), command.split(" "))).doesNotStartWith("-");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER RESET", "CLUSTER SETSLOT 1 STABLE", "CONFIG GET port", "PSYNC ? -1" })
	void whenCommandIsBlockedThenItIsUnknown(String command) throws Exception {
		assertThat(call(emulator.port(), command.split(" "))).startsWith("-ERR unknown command")
			.contains(command.split(" ")[0]);
	}

	private static EmulatorNode find(EmulatorNode node) {
		return cluster.nodes().stream().filter((other) -> other.id().equals(node.id())).findFirst().orElseThrow();
	}

	private static EmulatorNode replicaOf(EmulatorNode master) {
		return cluster.nodes().stream().filter((node) -> master.id().equals(node.masterId())).findFirst().orElseThrow();
	}

	private static EmulatorNode otherMaster(EmulatorNode master) {
		return cluster.nodes()
			.stream()
			.filter((node) -> node.isMaster() && !node.id().equals(master.id()))
			.findFirst()
			.orElseThrow();
	}

	private static String keyOf(EmulatorNode master) {
		return IntStream.range(0, 1000)
			.mapToObj((i) -> "other-" + i)
			.filter((key) -> cluster.masterOf(key).id().equals(master.id()))
			.findFirst()
			.orElseThrow();
	}

	private static String moved(String key, EmulatorNode node) {
		return cluster.slotOf(key) + " 127.0.0.1:" + node.port();
	}

	private static RawConnection connect(int port) throws IOException {
		RawConnection connection = new RawConnection(port);
		connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
		assertThat(connection.readLine()).isEqualTo("+OK");
		return connection;
	}

	private static String call(EmulatorNode node, String... command) throws IOException {
		return call(node.port(), command);
	}

	private static String call(int port, String... command) throws IOException {
		try (RawConnection connection = connect(port)) {
			connection.send(command);
			return connection.readLine();
		}
	}

}
