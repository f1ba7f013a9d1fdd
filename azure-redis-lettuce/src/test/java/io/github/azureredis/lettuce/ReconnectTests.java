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
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import com.azure.core.credential.AccessToken;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for connections that are made again.
 */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class ReconnectTests {

	@ParameterizedTest
	@EnumSource(names = { "RESP2", "RESP3" })
	void whenAHandshakeIsLostThenTheNextConnectionIsStillReauthenticated(ProtocolVersion version) {
		AtomicInteger tokenCount = new AtomicInteger();
		ClientResources resources = ClientResources.create();
		try (RecordingServer server = (version == ProtocolVersion.RESP3) ? RecordingServer.resp3()
				: new RecordingServer();
				EntraTokenProvider tokens = EntraTokenProvider.builder((request) -> Mono
					.fromSupplier(() -> new AccessToken("token-" + tokenCount.incrementAndGet() + ".",
							OffsetDateTime.now().plusSeconds(4))))
					.build();
				EntraRedisAuthentication authentication = EntraRedisAuthentication.builder(tokens)
					.username("me")
					.build();
				RedisClient client = RedisClient.create(
						AzureRedisClientResources.builder(resources).authentication(authentication).build(),
						RedisURI.builder()
							.withHost("127.0.0.1")
							.withPort(server.port())
							.withAuthentication(authentication.credentialsProvider())
							.build())) {
			client.setOptions(ClientOptions.builder().protocolVersion(version).build());
			RedisCommands<String, String> redis = client.connect().sync();
			redis.ping();
			server.cutConnections(1);
			await().ignoreExceptions().until(() -> "OK".equals(redis.set("key", "value")));
			int current = tokenCount.get();
			assertThat(authentication.connectionCount()).isEqualTo(1);
			await().atMost(Duration.ofSeconds(20)).until(() -> sent(server, "token-" + (current + 2) + "."));
		}
		finally {
			resources.shutdown().awaitUninterruptibly();
		}
	}

	@Test
	void whenReconnectIsSuspendedOnProtocolFailuresThenAMissingTokenIsNone(CapturedOutput output) {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofSeconds(3))) {
			RedisURI uri = clients.uri();
			uri.setTimeout(Duration.ofSeconds(1));
			RedisClient client = clients.client(ClientOptions.builder().suspendReconnectOnProtocolFailure(true));
			RedisCommands<String, String> redis = await().ignoreExceptions()
				.until(() -> client.connect(uri), Objects::nonNull)
				.sync();
			clients.emulator.faults().tokenEndpointDown();
			await().atMost(Duration.ofSeconds(20)).until(() -> output.getOut().contains("Cannot reconnect to"));
			clients.emulator.faults().tokenEndpointUp();
			await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> "PONG".equals(redis.ping()));
			assertThat(output).doesNotContain("Disabling autoReconnect")
				.doesNotContainPattern(Pattern.compile("Cannot reconnect to .*\\R.*Exception.*\\R\\s+at "));
		}
	}

	private static boolean sent(RecordingServer server, String token) {
		return server.received().contains(token);
	}

}
