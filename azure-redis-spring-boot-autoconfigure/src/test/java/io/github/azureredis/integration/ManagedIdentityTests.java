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

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.GenericMapOutput;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The real azure-identity, with the managed identity of an App Service, as a user's
 * application has it: nothing is configured but the host.
 */
@Tag("slow")
class ManagedIdentityTests {

	/** A header, the beginning of a JSON object in Base64, and a payload. */
	private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{5,}\\.[\\w-]{20,}");

	@Test
	void whenOnlyTheHostIsConfiguredThenManagedIdentityIsUsed(@TempDir Path directory) {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start()) {
			ForkedJvm jvm = ForkedJvm.run(directory, emulator, Application.class, "--azure.redis.host=localhost",
					"--azure.redis.port=" + emulator.port());
			assertThat(jvm.output()).contains("Ping: PONG")
				.contains("User: " + emulator.objectId())
				.contains("Protocol: 3")
				// An application ends with its main method.
				.contains("Threads that keep the JVM alive: [main]");
			assertThat(jvm.exitStatus()).isZero();
			assertThat(emulator.requestedResources()).containsExactly("https://redis.azure.com");
			assertThat(emulator.statistics().tokenRequests()).isEqualTo(1);
		}
	}

	@Tag("drill")
	@Test
	void whenTokensAreShortThenTheyAreRenewedThroughTheIdentityEndpoint(@TempDir Path directory) {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tokenLifetime(Duration.ofSeconds(5)).start()) {
			ForkedJvm jvm = ForkedJvm.run(directory, emulator, Application.class, "--azure.redis.host=localhost",
					"--azure.redis.port=" + emulator.port(), "--azure.redis.clustering-policy=none", "--renewals=3");
			assertThat(jvm.output()).contains("Ping: PONG");
			assertThat(jvm.exitStatus()).isZero();
			assertThat(emulator.statistics().connectionsOpened()).isEqualTo(1);
			assertThat(emulator.statistics().reauthenticationsAccepted()).isGreaterThanOrEqualTo(3);
		}
	}

	@Test
	void whenEverythingIsLoggedThenNoTokenIs(@TempDir Path directory) {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tokenLifetime(Duration.ofSeconds(3)).start()) {
			ForkedJvm jvm = ForkedJvm.run(directory, emulator, Application.class, "--azure.redis.host=localhost",
					"--azure.redis.port=" + emulator.port(), "--renewals=2", "--logging.level.root=trace");
			assertThat(jvm.exitStatus()).isZero();
			// What Lettuce shows of the commands that it sends.
			assertThat(jvm.output()).contains("TRACE").contains("Sent: *1");
			assertThat(jvm.output()).doesNotContainPattern(TOKEN);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		public static void main(String[] args) throws InterruptedException {
			try (ConfigurableApplicationContext context = SpringApplication
				.run(new Class<?>[] { Application.class, Renewals.class }, args)) {
				StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
				Renewals renewals = context.getBean(Renewals.class);
				do {
					System.out.println("Ping: " + redis.execute(RedisConnectionCommands::ping));
				}
				while (renewals.areMissing());
				System.out.println("User: " + nativeCommands(redis).aclWhoami().toCompletableFuture().join());
				Map<byte[], Object> hello = nativeCommands(redis)
					.dispatch(CommandType.HELLO, new GenericMapOutput<>(ByteArrayCodec.INSTANCE))
					.toCompletableFuture()
					.join();
				// Netty's global executor, which shutting a client down uses, ends after
				// a
				// second without work.
				System.out.println("Threads that keep the JVM alive: " + Thread.getAllStackTraces()
					.keySet()
					.stream()
					.filter((thread) -> !thread.isDaemon())
					.map(Thread::getName)
					.filter((name) -> !name.startsWith("globalEventExecutor"))
					.toList());
				hello.forEach((key, value) -> {
					if (new String(key, StandardCharsets.US_ASCII).equals("proto")) {
						System.out.println("Protocol: " + value);
					}
				});
			}
		}

		@SuppressWarnings("unchecked")
		private static RedisAsyncCommands<byte[], byte[]> nativeCommands(StringRedisTemplate redis) {
			return (RedisAsyncCommands<byte[], byte[]>) redis
				.execute((RedisCallback<Object>) (connection) -> connection.getNativeConnection());
		}

	}

}
