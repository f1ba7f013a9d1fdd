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
import java.util.Set;
import java.util.stream.IntStream;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.token.EntraTokenProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Contexts that come and go, as with devtools, {@code @DirtiesContext} and several
 * applications in one JVM.
 */
@Tag("slow")
class ContextLifecycleTests {

	private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

	private AzureRedisEmulator emulator;

	@BeforeEach
	void start() {
		this.emulator = AzureRedisEmulator.builder().tokenLifetime(Duration.ofSeconds(4)).start();
	}

	@AfterEach
	void stop() {
		this.emulator.close();
	}

	@Test
	void whenContextsAreClosedThenNothingOfThemIsLeft() {
		for (int i = 0; i < 3; i++) {
			try (ConfigurableApplicationContext context = run()) {
				ping(context);
			}
		}
		List<ConfigurableApplicationContext> contexts = IntStream.range(0, 3).mapToObj((i) -> run()).toList();
		contexts.forEach(ContextLifecycleTests::ping);
		assertThat(this.emulator.connections()).hasSize(3);
		contexts.forEach(ConfigurableApplicationContext::close);
		await().untilAsserted(() -> {
			assertThat(this.emulator.connections()).isEmpty();
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !this.threadsBefore.contains(thread))
				.extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("azure-redis-token") || name.startsWith("azure-redis-events"));
		});
		long requests = this.emulator.statistics().tokenRequests();
		await().during(Duration.ofSeconds(4))
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.emulator.statistics().tokenRequests() == requests);
	}

	@Test
	void whenOneContextIsClosedThenTheOthersAreRenewedAllTheSame() {
		ConfigurableApplicationContext first = run();
		try (ConfigurableApplicationContext second = run()) {
			ping(first);
			ping(second);
			first.close();
			await().until(() -> this.emulator.connections().size() == 1);
			await().until(() -> this.emulator.connections().get(0).authentications() >= 3);
			ping(second);
			assertThat(this.emulator.statistics().connectionsClosedForExpiry()).isZero();
		}
	}

	@Test
	void whenFactoryIsStoppedAndStartedThenItsNewConnectionsAreReauthenticated() {
		try (ConfigurableApplicationContext context = run()) {
			ping(context);
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			factory.stop();
			await().until(() -> this.emulator.connections().isEmpty());
			factory.start();
			ping(context);
			EmulatorConnection connection = this.emulator.connections().get(0);
			await().until(() -> this.emulator.connections().get(0).authentications() >= 3);
			assertThat(this.emulator.connections()).singleElement()
				.extracting(EmulatorConnection::id)
				.isEqualTo(connection.id());
		}
	}

	@Test
	void whenContextIsStoppedThenNoTokenIsAskedForUntilItStarts() {
		try (ConfigurableApplicationContext context = run()) {
			ping(context);
			context.stop();
			assertNothingHappensWhileStopped(context);
			context.start();
			ping(context);
			await().until(() -> this.emulator.connections().get(0).authentications() >= 2);
		}
	}

	@Test
	void whenContextIsPausedLikeOneOfACacheThenItWorksAfterTheRestart() {
		try (ConfigurableApplicationContext context = run()) {
			ping(context);
			context.pause();
			assertNothingHappensWhileStopped(context);
			context.restart();
			ping(context);
		}
	}

	private void assertNothingHappensWhileStopped(ConfigurableApplicationContext context) {
		EntraTokenProvider tokens = context.getBean(EntraTokenProvider.class);
		assertThat(tokens.isRunning()).isFalse();
		assertThat(tokens.currentToken()).isNull();
		await().until(() -> this.emulator.connections().isEmpty());
		long requests = this.emulator.statistics().tokenRequests();
		await().during(Duration.ofSeconds(4))
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.emulator.statistics().tokenRequests() == requests);
	}

	@Test
	void whenContextIsClosedWhileACommandWaitsForATokenThenBothEnd() {
		this.emulator.faults().tokenEndpointHung();
		ConfigurableApplicationContext context = run();
		Thread command = new Thread(() -> {
			try {
				ping(context);
			}
			catch (RuntimeException ex) {
				// What it fails with is not the point.
			}
		});
		command.start();
		await().until(() -> this.emulator.statistics().tokenRequests() > 0);
		context.close();
		await().until(() -> !command.isAlive());
	}

	private ConfigurableApplicationContext run() {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> context.getBeanFactory().registerSingleton("redis", this.emulator))
			.run("--azure.redis.emulator.enabled=true", "--azure.redis.clustering-policy=none",
					"--azure.redis.token.request-timeout=1s");
	}

	private static void ping(ConfigurableApplicationContext context) {
		assertThat(context.getBean(StringRedisTemplate.class).execute(RedisConnectionCommands::ping)).isEqualTo("PONG");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
