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
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.lettuce.core.cluster.RedisClusterClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for named instances, each of which is an emulator. All of them accept the tokens
 * of one identity.
 */
@Tag("slow")
class NamedInstancesTests {

	private static AzureRedisEmulator sessions;

	private static AzureRedisEmulator cache;

	private static AzureRedisEmulator vectors;

	@BeforeAll
	static void startEmulators() {
		sessions = AzureRedisEmulator.builder().tokenLifetime(Duration.ofSeconds(6)).start();
		cache = AzureRedisEmulator.builder().tokensOf(sessions).start();
		vectors = AzureRedisEmulator.builder()
			.tokensOf(sessions)
			.clusteringPolicy(io.github.azureredis.emulator.AzureRedisClusteringPolicy.OSS)
			.start();
	}

	@AfterAll
	static void closeEmulators() {
		vectors.close();
		cache.close();
		sessions.close();
	}

	@Test
	void whenThereAreThreeInstancesThenEachHasItsClientAndAllHaveOneToken() {
		long before = sessions.statistics().tokenRequests();
		try (ConfigurableApplicationContext context = run(List.of(Consumers.class, DefaultConsumer.class), "cache",
				"vectors")) {
			Consumers consumers = context.getBean(Consumers.class);
			context.getBean(StringRedisTemplate.class).opsForValue().set("key", "of sessions");
			consumers.cache.opsForValue().set("key", "of cache");
			for (int key = 0; key < 20; key++) {
				consumers.vectors.opsForValue().set("key-" + key, "of vectors");
			}
			assertThat(context.getBean(StringRedisTemplate.class).opsForValue().get("key")).isEqualTo("of sessions");
			assertThat(consumers.cache.opsForValue().get("key")).isEqualTo("of cache");
			assertThat(consumers.vectors.opsForValue().get("key-7")).isEqualTo("of vectors");
			assertThat(consumers.reactiveCache.opsForValue().get("key").block()).isEqualTo("of cache");
			assertThat(consumers.vectorsFactory.getRequiredNativeClient()).isInstanceOf(RedisClusterClient.class);
			assertThat(sessions.statistics().tokenRequests() - before).isEqualTo(1);
			assertThatMonitorTellsThemApart(context.getBean(AzureRedisMonitor.class));
			Events events = context.getBean(Events.class);
			await().untilAsserted(() -> assertThat(events.reauthenticated).contains("null", "cache", "vectors"));
			assertThat(sessions.statistics().tokenRequests() - before).isEqualTo(2);
			assertThat(cache.statistics().tokenRequests() + vectors.statistics().tokenRequests()).isZero();
		}
	}

	private static void assertThatMonitorTellsThemApart(AzureRedisMonitor monitor) {
		assertThat(monitor.hasDefaultInstance()).isTrue();
		assertThat(monitor.getInstanceNames()).containsExactly("cache", "vectors");
		assertThat(monitor.getStatus().getInstance().getName()).isNull();
		assertThat(monitor.getStatus("cache").getInstance().getName()).isEqualTo("cache");
		assertThat(monitor.getStatus("cache").getInstance().getPort()).isEqualTo(cache.port());
		assertThat(monitor.getStatus("cache").getAuthentication().getConnectionCount()).isPositive();
		assertThat(monitor.getStatus("cache").getConnectionTotals().getOpened()).isPositive();
		assertThat(monitor.getStatus("vectors").getClustering())
			.satisfies((clustering) -> assertThat(clustering.getPolicy()).isEqualTo(AzureRedisClusteringPolicy.OSS));
		assertThat(monitor.getStatus("vectors").getConnectionTotals().getTopologyReads()).isPositive();
	}

	@Test
	void whenInstanceIsNotUsedThenNothingConnectsAndNoTokenIsRequested() {
		long tokens = sessions.statistics().tokenRequests();
		long connections = cache.statistics().connectionsOpened() + vectors.statistics().connectionsOpened();
		try (ConfigurableApplicationContext context = run(List.of(), "cache", "vectors", "--azure.redis.host=")) {
			AzureRedisMonitor monitor = context.getBean(AzureRedisMonitor.class);
			assertThat(monitor.hasDefaultInstance()).isFalse();
			assertThat(monitor.getStatus("cache").getAuthentication().getMethod())
				.isEqualTo(AuthenticationMethod.NOT_STARTED);
			assertThat(sessions.statistics().tokenRequests()).isEqualTo(tokens);
			assertThat(cache.statistics().connectionsOpened() + vectors.statistics().connectionsOpened())
				.isEqualTo(connections);
			assertThat(context.getBeanNamesForType(StringRedisTemplate.class))
				.containsExactly("cacheStringRedisTemplate", "vectorsStringRedisTemplate");
			assertThat(context.getBean("cacheRedisTemplate", RedisTemplate.class).getConnectionFactory()).isNotNull();
			assertThat(monitor.getStatus("cache").getAuthentication().getMethod())
				.isEqualTo(AuthenticationMethod.TOKEN);
		}
	}

	@Test
	void whenContextIsStoppedThenInstancesStopAndStartWithIt() {
		try (ConfigurableApplicationContext context = run(List.of(Consumers.class), "cache", "vectors",
				"--azure.redis.host=")) {
			Consumers consumers = context.getBean(Consumers.class);
			consumers.cache.opsForValue().set("key", "value");
			context.stop();
			assertThat(consumers.vectorsFactory.isRunning()).isFalse();
			assertThat(cache.connections()).isEmpty();
			long requests = sessions.statistics().tokenRequests();
			context.start();
			assertThat(consumers.cache.opsForValue().get("key")).isEqualTo("value");
			assertThat(sessions.statistics().tokenRequests()).isEqualTo(requests + 1);
		}
		await().untilAsserted(() -> assertThat(cache.connections()).isEmpty());
		await().untilAsserted(() -> assertThat(vectors.connections()).isEmpty());
	}

	@Test
	void whenOneInstanceIsDownThenOthersDoNotNotice() {
		try (ConfigurableApplicationContext context = run(List.of(Consumers.class), "cache", "vectors",
				"--azure.redis.host=", "--azure.redis.instances.vectors.host=127.0.0.1",
				"--azure.redis.instances.vectors.port=1")) {
			Consumers consumers = context.getBean(Consumers.class);
			consumers.cache.opsForValue().set("key", "value");
			assertThat(consumers.cache.opsForValue().get("key")).isEqualTo("value");
			AzureRedisMonitor monitor = context.getBean(AzureRedisMonitor.class);
			assertThat(monitor.getStatus("vectors").getConnectionTotals().getOpened()).isZero();
			assertThat(monitor.getStatus("cache").getConnectionTotals().getLost()).isZero();
		}
	}

	private static ConfigurableApplicationContext run(List<Class<?>> consumers, String... namesAndArguments) {
		List<Class<?>> sources = new ArrayList<>(consumers);
		sources.add(Application.class);
		List<String> arguments = new ArrayList<>(List.of(
				"--spring.ssl.bundle.pem.emulators.truststore.certificate=" + sessions.certificateAuthorityPem()
						+ cache.certificateAuthorityPem() + vectors.certificateAuthorityPem(),
				"--azure.redis.ssl.bundle=emulators", "--azure.redis.host=" + sessions.host(),
				"--azure.redis.port=" + sessions.port(), "--azure.redis.token.reauthentication-spread=0"));
		for (String argument : namesAndArguments) {
			if (argument.startsWith("--")) {
				arguments.removeIf((other) -> other.startsWith(argument.split("=")[0] + "="));
				arguments.add(argument);
			}
			else {
				AzureRedisEmulator emulator = argument.equals("cache") ? cache : vectors;
				String prefix = "--azure.redis.instances." + argument;
				arguments.addAll(List.of(prefix + ".host=" + emulator.host(), prefix + ".port=" + emulator.port()));
			}
		}
		return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Events.class)
	static class Application {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return sessions.credential();
		}

	}

	static class Events {

		private final Set<String> reauthenticated = new ConcurrentSkipListSet<>();

		@EventListener
		void reauthenticated(ConnectionReauthenticatedEvent event) {
			this.reauthenticated.add(String.valueOf(event.getInstanceName()));
		}

	}

	static class DefaultConsumer {

		DefaultConsumer(StringRedisTemplate redis, LettuceConnectionFactory factory) {
			assertThat(redis.getConnectionFactory()).isSameAs(factory);
		}

	}

	static class Consumers {

		private final StringRedisTemplate cache;

		private final ReactiveStringRedisTemplate reactiveCache;

		private final StringRedisTemplate vectors;

		private final LettuceConnectionFactory vectorsFactory;

		Consumers(@Qualifier("cache") StringRedisTemplate cache,
				@Qualifier("cache") ReactiveStringRedisTemplate reactiveCache,
				@Qualifier("vectors") StringRedisTemplate vectors,
				@Qualifier("vectors") LettuceConnectionFactory vectorsFactory) {
			this.cache = cache;
			this.reactiveCache = reactiveCache;
			this.vectors = vectors;
			this.vectorsFactory = vectorsFactory;
		}

	}

}
