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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Tag("slow")
class LettuceTests {

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

	@AfterEach
	void closeClients() {
		this.clients.close();
		emulator.tokenLifetime(Duration.ofHours(1));
		Awaitility.await().until(() -> emulator.connections().isEmpty());
	}

	@ParameterizedTest
	@EnumSource(value = ProtocolVersion.class, names = { "RESP2", "RESP3" })
	void whenTokenIsValidThenCommandsWork(ProtocolVersion protocol) {
		RedisCommands<String, String> commands = this.clients.create(emulator, protocol).connect().sync();
		commands.set("key", "value");
		assertThat(commands.get("key")).isEqualTo("value");
		assertThat(commands.aclWhoami()).isEqualTo(emulator.objectId());
		assertThat(commands.clientList()).contains("user=" + emulator.objectId());
		assertThat(emulator.connections()).singleElement()
			.satisfies((open) -> assertThat(open.authentications()).isEqualTo(1));
	}

	@Test
	void whenTokenIsInvalidThenHandshakeFails() {
		RedisURI uri = LettuceClients.uri(emulator, emulator.host())
			.withAuthentication(emulator.objectId(), "no-token")
			.build();
		assertThatExceptionOfType(RedisConnectionException.class)
			.isThrownBy(() -> this.clients.create(uri, emulator, ProtocolVersion.RESP3).connect())
			.withStackTraceContaining("WRONGPASS invalid username-password pair");
	}

	@Test
	void whenHostIsAnAddressThenVerificationFails() {
		assertThatExceptionOfType(RedisConnectionException.class)
			.isThrownBy(() -> this.clients.create(emulator, "127.0.0.1", ProtocolVersion.RESP3).connect())
			.withStackTraceContaining("No subject alternative names");
	}

	@Test
	void whenAuthorityIsAnothersThenVerificationFails() {
		try (AzureRedisEmulator other = AzureRedisEmulator.builder().start()) {
			RedisURI uri = LettuceClients.uri(emulator, emulator.host()).build();
			assertThatExceptionOfType(RedisConnectionException.class)
				.isThrownBy(() -> this.clients.create(uri, other, ProtocolVersion.RESP3).connect())
				.withStackTraceContaining("unable to find valid certification path");
		}
	}

	@ParameterizedTest
	@EnumSource(value = ProtocolVersion.class, names = { "RESP2", "RESP3" })
	void whenSubscribedThenMessagesArrive(ProtocolVersion protocol) {
		Queue<String> messages = new ConcurrentLinkedQueue<>();
		StatefulRedisPubSubConnection<String, String> subscriber = this.clients.create(emulator, protocol)
			.connectPubSub();
		subscriber.addListener(new RedisPubSubAdapter<>() {

			@Override
			public void message(String channel, String message) {
				messages.add(message);
			}

		});
		subscriber.sync().subscribe("channel");
		this.clients.create(emulator).connect().sync().publish("channel", "message");
		Awaitility.await().until(() -> messages.contains("message"));
	}

	@Test
	void whenSubscribedWithResp3ThenReauthenticationMovesDeadline() {
		emulator.tokenLifetime(Duration.ofMinutes(5));
		StatefulRedisPubSubConnection<String, String> subscriber = this.clients.create(emulator).connectPubSub();
		subscriber.sync().subscribe("channel");
		emulator.tokenLifetime(Duration.ofHours(5));
		String token = LettuceClients.token(emulator);
		assertThat(subscriber.sync().auth(emulator.objectId(), token)).isEqualTo("OK");
		assertThat(emulator.connections()).singleElement()
			.satisfies((open) -> assertThat(open.tokenExpiresAt()).isAfter(open.openedAt().plus(Duration.ofHours(4))));
		assertThat(emulator.connections().get(0).authentications()).isEqualTo(2);
	}

	@Test
	void whenReauthenticatedInTransactionThenRepliesKeepTheirOrder() {
		RedisCommands<String, String> commands = this.clients.create(emulator).connect().sync();
		String token = LettuceClients.token(emulator);
		commands.multi();
		commands.set("key", "value");
		commands.auth(emulator.objectId(), token);
		commands.get("key");
		TransactionResult result = commands.exec();
		assertThat(result.stream()).containsExactly("OK", "OK", "value");
		assertThat(emulator.connections()).singleElement()
			.satisfies((open) -> assertThat(open.authentications()).isEqualTo(2));
	}

	@Test
	void whenThousandsArePipelinedThenRepliesKeepTheirOrder() {
		RedisAsyncCommands<String, String> commands = this.clients.create(emulator).connect().async();
		String token = LettuceClients.token(emulator);
		List<RedisFuture<String>> replies = new ArrayList<>();
		List<RedisFuture<String>> refusals = new ArrayList<>();
		for (int i = 0; i < 20_000; i++) {
			replies.add(commands.echo("value-" + i));
			if (i % 1000 == 0) {
				commands.auth(emulator.objectId(), token);
				refusals.add(commands.auth(emulator.objectId(), "no-token"));
			}
		}
		LettuceFutures.awaitAll(20, TimeUnit.SECONDS, replies.toArray(RedisFuture[]::new));
		assertThat(replies.stream().map((reply) -> reply.toCompletableFuture().getNow(null)))
			.containsExactlyElementsOf(IntStream.range(0, 20_000).mapToObj((i) -> "value-" + i).toList());
		assertThat(refusals).hasSize(20)
			.allSatisfy((refusal) -> assertThat(refusal.getError()).startsWith("WRONGPASS"));
		assertThat(emulator.connections().get(0).authentications()).isEqualTo(21);
	}

	@Test
	void whenValueIsLargeThenItPassesBothWays() {
		byte[] value = new byte[20 * 1024 * 1024];
		for (int i = 0; i < value.length; i++) {
			value[i] = (byte) (i * 31 + i / 1000);
		}
		try (StatefulRedisConnection<byte[], byte[]> connection = this.clients.create(emulator)
			.connect(ByteArrayCodec.INSTANCE)) {
			connection.sync().set(new byte[] { 1 }, value);
			assertThat(connection.sync().get(new byte[] { 1 })).isEqualTo(value);
			connection.sync().del(new byte[] { 1 });
		}
	}

	@Test
	void whenClientDoesNotReadThenServerHasToWait() throws Exception {
		int replies = 100;
		String value = "x".repeat(1024 * 1024);
		try (AzureRedisEmulator plain = AzureRedisEmulator.builder().tls(false).start();
				RawConnection slow = new RawConnection(plain);
				RawConnection observer = new RawConnection(plain)) {
			for (RawConnection connection : List.of(observer, slow)) {
				connection.send("AUTH", plain.objectId(), LettuceClients.token(plain));
				assertThat(connection.readLine()).isEqualTo("+OK");
			}
			slow.send("SET", "key", value);
			assertThat(slow.readLine()).isEqualTo("+OK");
			for (int i = 0; i < replies; i++) {
				slow.send("GET", "key");
			}
			// Memory of the clients in the server, where most of the replies have to be.
			Awaitility.await().until(() -> memoryOfClients(observer) > replies / 2 * value.length());
			for (int i = 0; i < replies; i++) {
				assertThat(slow.readBulk()).hasSameSizeAs(value);
			}
		}
	}

	@Test
	void whenTokenExpiresThenConnectionEnds() {
		StatefulRedisConnection<String, String> connection = this.clients.create(emulator).connect();
		emulator.tokenLifetime(Duration.ofSeconds(3));
		String token = LettuceClients.token(emulator);
		assertThat(connection.sync().auth(emulator.objectId(), token)).isEqualTo("OK");
		Awaitility.await().until(() -> !connection.isOpen());
	}

	private static long memoryOfClients(RawConnection observer) throws Exception {
		observer.send("INFO", "memory");
		observer.readLine();
		long memory = 0;
		for (String line = observer.readLine(); !line.isEmpty() || memory == 0; line = observer.readLine()) {
			if (line.startsWith("mem_clients_normal:")) {
				memory = Long.parseLong(line.substring(line.indexOf(':') + 1));
			}
		}
		return memory;
	}

}
