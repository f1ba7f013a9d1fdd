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
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.azureredis.autoconfigure.NewThreads;
import io.github.azureredis.autoconfigure.maintenance.AzureRedisMaintenanceEvent;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.AzureRedisEvent;
import io.github.azureredis.emulator.AzureRedisEvent.Type;
import io.github.azureredis.emulator.AzureRedisOffering;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the maintenance events of Azure Cache for Redis.
 */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class MaintenanceEventTests {

	private static final AzureRedisEvent STARTING = AzureRedisEvent.builder(Type.NODE_MAINTENANCE_STARTING)
		.ipAddress("10.0.0.7")
		.build();

	@ParameterizedTest
	@EnumSource(names = { "NONE", "OSS" })
	void whenMaintenanceIsAnnouncedThenApplicationIsTold(AzureRedisClusteringPolicy policy) {
		try (AzureRedisEmulator emulator = emulator(policy); ConfigurableApplicationContext context = run(emulator)) {
			assertThatEventsArrive(emulator, context);
			assertThat(context.getBean(AzureRedisMonitor.class).getStatus().getEvents()).anySatisfy((event) -> {
				assertThat(event.getType()).isEqualTo(EventType.MAINTENANCE_ANNOUNCED);
				assertThat(event.getDescription()).isEqualTo(STARTING.message());
			});
			emulator.faults().cutConnections();
			assertThatEventsArrive(emulator, context);
			awaitReauthentications(emulator);
			assertThatEventsArrive(emulator, context);
			assertThat(emulator.statistics().connectionsClosedForExpiry()).isZero();
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			factory.stop();
			factory.start();
			assertThatEventsArrive(emulator, context);
		}
	}

	@Test
	void whenMessageIsNoEventThenItIsIgnored() {
		try (AzureRedisEmulator emulator = emulator(AzureRedisClusteringPolicy.NONE);
				ConfigurableApplicationContext context = run(emulator)) {
			assertThatEventsArrive(emulator, context);
			Queue<AzureRedisMaintenanceEvent> received = context.getBean(Application.class).received;
			received.clear();
			context.getBean(StringRedisTemplate.class).convertAndSend(AzureRedisEvent.CHANNEL, "nonsense");
			AzureRedisEvent ended = AzureRedisEvent.builder(Type.NODE_MAINTENANCE_ENDED).build();
			emulator.maintenance().publish(ended);
			await().untilAsserted(() -> assertThat(received).extracting(AzureRedisMaintenanceEvent::getMessage)
				.contains(ended.message())
				.doesNotContain("nonsense"));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "NODE_MAINTENANCE_ENDED", "NODE_MAINTENANCE_FAILOVER_COMPLETE",
			"NODE_MAINTENANCE_SCALE_COMPLETE" })
	void whenTopologyHasChangedThenItIsRead(Type type) {
		try (AzureRedisEmulator emulator = emulator(AzureRedisClusteringPolicy.OSS);
				ConfigurableApplicationContext context = run(emulator)) {
			assertThatEventsArrive(emulator, context);
			context.getBean(StringRedisTemplate.class).hasKey("key");
			TopologyRefresh refresh = context.getBean(TopologyRefresh.class);
			long before = refresh.getReadCount();
			emulator.maintenance().publish(STARTING);
			emulator.maintenance().publish(AzureRedisEvent.builder(type).build());
			await().untilAsserted(() -> assertThat(refresh.getReadCount()).isEqualTo(before + 1));
		}
	}

	@Test
	void whileRedisIsDownThenApplicationStartsAndIsToldLater() {
		NewThreads threads = new NewThreads();
		try (AzureRedisEmulator emulator = emulator(AzureRedisClusteringPolicy.NONE)) {
			emulator.stopServer();
			try (ConfigurableApplicationContext context = run(emulator, "--azure.redis.clustering-policy=none")) {
				assertThat(threads.names()).contains("azure-redis-maintenance");
				emulator.startServer();
				assertThatEventsArrive(emulator, context);
			}
			await().untilAsserted(() -> assertThat(threads.names()).doesNotContain("azure-redis-maintenance"));
		}
	}

	@Test
	void whenServiceIsAzureManagedRedisThenPropertyHasNoEffectButAWarning(CapturedOutput output) {
		NewThreads threads = new NewThreads();
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start();
				ConfigurableApplicationContext context = run(emulator)) {
			context.getBean(StringRedisTemplate.class).hasKey("key");
			assertThat(output).containsOnlyOnce("'azure.redis.maintenance-events.enabled' has no effect");
			assertThat(threads.names()).doesNotContain("azure-redis-maintenance");
		}
	}

	@Test
	void whenNotEnabledThenThereIsNoConnection() {
		NewThreads threads = new NewThreads();
		try (AzureRedisEmulator emulator = emulator(AzureRedisClusteringPolicy.NONE);
				ConfigurableApplicationContext context = run(emulator,
						"--azure.redis.maintenance-events.enabled=false")) {
			context.getBean(StringRedisTemplate.class).hasKey("key");
			assertThat(emulator.connections()).hasSize(1);
			assertThat(threads.names()).doesNotContain("azure-redis-maintenance");
		}
	}

	private static AzureRedisEmulator emulator(AzureRedisClusteringPolicy policy) {
		return AzureRedisEmulator.builder()
			.offering(AzureRedisOffering.CACHE_FOR_REDIS)
			.clusteringPolicy(policy)
			.tokenLifetime(Duration.ofSeconds(4))
			.start();
	}

	private static ConfigurableApplicationContext run(AzureRedisEmulator emulator, String... args) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("azure.redis.emulator.enabled=true", "azure.redis.maintenance-events.enabled=true",
					"azure.redis.token.reauthentication-spread=200ms")
			.initializers((context) -> context.getBeanFactory().registerSingleton("emulator", emulator))
			.run(args);
	}

	private static void assertThatEventsArrive(AzureRedisEmulator emulator, ConfigurableApplicationContext context) {
		Queue<AzureRedisMaintenanceEvent> received = context.getBean(Application.class).received;
		received.clear();
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
			emulator.maintenance().publish(STARTING);
			assertThat(received).isNotEmpty();
		});
		assertThat(received).allSatisfy((event) -> assertThat(event.getIpAddress()).isEqualTo("10.0.0.7"));
	}

	private static void awaitReauthentications(AzureRedisEmulator emulator) {
		List<EmulatorConnection> before = emulator.connections();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> emulator.connections()
				.stream()
				.anyMatch((after) -> before.stream()
					.anyMatch((connection) -> connection.id() == after.id()
							&& connection.authentications() + 2 <= after.authentications())));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final Queue<AzureRedisMaintenanceEvent> received = new ConcurrentLinkedQueue<>();

		@EventListener
		void onMaintenance(AzureRedisMaintenanceEvent event) {
			this.received.add(event);
		}

	}

}
