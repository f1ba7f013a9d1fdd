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

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import com.azure.core.credential.AccessToken;
import com.azure.core.exception.ClientAuthenticationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

@Tag("slow")
class AzureRedisEmulatorTests {

	@ParameterizedTest
	@EnumSource(names = { "NONE", "OSS" })
	void whenClosedThenNothingIsLeft(AzureRedisClusteringPolicy policy) throws Exception {
		Set<Long> processes = processes();
		Set<Thread> threads = Thread.getAllStackTraces().keySet();
		AzureRedisEmulator emulator = AzureRedisEmulator.builder().clusteringPolicy(policy).tls(false).start();
		emulator.faults().tokenEndpointSlow(Duration.ofHours(1));
		emulator.credential().getToken(LettuceClients.request()).subscribe((token) -> {
		}, (ex) -> {
		});
		Path directory;
		try (RawConnection connection = new RawConnection(emulator)) {
			connection.send("PING");
			assertThat(connection.readLine()).startsWith("-NOAUTH");
			assertThat(processes()).hasSizeGreaterThan(processes.size());
			directory = serverDirectory();
			assertThat(directory).isDirectory();
			emulator.close();
			assertThat(connection.readLine()).isNull();
		}
		emulator.close();
		assertThat(emulator.connections()).isEmpty();
		assertThat(processes()).isEqualTo(processes);
		Awaitility.await().untilAsserted(() -> assertThat(directory).doesNotExist());
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> !threads.contains(thread))
				.extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("azure-redis-emulator") || name.equals("HTTP-Dispatcher")));
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new RawConnection(emulator));
		assertThatIllegalStateException().isThrownBy(emulator::startServer);
		assertThatExceptionOfType(ClientAuthenticationException.class)
			.isThrownBy(() -> emulator.credential().getTokenSync(LettuceClients.request()));
	}

	@Test
	void whenClosedThenPendingTokenRequestsFail() {
		AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start();
		emulator.faults().tokenEndpointHung();
		var token = emulator.credential().getToken(LettuceClients.request()).toFuture();
		emulator.close();
		assertThat(token).isCompletedExceptionally();
		emulator.faults().reset();
		assertThat(emulator.credential().getToken(LettuceClients.request()).toFuture()).isCompletedExceptionally();
	}

	@Test
	void whenThreadsAreStartedThenTheyAreDaemons() {
		Set<Thread> threads = Thread.getAllStackTraces().keySet();
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start()) {
			assertThat(emulator.credential().getTokenSync(LettuceClients.request())).isInstanceOf(AccessToken.class);
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !threads.contains(thread))
				.isNotEmpty()
				.allMatch(Thread::isDaemon);
		}
	}

	@Test
	void whenThereAreSeveralThenEachHasItsOwnData() throws Exception {
		try (AzureRedisEmulator one = AzureRedisEmulator.builder().tls(false).start();
				AzureRedisEmulator two = AzureRedisEmulator.builder().tls(false).start();
				RawConnection toOne = new RawConnection(one);
				RawConnection toTwo = new RawConnection(two)) {
			toOne.send("AUTH", one.objectId(), LettuceClients.token(one));
			toOne.send("SET", "key", "value");
			assertThat(toOne.readLine()).isEqualTo("+OK");
			assertThat(toOne.readLine()).isEqualTo("+OK");
			toTwo.send("AUTH", two.objectId(), LettuceClients.token(two));
			toTwo.send("EXISTS", "key");
			assertThat(toTwo.readLine()).isEqualTo("+OK");
			assertThat(toTwo.readLine()).isEqualTo(":0");
		}
	}

	@Test
	void whenPortIsTakenThenItIsNamedAndNothingIsLeft() {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start()) {
			Set<Long> processes = processes();
			assertThatExceptionOfType(EmulatorStartException.class)
				.isThrownBy(() -> AzureRedisEmulator.builder().port(emulator.port()).start())
				.withMessageContaining("Port " + emulator.port() + " is not free");
			assertThat(processes()).isEqualTo(processes);
		}
	}

	@Test
	void whenInterruptedWhileClusterStartsThenNothingIsLeft() throws Exception {
		Set<Long> processes = processes();
		AzureRedisEmulator.Builder builder = AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS);
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread thread = new Thread(() -> failure.set(catchThrowable(builder::start)));
		thread.start();
		Awaitility.await().until(() -> processes().size() > processes.size());
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).isInstanceOf(EmulatorStartException.class).hasMessageContaining("Interrupted while");
		Awaitility.await().untilAsserted(() -> assertThat(processes()).isEqualTo(processes));
	}

	@Test
	void whenThereIsNoClusterThenItIsNotGiven() {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start()) {
			assertThatIllegalStateException().isThrownBy(emulator::cluster).withMessageContaining("NONE");
		}
	}

	@Test
	void whenBuilderIsGivenValuesThenTheyAreUsed() throws Exception {
		String objectId = UUID.randomUUID().toString();
		int port;
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start()) {
			port = emulator.port();
		}
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder()
			.objectId(objectId)
			.port(port)
			.hostNames("my.redis.azure.net")
			.closeDelay(Duration.ofHours(1))
			.start()) {
			assertThat(emulator.objectId()).isEqualTo(objectId);
			assertThat(emulator.port()).isEqualTo(port);
			assertThat(emulator.host()).isEqualTo("localhost");
			assertThat(emulator.offering()).isEqualTo(AzureRedisOffering.MANAGED_REDIS);
			assertThat(emulator.certificateAuthorityPem()).startsWith("-----BEGIN CERTIFICATE-----\n");
			assertThat(emulator.certificateAuthority().getBasicConstraints()).isNotNegative();
		}
	}

	@Test
	void whenValuesAreInvalidThenTheyAreRefused() {
		AzureRedisEmulator.Builder builder = AzureRedisEmulator.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.objectId("default"))
			.withMessageContaining("'default' is not an object id");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.tokenLifetime(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.closeDelay(Duration.ofSeconds(-1)));
	}

	private static Set<Long> processes() {
		return ProcessHandle.current().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
	}

	/**
	 * Returns the directory of the server, a bundled one.
	 */
	private static Path serverDirectory() {
		return ProcessHandle.current()
			.descendants()
			.flatMap((process) -> process.info().command().stream())
			.map(Path::of)
			.filter((executable) -> executable.getFileName().toString().startsWith("redis-server"))
			.findFirst()
			.orElseThrow()
			.getParent();
	}

}
