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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.azureredis.lettuce.replay.CommandOutcomeUnknownException;
import io.github.azureredis.lettuce.replay.ReplayPolicy;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for threads that share a connection which is lost again and again between a
 * command and its reply.
 */
@Tag("slow")
@Tag("drill")
class CommandReplayLoadTests {

	private static final int CUTS = 50;

	private static final int THREADS = 4;

	private static final int ROUNDS = 150;

	private final AtomicInteger sentAgain = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	@ParameterizedTest
	@EnumSource(names = { "RESP2", "RESP3" })
	void whenPolicyIsIdempotentThenNothingIsDoubledAndReadsAndWritesNeverFail(ProtocolVersion version)
			throws Exception {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			features(clients, ReplayPolicy.IDEMPOTENT);
			assertNothingDoubled(clients,
					clients.client(ClientOptions.builder().protocolVersion(version)).connect().sync());
		}
	}

	@Test
	void whenPolicyIsIdempotentThenNothingIsDoubledInACluster() throws Exception {
		try (EmulatedClients clients = EmulatedClients.clustered(Duration.ofHours(1))) {
			features(clients, ReplayPolicy.IDEMPOTENT);
			assertNothingDoubled(clients, clients.clusterClient(Duration.ofSeconds(1)).connect().sync());
		}
	}

	@Test
	void whenPolicyIsAllThenIncrementsAreDoubled() throws Exception {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			features(clients, ReplayPolicy.ALL);
			Result result = run(clients, clients.client().connect().sync());
			assertThat(result.failed).isEmpty();
			assertThat(result.acknowledged).isEqualTo(THREADS * ROUNDS);
			assertThat(result.counted).isGreaterThan(result.acknowledged);
			assertThat(this.refused).hasValue(0);
			assertThat(this.sentAgain).hasValueGreaterThanOrEqualTo(CUTS);
		}
	}

	@Test
	void whenPolicyIsNoneThenEverythingUnansweredFails() throws Exception {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			features(clients, ReplayPolicy.NONE);
			Result result = run(clients, clients.client().connect().sync());
			assertThat(result.counted).isBetween(result.acknowledged, result.acknowledged + result.unknown("INCR"));
			assertThat(result.failed.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(CUTS)
				.isEqualTo(this.refused.get());
			assertThat(this.sentAgain).hasValue(0);
		}
	}

	private void features(EmulatedClients clients, ReplayPolicy policy) {
		clients.features((builder) -> builder.keepAlive().replay(policy, (sentAgain, refused) -> {
			this.sentAgain.addAndGet(sentAgain);
			this.refused.addAndGet(refused);
		}));
	}

	private void assertNothingDoubled(EmulatedClients clients, RedisClusterCommands<String, String> redis)
			throws Exception {
		Result result = run(clients, redis);
		assertThat(result.failed).containsOnlyKeys("INCR");
		assertThat(result.acknowledged).isEqualTo(THREADS * ROUNDS - result.unknown("INCR"));
		assertThat(result.counted).isBetween(result.acknowledged, THREADS * ROUNDS);
		assertThat(this.refused).hasValue(result.unknown("INCR"));
		assertThat(this.sentAgain).hasPositiveValue();
	}

	private static Result run(EmulatedClients clients, RedisClusterCommands<String, String> redis) throws Exception {
		long before = clients.emulator.statistics().connectionsOpened();
		clients.emulator.faults().cutBeforeReply("INCR", CUTS - 20);
		clients.emulator.faults().cutBeforeReply("GET", 10);
		clients.emulator.faults().cutBeforeReply("SET", 10);
		Result result = new Result();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<?>> tasks = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int number = i;
				tasks.add(threads.submit(() -> use(redis, number, result)));
			}
			for (Future<?> task : tasks) {
				task.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(clients.emulator.statistics().connectionsOpened() - before).isGreaterThanOrEqualTo(CUTS);
		for (int i = 0; i < THREADS; i++) {
			result.counted += Integer.parseInt(redis.get("counter-" + i));
		}
		return result;
	}

	private static void use(RedisClusterCommands<String, String> redis, int number, Result result) {
		long last = 0;
		for (int round = 0; round < ROUNDS; round++) {
			String value = String.valueOf(round);
			Long counted = result.call("INCR", () -> redis.incr("counter-" + number));
			if (counted != null) {
				assertThat(counted).isGreaterThan(last);
				last = counted;
			}
			String set = result.call("SET", () -> redis.set("value-" + number, value));
			String got = result.call("GET", () -> redis.get("value-" + number));
			if (set != null && got != null) {
				assertThat(got).isEqualTo(value);
			}
		}
	}

	/**
	 * Outcome of all threads.
	 */
	private static final class Result {

		private final Map<String, Integer> failed = new HashMap<>();

		private int acknowledged;

		private int counted;

		<T> T call(String name, Callable<T> command) {
			try {
				T reply = command.call();
				synchronized (this) {
					this.acknowledged += name.equals("INCR") ? 1 : 0;
				}
				return reply;
			}
			catch (CommandOutcomeUnknownException ex) {
				assertThat(ex.getCommand()).isEqualTo(name);
				synchronized (this) {
					this.failed.merge(name, 1, Integer::sum);
				}
				return null;
			}
			catch (Exception ex) {
				throw new AssertionError(name, ex);
			}
		}

		synchronized int unknown(String name) {
			return this.failed.getOrDefault(name, 0);
		}

	}

}
