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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.emulator.EmulatorFaults;
import io.github.azureredis.token.EntraToken;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link EntraRedisAuthentication} with real Lettuce on the emulator.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class ReauthenticationTests {

	private static final Duration SHORT = Duration.ofSeconds(2);

	private static final Duration LIFE = Duration.ofSeconds(6);

	private static final Duration GRACE = Duration.ofMinutes(1);

	@Test
	void whenTokensAreRenewedThenConnectionStaysOpen() {
		try (EmulatedClients clients = new EmulatedClients(LIFE)) {
			RedisCommands<String, String> redis = clients.client().connect().sync();
			long id = redis.clientId();
			for (int renewal = 0; renewal < 2; renewal++) {
				clients.awaitRenewals(1);
				assertThat(redis.ping()).isEqualTo("PONG");
			}
			assertThat(redis.clientId()).isEqualTo(id);
			assertThat(redis.aclWhoami()).isEqualTo(clients.emulator.objectId());
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(1);
			assertThat(clients.emulator.statistics().connectionsClosedForExpiry()).isZero();
			assertThat(clients.events(ConnectionReauthenticatedEvent.class)).hasSizeGreaterThanOrEqualTo(2);
		}
	}

	@Test
	void whenConnectedThenTheHandshakeIsTheOnlyAuthentication() {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			RedisCommands<String, String> redis = clients.client().connect().sync();
			for (int i = 0; i < 10; i++) {
				redis.ping();
			}
			assertThat(clients.connection().authentications()).isEqualTo(1);
			assertThat(clients.emulator.statistics().tokenRequests()).isEqualTo(1);
		}
	}

	@Test
	void whenManyConnectionsThenEachIsAuthenticatedOnceForEachRenewal() {
		try (EmulatedClients clients = new EmulatedClients(LIFE, Duration.ofMillis(200))) {
			for (int i = 0; i < 50; i++) {
				clients.client().connect();
			}
			clients.awaitRenewals(1);
			EntraToken renewed = clients.tokens.currentToken();
			await().untilAsserted(() -> assertThat(clients.emulator.connections()).hasSize(50)
				.allMatch((connection) -> renewed.getExpiresAt().equals(connection.tokenExpiresAt())));
			List<Integer> handshakes = clients.emulator.connections()
				.stream()
				.map(EmulatorConnection::authentications)
				.toList();
			long renewals = clients.emulator.statistics().tokenRequests() - 1;
			assertThat(handshakes).allMatch((authentications) -> authentications <= 1 + renewals);
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(50);
		}
	}

	@Test
	void whenTokenIsRenewedBetweenHandshakeAndActivationThenNewTokenIsSent() {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofSeconds(4), GRACE, Duration.ZERO)) {
			clients.tokens.token().block();
			clients.emulator.tokenLifetime(Duration.ofHours(1));
			clients.emulator.faults().tokenExpirySkew(Duration.ZERO);
			clients.emulator.faults().authenticationSlow(Duration.ofMillis(3500));
			StatefulRedisConnection<String, String> connection = clients.client().connect();
			clients.emulator.faults().authenticationSlow(Duration.ZERO);
			await().until(() -> clients.connection().authentications() >= 2);
			assertThat(connection.sync().ping()).isEqualTo("PONG");
			assertThat(clients.emulator.statistics().connectionsClosedForExpiry()).isZero();
		}
	}

	@Test
	void whenTransactionIsOpenThenAuthenticationWaitsForItsEnd() {
		try (EmulatedClients clients = new EmulatedClients(SHORT, GRACE, Duration.ZERO)) {
			RedisCommands<String, String> redis = clients.client().connect().sync();
			redis.multi();
			redis.set("key", "value");
			clients.awaitRenewals(1);
			redis.get("key");
			assertThat(clients.connection().authentications()).isEqualTo(1);
			TransactionResult result = redis.exec();
			assertThat((List<?>) result.stream().toList()).isEqualTo(List.of("OK", "value"));
			await().until(() -> clients.connection().authentications() >= 2);
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(1);
		}
	}

	@Test
	void whenPipelinedTransactionsNeverPauseThenConnectionIsAuthenticatedBetweenThem() {
		try (EmulatedClients clients = new EmulatedClients(SHORT, GRACE, Duration.ZERO)) {
			StatefulRedisConnection<String, String> connection = clients.client().connect();
			List<RedisFuture<TransactionResult>> results = new ArrayList<>();
			while (clients.events(ConnectionReauthenticatedEvent.class).size() < 2) {
				connection.async().multi();
				connection.async().incr("counter");
				RedisFuture<TransactionResult> result = connection.async().exec();
				results.add(result);
				if (results.size() % 100 == 0) {
					result.toCompletableFuture().join();
				}
			}
			assertThat(results)
				.allSatisfy((result) -> assertThat(result.toCompletableFuture().join().size()).isEqualTo(1));
			assertThat(connection.sync().get("counter")).isEqualTo(String.valueOf(results.size()));
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(1);
		}
	}

	@Test
	void whenCommandsAreNotFlushedThenConnectionIsAuthenticatedAllTheSame() {
		try (EmulatedClients clients = new EmulatedClients(SHORT, GRACE, Duration.ZERO)) {
			StatefulRedisConnection<String, String> connection = clients.client().connect();
			connection.setAutoFlushCommands(false);
			RedisFuture<String> pipelined = connection.async().set("key", "value");
			clients.awaitRenewals(2);
			await().until(() -> clients.connection().authentications() >= 3);
			connection.flushCommands();
			assertThat(pipelined.toCompletableFuture().join()).isEqualTo("OK");
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(1);
		}
	}

	@Test
	void whenSubscribedThenNoMessageIsLost() {
		try (EmulatedClients clients = new EmulatedClients(SHORT, GRACE, Duration.ZERO)) {
			Queue<String> received = new ConcurrentLinkedQueue<>();
			StatefulRedisPubSubConnection<String, String> subscriber = clients.client().connectPubSub();
			subscriber.addListener(new RedisPubSubAdapter<String, String>() {

				@Override
				public void message(String channel, String message) {
					received.add(message);
				}

			});
			subscriber.sync().subscribe("news");
			RedisCommands<String, String> publisher = clients.client().connect().sync();
			int sent = 0;
			while (clients.events(ConnectionReauthenticatedEvent.class).size() < 6) {
				publisher.publish("news", String.valueOf(sent++));
			}
			int expected = sent;
			await().until(() -> received.size() == expected);
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(2);
		}
	}

	@Test
	void whenSubscribedWithResp2ThenWarnsOnceAndConnectionIsMadeAnewAtExpiry(CapturedOutput output) {
		try (EmulatedClients clients = new EmulatedClients(SHORT)) {
			StatefulRedisPubSubConnection<String, String> subscriber = clients
				.client(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2))
				.connectPubSub();
			Queue<String> received = new ConcurrentLinkedQueue<>();
			subscriber.addListener(new RedisPubSubAdapter<String, String>() {

				@Override
				public void message(String channel, String message) {
					received.add(message);
				}

			});
			subscriber.sync().subscribe("news");
			RedisCommands<String, String> publisher = clients
				.client(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2))
				.connect()
				.sync();
			await().until(() -> clients.emulator.statistics().connectionsClosedForExpiry() >= 2);
			await().untilAsserted(() -> {
				publisher.publish("news", "later");
				assertThat(received).contains("later");
			});
			assertThat(output).containsOnlyOnce("uses RESP2");
			assertThat(clients.events(ConnectionReauthenticationFailedEvent.class)).isEmpty();
		}
	}

	@Test
	void whenAuthenticationIsRefusedThenItIsTriedAgainUntilItSucceeds() {
		try (EmulatedClients clients = new EmulatedClients(SHORT, GRACE, Duration.ZERO)) {
			RedisCommands<String, String> redis = clients.client().connect().sync();
			clients.emulator.faults().tokenExpirySkew(Duration.ZERO);
			clients.emulator.faults().refuseAuthentications(3);
			await().atMost(Duration.ofSeconds(20)).until(() -> clients.connection().authentications() == 2);
			assertThat(redis.ping()).isEqualTo("PONG");
			List<ConnectionReauthenticationFailedEvent> failed = clients
				.events(ConnectionReauthenticationFailedEvent.class);
			assertThat(failed).extracting(ConnectionReauthenticationFailedEvent::getFailureCount)
				.containsExactly(1, 2, 3);
			assertThat(failed.get(0).getCause()).hasMessageStartingWith("WRONGPASS");
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(1);
		}
	}

	@Test
	void whenConnectionIsCutDuringAuthenticationThenTheOldOneIsNotRepeated() {
		try (EmulatedClients clients = new EmulatedClients(SHORT, GRACE, Duration.ZERO)) {
			RedisCommands<String, String> redis = clients.client().connect().sync();
			// AUTH with the second token is under way when the third one arrives and the
			// connection is lost.
			clients.emulator.faults().authenticationSlow(Duration.ofMinutes(5));
			clients.awaitRenewals(2);
			clients.emulator.faults().tokenExpirySkew(Duration.ZERO);
			clients.emulator.faults().authenticationSlow(Duration.ZERO);
			clients.awaitRenewals(1);
			clients.emulator.faults().cutConnections();
			assertThat(redis.ping()).isEqualTo("PONG");
			await().untilAsserted(() -> assertThat(clients.connection().tokenExpiresAt())
				.isEqualTo(clients.tokens.currentToken().getExpiresAt()));
			for (int i = 0; i < 100; i++) {
				redis.ping();
			}
			assertThat(clients.connection().authentications()).isEqualTo(1);
			assertThat(clients.connection().tokenExpiresAt()).isEqualTo(clients.tokens.currentToken().getExpiresAt());
		}
	}

	@Test
	void whenConnectingOnAReactorThreadBeforeTheFirstTokenThenItWorks() {
		try (EmulatedClients clients = new EmulatedClients(EmulatorFaults::tokenEndpointHung)) {
			CompletableFuture<String> pong = Mono.fromCallable(() -> clients.client().connect().sync().ping())
				.subscribeOn(Schedulers.parallel())
				.toFuture();
			clients.emulator.faults().tokenEndpointUp();
			assertThat(pong.join()).isEqualTo("PONG");
		}
	}

	@Test
	void whenACommandBlocksTheConnectionForTooLongThenWarnsBeforeTheEnd(CapturedOutput output) {
		try (EmulatedClients clients = new EmulatedClients(SHORT)) {
			StatefulRedisConnection<String, String> connection = clients.client().connect();
			RedisFuture<KeyValue<String, String>> popped = connection.async().blpop(0, "queue");
			await().until(() -> output.getOut().contains("has not been re-authenticated for half of the"));
			// Closed by the server, and waiting again with a new token.
			await().until(() -> clients.emulator.statistics().connectionsClosedForExpiry() == 1);
			clients.client().connect().sync().rpush("queue", "value");
			assertThat(popped.toCompletableFuture().join().getValue()).isEqualTo("value");
		}
	}

	@Test
	void whenConnectionsAreClosedThenNothingRemembersThem() {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			StatefulRedisConnection<String, String> first = clients.client().connect();
			StatefulRedisConnection<String, String> second = clients.client().connect();
			await().until(() -> clients.authentication.connectionCount() == 2);
			first.close();
			await().until(() -> clients.authentication.connectionCount() == 1);
			clients.emulator.faults().cutConnections();
			assertThat(second.sync().ping()).isEqualTo("PONG");
			assertThat(clients.authentication.connectionCount()).isEqualTo(1);
			second.close();
			await().until(() -> clients.authentication.connectionCount() == 0);
		}
	}

}
