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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.ConnectionTotals;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorFaults;
import io.github.azureredis.lettuce.replay.CommandOutcomeUnknownException;
import io.github.azureredis.lettuce.replay.TransactionLostException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections that are lost after a command has run and before its reply, with each
 * {@code azure.redis.replay}.
 */
@Tag("slow")
class ReplayTests {

	private static final int THREADS = 4;

	private static final int ROUNDS = 150;

	private static final int CUTS = 50;

	@ParameterizedTest
	@CsvSource({ "none, pool.enabled=false", "oss, pool.max-active=16" })
	void whenPolicyIsIdempotentThenNothingIsDoubledAndReadsAndWritesNeverFail(String clusteringPolicy, String pool)
			throws Exception {
		assertThatNothingIsDoubledAndReadsAndWritesNeverFail(clusteringPolicy, pool);
	}

	@Tag("drill")
	@ParameterizedTest
	@CsvSource({ "none, pool.max-active=16", "oss, pool.enabled=false" })
	void whenPolicyIsIdempotentThenThisIsSoWithOtherClients(String clusteringPolicy, String pool) throws Exception {
		assertThatNothingIsDoubledAndReadsAndWritesNeverFail(clusteringPolicy, pool);
	}

	private static void assertThatNothingIsDoubledAndReadsAndWritesNeverFail(String clusteringPolicy, String pool)
			throws Exception {
		try (ConfigurableApplicationContext context = start("--azure.redis.replay=idempotent",
				"--azure.redis.emulator.clustering-policy=" + clusteringPolicy,
				"--spring.data.redis.lettuce." + pool)) {
			Load load = new Load(context);
			load.run();
			assertThat(load.failed).hasValue(0);
			assertThat(load.unknown).hasPositiveValue();
			assertThat(load.counted()).isBetween(load.acknowledged.get(), load.acknowledged.get() + load.unknown.get());
			ConnectionTotals totals = load.totals();
			assertThat(totals.getCommandsRefused()).isEqualTo(load.unknown.get());
			assertThat(totals.getCommandsSentAgain()).isPositive();
		}
	}

	@Tag("drill")
	@Test
	void whenPolicyIsNotSetThenNothingFailsAndIncrementsAreDoubled() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			Load load = new Load(context);
			load.run();
			assertThat(load.failed).hasValue(0);
			assertThat(load.unknown).hasValue(0);
			assertThat(load.counted()).isGreaterThan(load.acknowledged.get());
			assertThat(load.totals().getCommandsSentAgain()).isGreaterThanOrEqualTo(CUTS);
			assertThat(load.totals().getCommandsRefused()).isZero();
		}
	}

	@Tag("drill")
	@Test
	void whenPolicyIsNoneThenReadsAndWritesFailToo() throws Exception {
		try (ConfigurableApplicationContext context = start("--azure.redis.replay=none")) {
			Load load = new Load(context);
			load.run();
			assertThat(load.failed).hasPositiveValue();
			assertThat(load.counted()).isBetween(load.acknowledged.get(), load.acknowledged.get() + load.unknown.get());
			assertThat(load.totals().getCommandsSentAgain()).isZero();
			assertThat(load.totals().getCommandsRefused()).isEqualTo(load.failed.get() + load.unknown.get());
		}
	}

	@ParameterizedTest
	@CsvSource({ "pool.enabled=false", "pool.max-active=16" })
	void whenPolicyIsIdempotentThenTransactionsRunAsAWholeOrNotAtAll(String pool) {
		try (ConfigurableApplicationContext context = start("--azure.redis.replay=idempotent",
				"--spring.data.redis.lettuce." + pool)) {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			EmulatorFaults faults = context.getBean(AzureRedisEmulator.class).faults();
			int acknowledged = 0;
			int unknown = 0;
			for (int round = 0; round < 30; round++) {
				faults.cutBeforeReply(List.of("MULTI", "RPUSH", "EXEC").get(round % 3), 1);
				try {
					transaction(redis);
					acknowledged++;
				}
				catch (RuntimeException ex) {
					boolean mayHaveRun = isCausedBy(ex, CommandOutcomeUnknownException.class);
					assertThat(mayHaveRun || isCausedBy(ex, TransactionLostException.class)).as("%s", ex).isTrue();
					unknown += mayHaveRun ? 1 : 0;
				}
				faults.reset();
			}
			Long size = redis.opsForList().size("transactions");
			assertThat(unknown).isPositive();
			assertThat(size).isNotNull().isEven().isBetween(2L * acknowledged, 2L * (acknowledged + unknown));
			transaction(redis);
			assertThat(redis.opsForList().size("transactions")).isEqualTo(size + 2);
		}
	}

	@Test
	void whenPolicyIsIdempotentThenAPipelineTells() {
		try (ConfigurableApplicationContext context = start("--azure.redis.replay=idempotent")) {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			context.getBean(AzureRedisEmulator.class).faults().cutBeforeReply("INCR", 1);
			RedisCallback<Object> commands = (connection) -> {
				pipeline(connection);
				return null;
			};
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> redis.executePipelined(commands))
				.satisfies((failure) -> assertThat(isCausedBy(failure, CommandOutcomeUnknownException.class)).isTrue());
			assertThat(redis.opsForValue().get("piped")).isEqualTo("1");
		}
	}

	private static void pipeline(RedisConnection connection) {
		connection.stringCommands().incr("piped".getBytes());
		connection.stringCommands().incr("piped".getBytes());
		connection.stringCommands().set("set".getBytes(), "value".getBytes());
	}

	private static void transaction(StringRedisTemplate template) {
		template.execute(new SessionCallback<>() {

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
	}

	private static ConfigurableApplicationContext start(String... properties) {
		List<String> arguments = new ArrayList<>(List.of(properties));
		arguments.add("--azure.redis.emulator.enabled=true");
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Threads that increment, set and get.
	 */
	private static final class Load {

		private final StringRedisTemplate redis;

		private final AzureRedisEmulator emulator;

		private final AzureRedisMonitor monitor;

		private final AtomicInteger acknowledged = new AtomicInteger();

		private final AtomicInteger unknown = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		Load(ConfigurableApplicationContext context) {
			this.redis = context.getBean(StringRedisTemplate.class);
			this.emulator = context.getBean(AzureRedisEmulator.class);
			this.monitor = context.getBean(AzureRedisMonitor.class);
		}

		void run() throws Exception {
			this.redis.opsForValue().set("first", "value");
			long before = this.emulator.statistics().connectionsOpened();
			this.emulator.faults().cutBeforeReply("INCR", CUTS - 20);
			this.emulator.faults().cutBeforeReply("GET", 10);
			this.emulator.faults().cutBeforeReply("SET", 10);
			ExecutorService threads = Executors.newFixedThreadPool(THREADS);
			try {
				List<Future<?>> tasks = new ArrayList<>();
				for (int i = 0; i < THREADS; i++) {
					int number = i;
					tasks.add(threads.submit(() -> use(number)));
				}
				for (Future<?> task : tasks) {
					task.get();
				}
			}
			finally {
				threads.shutdownNow();
			}
			await().until(() -> this.emulator.statistics().connectionsOpened() - before >= CUTS);
		}

		private void use(int number) {
			for (int round = 0; round < ROUNDS; round++) {
				String value = String.valueOf(round);
				try {
					this.redis.opsForValue().increment("counter-" + number);
					this.acknowledged.incrementAndGet();
				}
				catch (RedisSystemException ex) {
					assertThat(isCausedBy(ex, CommandOutcomeUnknownException.class)).isTrue();
					this.unknown.incrementAndGet();
				}
				try {
					this.redis.opsForValue().set("value-" + number, value);
					assertThat(this.redis.opsForValue().get("value-" + number)).isEqualTo(value);
				}
				catch (RedisSystemException ex) {
					assertThat(isCausedBy(ex, CommandOutcomeUnknownException.class)).isTrue();
					this.failed.incrementAndGet();
				}
			}
		}

		int counted() {
			int sum = 0;
			for (int i = 0; i < THREADS; i++) {
				String count = this.redis.opsForValue().get("counter-" + i);
				sum += (count != null) ? Integer.parseInt(count) : 0;
			}
			return sum;
		}

		ConnectionTotals totals() {
			return this.monitor.getStatus().getConnectionTotals();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
