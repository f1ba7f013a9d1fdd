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

import io.github.azureredis.emulator.EmulatorFaults;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections that share clients or resources with those of Azure Redis, and
 * authenticate otherwise.
 */
@Tag("slow")
class ForeignConnectionTests {

	@Test
	void whenClientConnectsToAnotherServerThenThatServerNeverSeesAToken() {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofSeconds(3));
				RecordingServer other = new RecordingServer()) {
			RedisClient client = clients.client();
			client.connect().sync().ping();
			StatefulRedisConnection<String, String> foreign = client.connect(uri(other));
			for (int renewal = 0; renewal < 3; renewal++) {
				clients.awaitRenewals(1);
				foreign.sync().set("key", "value");
			}
			assertThat(clients.authentication.connectionCount()).isEqualTo(1);
			assertThat(other.received()).contains("app-user", "app-password")
				.doesNotContain(clients.emulator.objectId(), clients.tokens.currentToken().getValue().substring(0, 10));
		}
	}

	@Test
	void whenAnotherClientHasTheSameResourcesThenItsServerNeverSeesAToken() {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofSeconds(3));
				RecordingServer other = new RecordingServer()) {
			clients.client().connect().sync().ping();
			RedisClient foreign = RedisClient.create(clients.decoratedResources(), uri(other));
			try {
				StatefulRedisConnection<String, String> connection = foreign.connect();
				clients.awaitRenewals(3);
				connection.sync().set("key", "value");
				assertThat(other.received()).contains("app-user", "app-password")
					.doesNotContain(clients.emulator.objectId(),
							clients.tokens.currentToken().getValue().substring(0, 10));
			}
			finally {
				foreign.shutdown();
			}
		}
	}

	@Test
	void whenThereIsNoTokenThenOtherServersAreConnectedToAtOnce() {
		try (EmulatedClients clients = new EmulatedClients(EmulatorFaults::tokenEndpointHung);
				RecordingServer other = new RecordingServer()) {
			assertThat(clients.client().connectAsync(StringCodec.UTF8, uri(other)).toCompletableFuture())
				.succeedsWithin(Duration.ofSeconds(10));
			assertThat(clients.tokens.currentToken()).isNull();
		}
	}

	private static RedisURI uri(RecordingServer server) {
		return RedisURI.builder()
			.withHost("127.0.0.1")
			.withPort(server.port())
			.withAuthentication("app-user", "app-password".toCharArray())
			.build();
	}

}
