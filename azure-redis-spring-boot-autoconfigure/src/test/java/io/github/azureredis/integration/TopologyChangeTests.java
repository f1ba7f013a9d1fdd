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

package io.github.azureredis.integration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorCluster;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.emulator.EmulatorNode;
import io.github.azureredis.emulator.SlotMove;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Azure does to the nodes of a clustered instance, while an application works and
 * tokens are renewed.
 */
@Tag("slow")
class TopologyChangeTests {

	private static ConfigurableApplicationContext context;

	private static AzureRedisEmulator emulator;

	private static EmulatorCluster cluster;

	private final Load load = new Load(context.getBean(StringRedisTemplate.class));

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--azure.redis.emulator.enabled=true", "--azure.redis.token.reauthentication-spread=200ms");
		emulator = context.getBean(AzureRedisEmulator.class);
		cluster = emulator.cluster();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@AfterEach
	void endLoad() throws InterruptedException {
		this.load.end();
	}

	@Test
	void whenSlotsMoveThenNoCommandFailsOrIsLostOrDoubled() throws InterruptedException {
		this.load.awaitAllKeys();
		int slot = cluster.slotOf(Load.KEYS.get(0));
		EmulatorNode source = cluster.masterOf(Load.KEYS.get(0));
		EmulatorNode target = masters().stream().filter((node) -> !node.id().equals(source.id())).toList().get(0);
		SlotMove move = cluster.beginMove(slot, slot, target);
		this.load.awaitAllKeys();
		move.moveKeys();
		this.load.awaitAllKeys();
		move.finish();
		this.load.awaitAllKeys();
		this.load.end();
		assertThat(this.load.failures).isEmpty();
		this.load.verify();
	}

	@Test
	void whenNodeIsAddedThenItsConnectionsAreReauthenticatedToo() throws InterruptedException {
		this.load.awaitAllKeys();
		int slot = cluster.slotOf(Load.KEYS.get(1));
		EmulatorNode added = cluster.addNode();
		cluster.moveSlots(slot, slot, added);
		this.load.awaitAllKeys();
		assertThat(emulator.connections()).extracting(EmulatorConnection::port).contains(added.port());
		awaitReauthentication();
		this.load.end();
		assertThat(this.load.failures).isEmpty();
		this.load.verify();
	}

	@Test
	void whenMasterAndReplicaChangeRolesThenNoCommandFailsOrIsLostOrDoubled() throws InterruptedException {
		this.load.awaitAllKeys();
		cluster.failOver(masterWithReplica());
		this.load.awaitAllKeys();
		this.load.end();
		assertThat(this.load.failures).isEmpty();
		this.load.verify();
	}

	@Test
	void whenMasterFailsThenCommandsSucceedOnItsReplica() {
		this.load.awaitAllKeys();
		EmulatorNode failed = masterWithReplica();
		cluster.stop(failed);
		this.load.awaitAllKeys();
		assertThat(emulator.connections()).extracting(EmulatorConnection::port).doesNotContain(failed.port());
		cluster.start(failed);
	}

	@Test
	void whenNodesAreReplacedThenCommandsSucceedOnTheNewOnes() {
		this.load.awaitAllKeys();
		List<Integer> before = masters().stream().map(EmulatorNode::port).toList();
		cluster.replaceNodes();
		this.load.awaitAllKeys();
		awaitReauthentication();
		assertThat(masters()).extracting(EmulatorNode::port).doesNotContainAnyElementsOf(before);
	}

	private static List<EmulatorNode> masters() {
		return cluster.nodes().stream().filter(EmulatorNode::isMaster).toList();
	}

	private static EmulatorNode masterWithReplica() {
		List<String> ids = cluster.nodes().stream().map(EmulatorNode::masterId).toList();
		return masters().stream().filter((node) -> ids.contains(node.id())).toList().get(0);
	}

	/**
	 * Wait until each connection that is open now has been authenticated again.
	 */
	private static void awaitReauthentication() {
		Map<Long, Integer> authentications = new ConcurrentHashMap<>();
		emulator.connections()
			.forEach((connection) -> authentications.put(connection.id(), connection.authentications()));
		await().untilAsserted(() -> assertThat(emulator.connections())
			.filteredOn((connection) -> authentications.containsKey(connection.id()))
			.allMatch((connection) -> connection.authentications() > authentications.get(connection.id())));
		assertThat(emulator.statistics().connectionsClosedForExpiry()).isZero();
	}

	/**
	 * Increments keys on all nodes.
	 */
	static class Load {

		private static final List<String> KEYS = IntStream.range(0, 30).mapToObj((i) -> "counter-" + i).toList();

		private static final AtomicInteger LOADS = new AtomicInteger();

		private final String prefix = LOADS.incrementAndGet() + "{";

		private final StringRedisTemplate redis;

		private final ExecutorService executor = Executors.newFixedThreadPool(3);

		private final Map<String, Integer> done = new ConcurrentHashMap<>();

		final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

		Load(StringRedisTemplate redis) {
			this.redis = redis;
			for (int i = 0; i < 3; i++) {
				List<String> keys = KEYS.subList(10 * i, 10 * (i + 1));
				this.executor.execute(() -> increment(keys));
			}
		}

		private void increment(List<String> keys) {
			while (!this.executor.isShutdown()) {
				for (String key : keys) {
					try {
						this.redis.opsForValue().increment(this.prefix + key + "}");
						this.done.merge(key, 1, Integer::sum);
					}
					catch (RuntimeException ex) {
						this.failures.add(ex);
					}
				}
			}
		}

		/**
		 * Wait until each key has been incremented again.
		 */
		void awaitAllKeys() {
			Map<String, Integer> before = Map.copyOf(this.done);
			await().atMost(Duration.ofSeconds(30))
				.until(() -> KEYS.stream()
					.allMatch((key) -> this.done.getOrDefault(key, 0) > before.getOrDefault(key, 0)));
		}

		void verify() {
			List<String> values = new ArrayList<>();
			KEYS.forEach((key) -> values.add(this.redis.opsForValue().get(this.prefix + key + "}")));
			assertThat(values).isEqualTo(KEYS.stream().map((key) -> String.valueOf(this.done.get(key))).toList());
		}

		void end() throws InterruptedException {
			this.executor.shutdown();
			assertThat(this.executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		AzureRedisEmulator emulator() {
			return AzureRedisEmulator.builder()
				.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
				.replicas(true)
				.tokenLifetime(Duration.ofSeconds(4))
				.start();
		}

	}

}
