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

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.MaintNotificationsConfig.EndpointType;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmulatorMaintenance} with Lettuce over TLS.
 */
@Tag("slow")
class MaintenanceLettuceTests {

	private static AzureRedisEmulator emulator;

	private final LettuceClients clients = new LettuceClients();

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder().start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@BeforeEach
	void enableNotifications() {
		emulator.maintenance().enableNotifications();
	}

	@AfterEach
	void closeClients() {
		this.clients.close();
		emulator.maintenance().reset();
		Awaitility.await().until(() -> emulator.connections().isEmpty());
	}

	@Test
	void whenNotificationsAreRefusedThenLettuceConnectsWithoutThem() {
		emulator.maintenance().reset();
		assertThat(client(EndpointType.NONE).connect().sync().ping()).isEqualTo("PONG");
		assertThat(emulator.statistics().connectionsNotified()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "EXTERNAL_FQDN" })
	void whenEndpointMovesThenLettuceConnectsAnewByItself(EndpointType type) {
		StatefulRedisConnection<String, String> connection = client(type).connect();
		Queue<String> received = messages(connection);
		long first = emulator.connections().get(0).id();
		assertThat(emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofSeconds(2)))).isOne();
		for (int i = 0; emulator.connections().stream().noneMatch((open) -> open.id() > first)
				|| emulator.connections().stream().anyMatch((open) -> open.id() == first); i++) {
			assertThat(connection.sync().echo("text-" + i)).isEqualTo("text-" + i);
		}
		assertThat(connection.sync().ping()).isEqualTo("PONG");
		assertThat(received).containsExactly("MOVING");
		assertThat(emulator.connections()).singleElement()
			.satisfies((open) -> assertThat(open.movingEndpointType())
				.isEqualTo(type.name().toLowerCase(Locale.ROOT).replace('_', '-')));
	}

	@Test
	void whenNotificationsArriveAmongRepliesThenLettuceReadsBoth() {
		StatefulRedisConnection<String, String> connection = client(EndpointType.NONE).connect();
		Queue<String> received = messages(connection);
		String value = "v".repeat(5_000_000);
		connection.sync().set("large", value);
		for (int i = 0; i < 10; i++) {
			RedisFuture<String> reply = connection.async().get("large");
			emulator.maintenance().send(MaintenanceNotification.migrating(Duration.ofSeconds(1), "1"));
			emulator.maintenance().send(MaintenanceNotification.migrated("1"));
			assertThat(reply.toCompletableFuture().join()).isEqualTo(value);
		}
		Awaitility.await().until(() -> received.size() == 20);
		assertThat(received).startsWith("MIGRATING", "MIGRATED", "MIGRATING").endsWith("MIGRATED");
	}

	@Test
	void whenLettuceIsSubscribedThenItGetsThem() {
		StatefulRedisPubSubConnection<String, String> connection = client(EndpointType.NONE).connectPubSub();
		connection.sync().subscribe("channel");
		Queue<String> received = messages(connection);
		emulator.maintenance().send(MaintenanceNotification.slotsMigrating("1-2"));
		emulator.maintenance()
			.send(MaintenanceNotification
				.slotsMigrated(List.of(new MaintenanceNotification.SlotMigration("a:1", "b:2", "1-2"))));
		Awaitility.await().until(() -> received.size() == 2);
		assertThat(received).containsExactly("SMIGRATING", "SMIGRATED");
	}

	private RedisClient client(EndpointType type) {
		RedisClient client = this.clients.create(emulator);
		client.setOptions(client.getOptions()
			.mutate()
			.autoReconnect(true)
			.maintNotificationsConfig(MaintNotificationsConfig.enabled(type))
			.build());
		return client;
	}

	private static Queue<String> messages(StatefulRedisConnection<String, String> connection) {
		Queue<String> messages = new ConcurrentLinkedQueue<>();
		connection.addListener((message) -> {
			// Those of the protocol itself, such as of a subscription, arrive as well.
			if (message.getType().equals(message.getType().toUpperCase(Locale.ROOT))) {
				assertThat(message.getContent(StringCodec.UTF8::decodeKey)).hasSizeGreaterThanOrEqualTo(3);
				messages.add(message.getType());
			}
		});
		return messages;
	}

}
