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
import java.util.stream.Stream;

import io.github.azureredis.emulator.EmulatorCluster;
import io.github.azureredis.emulator.EmulatorNode;
import io.github.azureredis.emulator.MaintenanceNotification;
import io.github.azureredis.lettuce.EmulatedClients;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link MaintenancePushHandler}.
 */
@Tag("slow")
@EnabledIf("lettuceHasNotifications")
class MaintenancePushHandlerTests {

	private final EmulatedClients clients = EmulatedClients.clustered(Duration.ofHours(1));

	private final EmulatorCluster cluster = this.clients.emulator.cluster();

	private final TopologyRefresh refresh = new TopologyRefresh();

	@BeforeEach
	void enableNotifications() {
		this.clients.emulator.maintenance().enableNotifications();
	}

	@AfterEach
	void close() {
		this.refresh.close();
		this.clients.close();
	}

	@Test
	void whenSlotsMigrateThenTopologyFollowsBeforeACommandIsRedirected() {
		RedisClusterClient client = this.clients.clusterClient(this.refresh);
		StatefulRedisClusterConnection<String, String> connection = client.connect();
		connection.sync().set("key", "value");
		int slot = this.cluster.slotOf("key");
		EmulatorNode source = this.cluster.masterOf("key");
		EmulatorNode target = this.cluster.nodes()
			.stream()
			.filter((node) -> !node.id().equals(source.id()))
			.findFirst()
			.orElseThrow();
		this.clients.emulator.maintenance().moveSlots(slot, slot, target);
		await().until(() -> client.getPartitions().getPartitionBySlot(slot).getUri().getPort() == target.port());
		assertThat(connection.sync().get("key")).isEqualTo("value");
		assertThat(client.getPartitions()).extracting(RedisClusterNode::getNodeId)
			.allSatisfy((id) -> assertThat(connection.getConnection(id).sync().info("errorstats"))
				.doesNotContain("errorstat_MOVED"));
	}

	@ParameterizedTest
	@MethodSource
	void whenServerAnnouncesAChangeThenTopologyIsRead(MaintenanceNotification notification) {
		this.clients.clusterClient(this.refresh).connect().sync().ping();
		long before = this.refresh.getReadCount();
		assertThat(this.clients.emulator.maintenance().send(notification)).isPositive();
		await().until(() -> this.refresh.getReadCount() > before);
	}

	static Stream<MaintenanceNotification> whenServerAnnouncesAChangeThenTopologyIsRead() {
		return Stream.of(MaintenanceNotification.moving(Duration.ofMinutes(1)), MaintenanceNotification.migrated("1"),
				MaintenanceNotification.failedOver("1"), MaintenanceNotification.slotsMigrating("1-2"),
				MaintenanceNotification
					.slotsMigrated(List.of(new MaintenanceNotification.SlotMigration("a:1", "b:2", "1-2"))));
	}

	static boolean lettuceHasNotifications() {
		try {
			Class.forName("io.lettuce.core.MaintNotificationsConfig");
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

}
