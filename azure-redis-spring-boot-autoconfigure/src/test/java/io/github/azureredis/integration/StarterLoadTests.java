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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorStatistics;
import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.token.TokenRenewedEvent;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.data.annotation.Id;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.RedisHash;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.data.redis.repository.configuration.EnableRedisRepositories;
import org.springframework.data.repository.CrudRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Everything that an application does with Redis, all at once, while tokens are renewed.
 */
@Tag("slow")
class StarterLoadTests {

	private static final int RENEWALS = 2;

	private static final int LEAST = 10;

	@ParameterizedTest
	@CsvSource({ "none, pool.enabled=false", "none, pool.max-active=16", "oss, pool.enabled=false",
			"oss, pool.max-active=16" })
	void whenTokensAreRenewedUnderLoadThenNothingFailsOrIsLostOrDoubled(String clusteringPolicy, String pool)
			throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--azure.redis.emulator.enabled=true", "--azure.redis.emulator.token-lifetime=8s",
					"--azure.redis.token.reauthentication-spread=200ms", "--spring.cache.type=redis",
					"--azure.redis.emulator.clustering-policy=" + clusteringPolicy,
					"--spring.data.redis.lettuce." + pool)) {
			AzureRedisEmulator emulator = context.getBean(AzureRedisEmulator.class);
			Load load = new Load(context);
			int renewals = load.events.renewals.get();
			Map<String, Integer> done = load.runUntil(() -> load.events.renewals.get() >= renewals + RENEWALS);
			load.verify(done);
			EmulatorStatistics statistics = emulator.statistics();
			assertThat(statistics.connectionsClosedForExpiry()).isZero();
			assertThat(load.events.reauthenticated).hasSizeGreaterThanOrEqualTo(2);
			assertThat(statistics.reauthenticationsAccepted())
				.isLessThanOrEqualTo(statistics.connectionsOpened() * (statistics.tokenRequests() - 1));
		}
	}

	static class Load {

		private final StringRedisTemplate redis;

		private final ReactiveStringRedisTemplate reactive;

		private final Squares squares;

		private final PersonRepository people;

		private final LettuceConnectionFactory connectionFactory;

		final Application events;

		Load(ConfigurableApplicationContext context) {
			this.redis = context.getBean(StringRedisTemplate.class);
			this.reactive = context.getBean(ReactiveStringRedisTemplate.class);
			this.squares = context.getBean(Squares.class);
			this.people = context.getBean(PersonRepository.class);
			this.connectionFactory = context.getBean(LettuceConnectionFactory.class);
			this.events = context.getBean(Application.class);
		}

		Map<String, Integer> runUntil(Callable<Boolean> condition) throws Exception {
			Map<String, Runnable> tasks = Map.of("increment", () -> this.redis.opsForValue().increment("increment"),
					"increment-2", () -> this.redis.opsForValue().increment("increment-2"), "transaction",
					transaction(), "transaction-2", transaction(), "publish",
					() -> this.redis.convertAndSend("news", "message"), "reactive",
					() -> this.reactive.opsForValue().increment("reactive").block(Duration.ofMinutes(1)), "cache",
					this::cache, "repository", this::repository);
			Map<String, Integer> done = new ConcurrentHashMap<>();
			ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
			List<Future<?>> running = new ArrayList<>();
			tasks.forEach((name, task) -> running.add(executor.submit(() -> {
				while (!condition.call() || done.getOrDefault(name, 0) <= LEAST) {
					task.run();
					done.merge(name, 1, Integer::sum);
				}
				return null;
			})));
			executor.shutdown();
			for (Future<?> future : running) {
				future.get();
			}
			return done;
		}

		void verify(Map<String, Integer> done) {
			assertThat(done).allSatisfy((name, count) -> assertThat(count).as(name).isGreaterThan(LEAST));
			for (String counter : Set.of("increment", "increment-2", "reactive")) {
				assertThat(this.redis.opsForValue().get(counter)).as(counter)
					.isEqualTo(String.valueOf(done.get(counter)));
			}
			assertThat(this.redis.opsForList().size("transactions"))
				.isEqualTo(2L * (done.get("transaction") + done.get("transaction-2")));
			int published = done.get("publish");
			await().until(() -> this.events.received.size() == published);
		}

		private Runnable transaction() {
			return this.connectionFactory.isClusterAware() ? nodeTransaction() : this::springTransaction;
		}

		/**
		 * Spring Data has no transactions on a cluster, Lettuce has them on each node.
		 * @return runs a transaction
		 */
		private Runnable nodeTransaction() {
			StatefulRedisClusterConnection<String, String> cluster = ((RedisClusterClient) this.connectionFactory
				.getRequiredNativeClient()).connect();
			RedisClusterNode node = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot("transactions"));
			RedisCommands<String, String> redis = cluster.getConnection(node.getNodeId()).sync();
			return () -> {
				redis.multi();
				redis.rpush("transactions", "a");
				redis.rpush("transactions", "b");
				assertThat(redis.exec()).hasSize(2);
			};
		}

		private void springTransaction() {
			List<Object> results = this.redis.execute(new SessionCallback<>() {

				@Override
				@SuppressWarnings("unchecked")
				public <K, V> List<Object> execute(RedisOperations<K, V> operations) throws DataAccessException {
					RedisOperations<String, String> redis = (RedisOperations<String, String>) operations;
					redis.multi();
					redis.opsForList().rightPush("transactions", "a");
					redis.opsForList().rightPush("transactions", "b");
					return redis.exec();
				}

			});
			assertThat(results).hasSize(2);
		}

		private void cache() {
			assertThat(this.squares.of(12)).isEqualTo(144);
		}

		private void repository() {
			this.people.save(new Person("ada", "Ada"));
			assertThat(this.people.findById("ada").map(Person::name)).contains("Ada");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching
	@EnableRedisRepositories(considerNestedRepositories = true,
			includeFilters = @org.springframework.context.annotation.ComponentScan.Filter(
					type = org.springframework.context.annotation.FilterType.ASSIGNABLE_TYPE,
					classes = PersonRepository.class))
	static class Application {

		final AtomicInteger renewals = new AtomicInteger();

		final Queue<ConnectionReauthenticatedEvent> reauthenticated = new ConcurrentLinkedQueue<>();

		final Queue<String> received = new ConcurrentLinkedQueue<>();

		@Bean
		Squares squares() {
			return new Squares();
		}

		@Bean
		RedisMessageListenerContainer listenerContainer(RedisConnectionFactory connectionFactory) {
			RedisMessageListenerContainer container = new RedisMessageListenerContainer();
			container.setConnectionFactory(connectionFactory);
			container.addMessageListener((message, pattern) -> this.received.add(message.toString()),
					new ChannelTopic("news"));
			return container;
		}

		@EventListener
		void renewed(TokenRenewedEvent event) {
			this.renewals.incrementAndGet();
		}

		@EventListener
		void reauthenticated(ConnectionReauthenticatedEvent event) {
			this.reauthenticated.add(event);
		}

	}

	static class Squares {

		@Cacheable("squares")
		public int of(int number) {
			return number * number;
		}

	}

	@RedisHash("person")
	record Person(@Id String id, String name) {

	}

	interface PersonRepository extends CrudRepository<Person, String> {

	}

}
