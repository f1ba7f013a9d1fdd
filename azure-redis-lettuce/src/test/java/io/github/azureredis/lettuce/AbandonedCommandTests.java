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
import java.util.List;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for commands that an application has given up while there was no connection.
 */
@Tag("slow")
class AbandonedCommandTests {

	@Test
	void whenACommandIsGivenUpThenItDoesNotRunLater() {
		try (EmulatedClients clients = EmulatedClients.clustered(Duration.ofHours(1))) {
			StatefulRedisClusterConnection<String, String> connection = clients.clusterClient(Duration.ofHours(1))
				.connect();
			RedisAdvancedClusterCommands<String, String> redis = connection.sync();
			List<String> keys = List.of("cancelled", "disposed", "timed-out");
			keys.forEach((key) -> redis.set(key, "0"));
			clients.emulator.faults().instanceDown();
			await().until(() -> clients.emulator.connections().isEmpty());
			connection.async().incr("cancelled").cancel(true);
			connection.reactive().incr("disposed").subscribe().dispose();
			connection.setTimeout(Duration.ofMillis(10));
			assertThatExceptionOfType(RedisCommandTimeoutException.class).isThrownBy(() -> redis.incr("timed-out"));
			clients.emulator.faults().instanceUp();
			connection.setTimeout(Duration.ofSeconds(30));
			assertThat(keys).allSatisfy((key) -> assertThat(redis.get(key)).isEqualTo("0"));
		}
	}

}
