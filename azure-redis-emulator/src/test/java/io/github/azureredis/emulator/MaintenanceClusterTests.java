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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link EmulatorMaintenance} with a cluster.
 */
@Tag("slow")
class MaintenanceClusterTests {

	private static AzureRedisEmulator emulator;

	private final List<RawConnection> connections = new ArrayList<>();

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder()
			.offering(AzureRedisOffering.CACHE_FOR_REDIS)
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
			.replicas(true)
			.tls(false)
			.start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@BeforeEach
	void connect() throws IOException {
		emulator.startServer();
		emulator.maintenance().enableNotifications();
		for (EmulatorNode node : emulator.cluster().nodes()) {
			RawConnection connection = new RawConnection(node.port());
			this.connections.add(connection);
			connection.sendText("HELLO 3 AUTH " + emulator.objectId() + " " + LettuceClients.token(emulator)
					+ "\r\nCLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type internal-ip\r\n");
			String line = connection.readLine();
			while (!"+OK".equals(line)) {
				assertThat(line).isNotNull();
				line = connection.readLine();
			}
		}
	}

	@AfterEach
	void disconnect() throws IOException {
		for (RawConnection connection : this.connections) {
			connection.close();
		}
		emulator.maintenance().reset();
		Awaitility.await().until(() -> emulator.connections().isEmpty());
	}

	@Test
	void whenEndpointsMoveThenEachConnectionIsToldItsOwnPort() throws Exception {
		List<EmulatorNode> nodes = emulator.cluster().nodes();
		assertThat(emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofSeconds(1))))
			.isEqualTo(nodes.size());
		for (int i = 0; i < nodes.size(); i++) {
			assertThat(lines(this.connections.get(i), 5)).startsWith(">4", "+MOVING")
				.endsWith("+127.0.0.1:" + nodes.get(i).port());
		}
	}

	@Test
	void whenSentToOneNodeThenConnectionsOfOthersGetNone() throws Exception {
		EmulatorNode node = emulator.cluster().nodes().get(1);
		assertThat(emulator.maintenance()
			.send(MaintenanceNotification.migrated("1"), (connection) -> connection.port() == node.port())).isOne();
		assertThat(lines(this.connections.get(1), 4)).startsWith(">3", "+MIGRATED");
		this.connections.get(0).send("PING");
		assertThat(this.connections.get(0).readLine()).isEqualTo("+PONG");
	}

	@Test
	void whenSlotsAreMovedThenAllConnectionsAreTold() throws Exception {
		List<EmulatorNode> nodes = emulator.cluster().nodes();
		int boundary = 16384 / 3;
		emulator.maintenance().moveSlots(boundary - 2, boundary + 1, nodes.get(2));
		for (RawConnection connection : this.connections) {
			List<String> before = lines(connection, 4);
			assertThat(before).startsWith(">3", "+SMIGRATING")
				.endsWith("+%d-%d,%d-%d".formatted(boundary - 2, boundary - 1, boundary, boundary + 1));
			assertThat(lines(connection, 12)).containsExactly(">3", "+SMIGRATED",
					":" + (Long.parseLong(before.get(2).substring(1)) + 1), "*2", "*3", address(nodes.get(0)),
					address(nodes.get(2)), "+%d-%d".formatted(boundary - 2, boundary - 1), "*3", address(nodes.get(1)),
					address(nodes.get(2)), "+%d-%d".formatted(boundary, boundary + 1));
			connection.send("PING");
			assertThat(connection.readLine()).isEqualTo("+PONG");
		}
		long sent = emulator.statistics().notificationsSent();
		emulator.maintenance().moveSlots(boundary, boundary, nodes.get(2));
		assertThat(emulator.statistics().notificationsSent()).isEqualTo(sent);
		assertThatIllegalArgumentException().isThrownBy(() -> emulator.maintenance().moveSlots(1, 0, nodes.get(2)));
	}

	@Test
	void whenMasterFailsOverThenAllConnectionsAreTold() throws Exception {
		EmulatorNode master = emulator.cluster().nodes().get(1);
		emulator.maintenance().failOver(master);
		for (RawConnection connection : this.connections) {
			assertThat(lines(connection, 5)).startsWith(">4", "+FAILING_OVER").endsWith(":10", "+[\"2\"]");
			assertThat(lines(connection, 4)).startsWith(">3", "+FAILED_OVER").endsWith("+[\"2\"]");
		}
		EmulatorNode replica = emulator.cluster().nodes().get(1);
		assertThat(replica.isMaster()).isFalse();
		emulator.cluster()
			.failOver(emulator.cluster()
				.nodes()
				.stream()
				.filter((node) -> node.id().equals(replica.masterId()))
				.findFirst()
				.orElseThrow());
	}

	@Test
	void whenEventIsPublishedThenSubscribersOfAllNodesGetIt() throws Exception {
		for (RawConnection connection : this.connections) {
			connection.send("SUBSCRIBE", AzureRedisEvent.CHANNEL);
			assertThat(lines(connection, 6)).contains("subscribe");
		}
		emulator.maintenance()
			.publish(AzureRedisEvent.builder(AzureRedisEvent.Type.NODE_MAINTENANCE_STARTING)
				.startTime(Instant.parse("2021-10-14T23:41:11.5Z"))
				.build());
		for (RawConnection connection : this.connections) {
			assertThat(lines(connection, 7)).endsWith(
					"NotificationType|NodeMaintenanceStarting|StartTimeInUTC|2021-10-14T23:41:11|IsReplica|False|IPAddress||SSLPort|15000|NonSSLPort|13000");
		}
	}

	@Test
	void whenServerIsStoppedThenNoEventIsPublished() {
		AzureRedisEvent event = AzureRedisEvent.builder(AzureRedisEvent.Type.NODE_MAINTENANCE_ENDED).build();
		emulator.stopServer();
		assertThatIllegalStateException().isThrownBy(() -> emulator.maintenance().publish(event))
			.withMessage("No server runs");
	}

	private static String address(EmulatorNode node) {
		return "+127.0.0.1:" + node.port();
	}

	private static List<String> lines(RawConnection connection, int count) throws IOException {
		String[] lines = new String[count];
		for (int i = 0; i < count; i++) {
			lines[i] = connection.readLine();
		}
		return List.of(lines);
	}

}
