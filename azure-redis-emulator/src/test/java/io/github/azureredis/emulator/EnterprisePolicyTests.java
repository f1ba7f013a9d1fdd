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

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class EnterprisePolicyTests {

	private static AzureRedisEmulator emulator;

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.ENTERPRISE)
			.tls(false)
			.start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "INFO", "HELP", "KEYSLOT", "NODES", "SLOTS", "slots", "SHARDS", "MEET" })
	void whenClusterIsAskedForThenItIsNotAllowed(String subcommand) throws Exception {
		try (RawConnection connection = new RawConnection(emulator)) {
			connection.send("CLUSTER", subcommand);
			assertThat(connection.readLine()).startsWith("-NOAUTH");
			connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
			connection.send("PING");
			connection.send("cluster", subcommand);
			connection.send("SELECT", "1");
			connection.send("SET", "key", "value");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(connection.readLine()).isEqualTo("+PONG");
			assertThat(connection.readLine()).isEqualTo("-ERR command is not allowed");
			assertThat(connection.readLine()).startsWith("-ERR unknown command").contains("SELECT");
			assertThat(connection.readLine()).isEqualTo("+OK");
		}
	}

	@Test
	void whenServiceDoesNotHaveThePolicyThenItIsRefused() {
		AzureRedisEmulator.Builder builder = AzureRedisEmulator.builder()
			.offering(AzureRedisOffering.CACHE_FOR_REDIS)
			.clusteringPolicy(AzureRedisClusteringPolicy.ENTERPRISE);
		assertThatIllegalStateException().isThrownBy(builder::start)
			.withMessageContaining("Azure Cache for Redis does not have the clustering policy ENTERPRISE");
	}

	@Test
	void whenThereIsNoClusterThenReplicasAreRefused() {
		AzureRedisEmulator.Builder builder = AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.ENTERPRISE)
			.replicas(true);
		assertThatIllegalStateException().isThrownBy(builder::start).withMessageContaining("OSS, not ENTERPRISE");
	}

}
