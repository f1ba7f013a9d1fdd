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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.lettuce.core.cluster.models.slots.ClusterSlotRange;
import io.lettuce.core.cluster.models.slots.ClusterSlotsParser;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Tag("slow")
class OssClusterTests {

	private static AzureRedisEmulator emulator;

	private final LettuceClients clients = new LettuceClients();

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder().clusteringPolicy(AzureRedisClusteringPolicy.OSS).replicas(true).start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@AfterEach
	void closeClients() {
		this.clients.close();
		emulator.tokenLifetime(Duration.ofHours(1));
		Awaitility.await().until(() -> emulator.connections().isEmpty());
	}

	@Test
	void whenTopologyIsAskedForThenItHoldsAddressesOfNodePorts() {
		RedisCommands<String, String> commands = endpoint();
		List<ClusterSlotRange> ranges = ClusterSlotsParser.parse(commands.clusterSlots());
		assertThat(ranges).hasSize(3)
			.allSatisfy((range) -> assertThat(range.getUpstream().getUri().getHost()).isEqualTo("127.0.0.1"));
		assertThat(ports(ranges)).hasSize(3).doesNotContain(emulator.port());
		assertThat(ranges.stream().mapToInt((range) -> range.getTo() - range.getFrom() + 1).sum()).isEqualTo(16_384);
		String nodes = commands.clusterNodes();
		assertThat(ports(ranges)).allSatisfy((port) -> assertThat(nodes).contains("127.0.0.1:" + port + "@"));
		assertThat(emulator.clusteringPolicy()).isEqualTo(AzureRedisClusteringPolicy.OSS);
	}

	@Test
	void whenClientIsNoClusterClientThenItIsSentToOtherNodes() {
		RedisCommands<String, String> commands = endpoint();
		List<String> errors = IntStream.range(0, 20)
			.mapToObj((i) -> error(() -> commands.set("key-" + i, "value")))
			.filter((error) -> !error.isEmpty())
			.toList();
		Set<Integer> ports = nodePorts();
		assertThat(errors).isNotEmpty().allSatisfy((error) -> {
			assertThat(error).startsWith("MOVED ").contains(" 127.0.0.1:");
			assertThat(ports).contains(Integer.valueOf(error.substring(error.lastIndexOf(':') + 1)));
		});
	}

	@Test
	void whenClientIsClusterClientThenAllKeysWork() {
		StatefulRedisClusterConnection<String, String> connection = this.clients.createCluster(emulator).connect();
		RedisAdvancedClusterCommands<String, String> commands = connection.sync();
		for (int i = 0; i < 100; i++) {
			commands.set("key-" + i, "value-" + i);
		}
		for (int i = 0; i < 100; i++) {
			assertThat(commands.get("key-" + i)).isEqualTo("value-" + i);
		}
		assertThat(commands.dbsize()).isGreaterThanOrEqualTo(100);
		assertThat(emulator.connections()).extracting(EmulatorConnection::port).containsAll(nodePorts());
		assertThat(emulator.connections())
			.allSatisfy((connected) -> assertThat(connected.objectId()).isEqualTo(emulator.objectId()));
	}

	@Test
	void whenTokenExpiresThenConnectionToNodeEnds() {
		int port = nodePorts().iterator().next();
		long closed = emulator.statistics().connectionsClosedForExpiry();
		StatefulRedisConnection<String, String> connection = this.clients.create(emulator, port).connect();
		emulator.tokenLifetime(Duration.ofSeconds(3));
		assertThat(connection.sync().auth(emulator.objectId(), LettuceClients.token(emulator))).isEqualTo("OK");
		assertThat(emulator.connections()).anyMatch((open) -> open.port() == port && open.authentications() == 2);
		Awaitility.await().until(() -> !connection.isOpen());
		assertThat(emulator.statistics().connectionsClosedForExpiry()).isEqualTo(closed + 1);
	}

	@Test
	void whenTokenIsInvalidThenNodeRefusesIt() {
		RedisURI uri = LettuceClients.uri(emulator, emulator.host())
			.withPort(nodePorts().iterator().next())
			.withAuthentication(emulator.objectId(), "no-token")
			.build();
		assertThatExceptionOfType(RedisConnectionException.class)
			.isThrownBy(() -> this.clients.create(uri, emulator, ProtocolVersion.RESP3).connect())
			.withStackTraceContaining("WRONGPASS invalid username-password pair");
	}

	@Test
	void whenHostIsAnAddressThenNodeIsNotTrusted() {
		RedisURI uri = LettuceClients.uri(emulator, "127.0.0.1").withPort(nodePorts().iterator().next()).build();
		assertThatExceptionOfType(RedisConnectionException.class)
			.isThrownBy(() -> this.clients.create(uri, emulator, ProtocolVersion.RESP3).connect())
			.withStackTraceContaining("No subject alternative names");
	}

	@Test
	void whenClientUsesNoTlsThenNodeClosesIt() throws Exception {
		try (RawConnection connection = new RawConnection(nodePorts().iterator().next())) {
			connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
			assertThat(connection.readLine()).isNull();
		}
		try (RawConnection connection = new RawConnection(nodePorts().iterator().next())) {
			connection.send("PING");
			assertThat(connection.readLine()).startsWith("-NOAUTH");
			connection.send("AUTH", InternalUser.NAME, LettuceClients.token(emulator));
			assertThat(connection.readLine()).isNull();
		}
	}

	@Test
	void whenCommandOnlyReadsThenItWorks() {
		RedisCommands<String, String> commands = endpoint();
		for (String command : new String[] { "CLUSTER INFO", "CLUSTER NODES", "CLUSTER SLOTS", "CLUSTER KEYSLOT key",
				"CLUSTER HELP", "SELECT 0" }) {
			assertThat(error(commands, command)).isEmpty();
		}
	}

	@Test
	void whenCommandChangesClusterThenItIsBlocked() {
		RedisCommands<String, String> commands = endpoint();
		for (String command : new String[] { "CLUSTER MEET 127.0.0.1 1", "CLUSTER ADDSLOTS 1",
				"CLUSTER SETSLOT 1 STABLE", "CLUSTER FAILOVER", "cluster reset", "CLUSTER FORGET id",
				"CLUSTER REPLICATE id", "CLUSTER MYID" }) {
			assertThat(error(commands, command)).isEqualTo("ERR unknown subcommand '" + command.split(" ")[1] + "'");
		}
	}

	@Test
	void whenCommandIsBlockedThenItIsUnknown() {
		RedisCommands<String, String> commands = endpoint();
		for (String command : new String[] { "PSYNC ? -1", "REPLCONF capa eof", "SYNC", "READONLY", "SELECT 1",
				"REPLICAOF NO ONE", "MIGRATE 127.0.0.1 1 key 0 1", "SHUTDOWN", "MOVE key 1" }) {
			assertThat(error(commands, command)).startsWith("ERR unknown command").contains(command.split(" ")[0]);
		}
	}

	@Test
	void whenServersAreStartedAgainThenTopologyIsTheSame() {
		String slots = String.valueOf(endpoint().clusterSlots());
		emulator.stopServer();
		Awaitility.await().until(() -> emulator.connections().isEmpty());
		emulator.startServer();
		assertThat(String.valueOf(endpoint().clusterSlots())).isEqualTo(slots);
	}

	private RedisCommands<String, String> endpoint() {
		return this.clients.create(emulator).connect().sync();
	}

	private Set<Integer> nodePorts() {
		return ports(ClusterSlotsParser.parse(endpoint().clusterSlots()));
	}

	private static Set<Integer> ports(List<ClusterSlotRange> ranges) {
		return ranges.stream().map((range) -> range.getUpstream().getUri().getPort()).collect(Collectors.toSet());
	}

	private static String error(RedisCommands<String, String> commands, String line) {
		String[] words = line.split(" ");
		CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
		List.of(words).subList(1, words.length).forEach(args::add);
		return error(() -> commands.dispatch(() -> words[0].getBytes(StandardCharsets.US_ASCII),
				new NestedMultiOutput<>(StringCodec.UTF8), args));
	}

	private static String error(Runnable command) {
		try {
			command.run();
			return "";
		}
		catch (RedisCommandExecutionException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
