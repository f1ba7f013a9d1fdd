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

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.azureredis.lettuce.EmulatedClients;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterTopology}.
 */
@Tag("slow")
class ClusterTopologyTests {

	private static final EmulatedClients clients = EmulatedClients.clustered(Duration.ofHours(1));

	private static final RedisClusterClient client = clients.clusterClient(new TopologyRefresh());

	private final AtomicLong nanoTime = new AtomicLong();

	private final ClusterTopology topology = new ClusterTopology(() -> client, this.nanoTime::get);

	@AfterAll
	static void close() {
		clients.close();
	}

	@Test
	void whenAllNodesAreThereThenItIsSettled() {
		assertThat(isSettled()).isTrue();
	}

	@Test
	void whenThereIsNoClientThenItIsSettled() {
		assertThat(new ClusterTopology(() -> null, this.nanoTime::get).read().toCompletableFuture().join()).isTrue();
	}

	@Test
	void whenANodeCannotBeReachedThenItIsUnsettledUntilItCan() {
		assertThat(this.topology.unreachable(node())).isTrue();
		assertThat(this.topology.unreachable(node())).isFalse();
		assertThat(isSettled()).isFalse();
		this.topology.reachable(node());
		assertThat(isSettled()).isTrue();
	}

	@Test
	void whenNobodyTriesToReachANodeAnyMoreThenItIsSettledAfterAMinute() {
		this.topology.unreachable(node());
		pass(Duration.ofSeconds(40));
		this.topology.unreachable(node());
		pass(Duration.ofSeconds(40));
		assertThat(isSettled()).isFalse();
		pass(Duration.ofSeconds(40));
		assertThat(isSettled()).isTrue();
	}

	@Test
	void whenANodeCannotBeReachedThenThatIsKnownForAMinute() {
		RedisClusterNode node = RedisClusterNode.of("node");
		node.setUri(RedisURI.create(node().getHostString(), node().getPort()));
		assertThat(this.topology.isUnreachable(node)).isFalse();
		this.topology.unreachable(node());
		assertThat(this.topology.isUnreachable(node)).isTrue();
		pass(Duration.ofSeconds(61));
		assertThat(this.topology.isUnreachable(node)).isFalse();
	}

	@Test
	void whenAnAddressIsNotOneOfTheTopologyThenItDoesNotMatter() {
		this.topology.unreachable(InetSocketAddress.createUnresolved(clients.emulator.host(), 1));
		this.topology.silent(this, InetSocketAddress.createUnresolved(clients.emulator.host(), 2));
		assertThat(isSettled()).isTrue();
	}

	@Test
	void whenAConnectionIsSilentThenItIsUnsettledUntilThatIsAnsweredOrHasEnded() {
		this.topology.silent("connection", node());
		this.topology.silent("other connection", node());
		this.topology.answered("connection");
		assertThat(isSettled()).isFalse();
		this.topology.answered("other connection");
		assertThat(isSettled()).isTrue();
	}

	private boolean isSettled() {
		return this.topology.read().toCompletableFuture().join();
	}

	private void pass(Duration duration) {
		this.nanoTime.addAndGet(duration.toNanos());
	}

	private static InetSocketAddress node() {
		return InetSocketAddress.createUnresolved(clients.emulator.host(),
				clients.emulator.cluster().nodes().get(0).port());
	}

}
