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

package io.github.azureredis.lettuce;

import java.time.Duration;
import java.time.Instant;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the connections of a cluster client.
 */
@Tag("slow")
class ClusterReauthenticationTests {

	@Test
	void whenTokenIsRenewedThenEveryConnectionOfAClusterClientIsReauthenticated() {
		try (EmulatedClients clients = EmulatedClients.clustered(Duration.ofSeconds(8))) {
			RedisClusterClient client = clients.clusterClient(Duration.ofMinutes(1));
			StatefulRedisClusterConnection<String, String> connection = client.connect();
			// Commands without a key go over the default connection.
			connection.sync().ping();
			client.connectPubSub().sync().subscribe("news");
			client.getPartitions().forEach((node) -> connection.getConnection(node.getNodeId()).sync().ping());
			int open = clients.emulator.connections().size();
			clients.awaitRenewals(2);
			Instant renewed = clients.tokens.currentToken().getExpiresAt();
			await().untilAsserted(() -> assertThat(clients.emulator.connections())
				.allMatch((each) -> !each.tokenExpiresAt().isBefore(renewed)));
			assertThat(clients.emulator.connections()).hasSize(open).hasSizeGreaterThanOrEqualTo(5);
			assertThat(clients.emulator.statistics().connectionsClosedForExpiry()).isZero();
		}
	}

}
