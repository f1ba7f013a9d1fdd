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

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Tag("slow")
class MigrationTests {

	private static final String OTHER = UUID.randomUUID().toString();

	private AzureRedisEmulator emulator;

	@AfterEach
	void closeEmulator() {
		this.emulator.close();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			NONE, OSS, *
			NONE, ENTERPRISE, -ERR command is not allowed
			NONE, NONE, -ERR This instance has cluster support disabled
			OSS,  OSS, *
			""")
	void whenMigratedThenOnlyPortAndAccessKeyAreTheSame(AzureRedisClusteringPolicy from, AzureRedisClusteringPolicy to,
			String answer) throws Exception {
		start(from);
		int port = this.emulator.port();
		try (RawConnection open = connect()) {
			assertThat(authenticate(open)).isEqualTo("+OK");
			assertThat(call(open, "CONFIG", "GET", "port")).startsWith("-ERR unknown command");
			call(open, "SET", "key", "value");
			this.emulator.migrate(AzureRedisOffering.MANAGED_REDIS, to);
			assertThat(open.readLine()).isNull();
		}
		assertThat(this.emulator.port()).isEqualTo(port);
		assertThat(this.emulator.offering()).isEqualTo(AzureRedisOffering.MANAGED_REDIS);
		assertThat(this.emulator.clusteringPolicy()).isEqualTo(to);
		try (RawConnection connection = connect()) {
			assertThat(authenticate(connection))
				.isEqualTo("-WRONGPASS invalid username-password pair or user is disabled.");
			assertThat(call(connection, "AUTH", "key")).isEqualTo("+OK");
			assertThat(call(connection, "DBSIZE")).isEqualTo(":0");
			this.emulator.assign(this.emulator.objectId());
			assertThat(authenticate(connection)).isEqualTo("+OK");
			assertThat(call(connection, "SELECT", "1")).startsWith("-ERR unknown command");
			assertThat(call(connection, "CLUSTER", "SLOTS")).startsWith(answer);
		}
	}

	@Test
	void whenMigrationIsRolledBackThenServiceIsTheOldOne() throws Exception {
		start(AzureRedisClusteringPolicy.NONE);
		this.emulator.migrate(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.OSS);
		EmulatorCluster cluster = this.emulator.cluster();
		EmulatorNode node = cluster.nodes().get(0);
		cluster.watchRetiredPorts();
		this.emulator.migrate(AzureRedisOffering.CACHE_FOR_REDIS, AzureRedisClusteringPolicy.NONE);
		this.emulator.assign(this.emulator.objectId());
		try (RawConnection connection = connect()) {
			assertThat(authenticate(connection)).isEqualTo("+OK");
			assertThat(call(connection, "SELECT", "1")).isEqualTo("+OK");
		}
		assertThat(cluster.retiredPorts()).extracting(EmulatorRetiredPort::port).contains(node.port());
		assertThatIllegalStateException().isThrownBy(cluster::addNode).withMessage("The cluster is closed");
		assertThatIllegalStateException().isThrownBy(this.emulator::cluster);
		assertThatIllegalStateException().isThrownBy(
				() -> this.emulator.migrate(AzureRedisOffering.CACHE_FOR_REDIS, AzureRedisClusteringPolicy.ENTERPRISE));
	}

	@Test
	void whenIdentityIsUnassignedThenItsConnectionsEndAndItIsRefused() throws Exception {
		start(AzureRedisClusteringPolicy.NONE);
		try (RawConnection open = connect(); RawConnection other = connect()) {
			assertThat(authenticate(open)).isEqualTo("+OK");
			assertThat(call(other, "AUTH", OTHER, LettuceClients.token(this.emulator, OTHER))).isEqualTo("+OK");
			this.emulator.unassign(this.emulator.objectId());
			assertThat(open.readLine()).isNull();
			assertThat(call(other, "PING")).isEqualTo("+PONG");
			assertThat(authenticate(other)).startsWith("-WRONGPASS");
			this.emulator.assign(this.emulator.objectId());
			assertThat(authenticate(other)).isEqualTo("+OK");
		}
		String unknown = UUID.randomUUID().toString();
		assertThatIllegalArgumentException().isThrownBy(() -> this.emulator.assign(unknown));
		assertThatIllegalArgumentException().isThrownBy(() -> this.emulator.unassign(unknown));
	}

	@Test
	void whenMigratedTwiceAtOnceInAnOutageOfTokensThenBothHappen() throws Exception {
		start(AzureRedisClusteringPolicy.NONE);
		this.emulator.faults().tokenEndpointDown();
		CompletableFuture<Void> first = CompletableFuture.runAsync(
				() -> this.emulator.migrate(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.ENTERPRISE));
		CompletableFuture<Void> second = CompletableFuture.runAsync(
				() -> this.emulator.migrate(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.ENTERPRISE));
		first.get();
		second.get();
		this.emulator.faults().reset();
		this.emulator.assign(this.emulator.objectId());
		try (RawConnection connection = connect()) {
			assertThat(authenticate(connection)).isEqualTo("+OK");
		}
	}

	@Test
	void whenEmulatorIsClosedInAMigrationThenThatFails() {
		start(AzureRedisClusteringPolicy.NONE);
		CompletableFuture<Void> migration = CompletableFuture
			.runAsync(() -> this.emulator.migrate(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.OSS));
		long processes = ProcessHandle.current().descendants().count();
		Awaitility.await().until(() -> ProcessHandle.current().descendants().count() > processes);
		this.emulator.close();
		assertThatExceptionOfType(Exception.class).isThrownBy(migration::get);
		assertThatIllegalStateException()
			.isThrownBy(() -> this.emulator.migrate(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.NONE));
	}

	private void start(AzureRedisClusteringPolicy policy) {
		this.emulator = AzureRedisEmulator.builder()
			.offering(AzureRedisOffering.CACHE_FOR_REDIS)
			.clusteringPolicy(policy)
			.identity(OTHER, UUID.randomUUID().toString())
			.accessKey("key")
			.tls(false)
			.start();
	}

	private RawConnection connect() throws IOException {
		return new RawConnection(this.emulator);
	}

	private String authenticate(RawConnection connection) throws IOException {
		return call(connection, "AUTH", this.emulator.objectId(), LettuceClients.token(this.emulator));
	}

	private static String call(RawConnection connection, String... command) throws IOException {
		connection.send(command);
		return connection.readLine();
	}

}
