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

package io.github.azureredis.integration.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.emulator.EmulatorStatistics;
import org.awaitility.core.ConditionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Lets things happen to an emulator while two applications use it: one whose commands
 * share a connection, and one whose commands take connections from a pool.
 */
final class Drills implements AutoCloseable {

	static final Duration TOKEN_LIFETIME = Duration.ofSeconds(8);

	private static final Logger logger = LoggerFactory.getLogger(Drills.class);

	private final AzureRedisEmulator emulator;

	private final List<DrillLoad> loads;

	private EmulatorStatistics before;

	Drills(AzureRedisEmulator emulator) {
		this.emulator = emulator;
		this.before = emulator.statistics();
		this.loads = List.of(new DrillLoad("shared", emulator, "spring.data.redis.lettuce.pool.enabled=false"),
				new DrillLoad("pooled", emulator, "spring.data.redis.lettuce.pool.enabled=true"));
	}

	/**
	 * Run a drill.
	 * @param name its name, for the log
	 * @param before what happens right before
	 * @param drill what happens
	 * @return what each application has noticed of it, after it works again
	 */
	List<Figures> run(String name, Before before, Runnable drill) {
		if (before == Before.TOKEN_OUTAGE) {
			outliveToken();
		}
		this.before = this.emulator.statistics();
		this.loads.forEach(DrillLoad::begin);
		drill.run();
		Instant over = Instant.now();
		List<Figures> figures = inParallel(this.loads.stream(), (load) -> load.end(over));
		figures.forEach((application) -> log(name + before.suffix, application));
		return figures;
	}

	/**
	 * Let the token end without a new one, until there is one again.
	 */
	private void outliveToken() {
		this.emulator.faults().tokenEndpointDown();
		awaitTokens().until(() -> this.loads.stream().allMatch(DrillLoad::isTokenMissing));
		this.emulator.faults().tokenEndpointUp();
		awaitTokens().until(() -> this.loads.stream().noneMatch(DrillLoad::isTokenMissing));
	}

	private static ConditionFactory awaitTokens() {
		return await().atMost(TOKEN_LIFETIME.multipliedBy(4));
	}

	void log(String name, Object figures) {
		logger.info("Drill '{}': {}", name, figures);
	}

	void awaitAll() {
		inParallel(this.loads.stream(), (load) -> {
			load.awaitAll();
			return load;
		});
	}

	/**
	 * Return the keys that are incremented.
	 */
	List<String> keys() {
		return this.loads.stream().flatMap((load) -> load.keys().stream()).toList();
	}

	/**
	 * Assert that no connection has ended with its token since the drill began.
	 */
	void assertNoConnectionExpired() {
		assertThat(this.emulator.statistics().connectionsClosedForExpiry())
			.isEqualTo(this.before.connectionsClosedForExpiry());
	}

	/**
	 * Assert that each connection whose token ends before long is authenticated again.
	 */
	void assertReauthenticationGoesOn() {
		EmulatorStatistics now = this.emulator.statistics();
		Map<Long, Instant> expiries = this.emulator.connections()
			.stream()
			.filter((connection) -> connection.tokenExpiresAt() != null)
			.collect(Collectors.toMap(EmulatorConnection::id, EmulatorConnection::tokenExpiresAt));
		awaitTokens().untilAsserted(() -> assertThat(this.emulator.connections())
			.filteredOn((connection) -> expiries.containsKey(connection.id()))
			.allMatch((connection) -> connection.tokenExpiresAt().isAfter(expiries.get(connection.id()))));
		assertThat(this.emulator.statistics().connectionsClosedForExpiry()).isEqualTo(now.connectionsClosedForExpiry());
	}

	static void letPass(Duration duration) {
		await().pollDelay(duration).atMost(duration.plusMinutes(1)).until(() -> true);
	}

	private static <T, R> List<R> inParallel(Stream<T> arguments, Function<T, R> function) {
		return arguments.map((argument) -> CompletableFuture.supplyAsync(() -> function.apply(argument)))
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList();
	}

	@Override
	public void close() {
		this.loads.forEach(DrillLoad::close);
	}

	/**
	 * What happens right before a drill.
	 */
	enum Before {

		NOTHING(""), TOKEN_OUTAGE(", after a token outage");

		private final String suffix;

		Before(String suffix) {
			this.suffix = suffix;
		}

	}

}
