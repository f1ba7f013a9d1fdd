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
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.azureredis.emulator.EmulatorStatistics;
import io.github.azureredis.token.TokenRenewalFailedEvent;
import io.github.azureredis.token.TokenRenewedEvent;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application feels of faults of the token endpoint and of the server: it
 * recovers by itself, and nothing fails that need not. Commands may wait 20 seconds.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class FaultToleranceTests {

	private static final Duration TOKEN_LIFE = Duration.ofSeconds(4);

	@Test
	void whenTokenEndpointIsDownForThreeLivesThenCommandsOnlyWait(CapturedOutput output) {
		try (EmulatedClients clients = new EmulatedClients(TOKEN_LIFE); Load load = new Load(clients)) {
			Instant down = Instant.now();
			clients.emulator.faults().tokenEndpointDown();
			await().atMost(Duration.ofSeconds(30))
				.until(() -> Instant.now().isAfter(down.plus(TOKEN_LIFE.multipliedBy(3))));
			assertThat(clients.tokens.currentToken()).isNull();
			assertThat(clients.emulator.statistics().tokenRequestsFailed()).isBetween(3L, 60L);
			clients.emulator.faults().tokenEndpointUp();
			load.awaitMore();
			assertThat(load.failed.get()).isZero();
			assertThat(output).containsOnlyOnce(
					"Token renewal fails and will be tried again until it works. The current" + " token lasts until");
			assertThat(output).containsOnlyOnce("and there is no new one");
			assertThat(output).containsOnlyOnce("Token renewal works again");
		}
	}

	@Test
	void whenTokenEndpointHangsForAWhileThenNothingIsNoticed() {
		Duration life = Duration.ofSeconds(12);
		try (EmulatedClients clients = new EmulatedClients(life); Load load = new Load(clients)) {
			clients.emulator.faults().tokenEndpointHung();
			await().atMost(Duration.ofSeconds(30))
				.until(() -> !clients.events(TokenRenewalFailedEvent.class).isEmpty());
			clients.emulator.faults().tokenEndpointUp();
			clients.awaitRenewals(1);
			load.awaitMore();
			assertThat(load.failed.get()).isZero();
			assertUndisturbed(clients);
		}
	}

	@Test
	void whenAuthenticationIsSlowThenCommandsOnlyWait() {
		try (EmulatedClients clients = new EmulatedClients(TOKEN_LIFE, Duration.ofMinutes(1), Duration.ZERO);
				Load load = new Load(clients)) {
			clients.emulator.faults().tokenExpirySkew(Duration.ZERO);
			clients.emulator.faults().authenticationSlow(Duration.ofSeconds(5));
			await().atMost(Duration.ofSeconds(30)).until(() -> clients.connection().authentications() == 2);
			load.awaitMore();
			assertThat(load.failed.get()).isZero();
			assertUndisturbed(clients);
		}
	}

	@Tag("drill")
	@Test
	void whenCredentialAnswersWithTheSameTokenUntilShortlyBeforeItsEndThenNothingIsNoticed() {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofSeconds(16)); Load load = new Load(clients)) {
			clients.emulator.faults().repeatTokenUntil(Duration.ofSeconds(3));
			clients.awaitRenewals(1);
			await().until(() -> clients.connection().authentications() == 2);
			load.awaitMore();
			assertThat(clients.emulator.statistics().tokenRequests()).isBetween(3L, 4L);
			assertThat(load.failed.get()).isZero();
			assertUndisturbed(clients);
		}
	}

	@Test
	void whenCredentialSaysThatTokensEndLaterThanTheyDoThenNothingIsNoticed() {
		try (EmulatedClients clients = new EmulatedClients((faults) -> faults.tokenExpirySkew(Duration.ofHours(1)),
				TOKEN_LIFE); Load load = new Load(clients)) {
			clients.awaitRenewals(2);
			load.awaitMore();
			assertThat(load.failed.get()).isZero();
			assertUndisturbed(clients);
		}
	}

	@Test
	void whenConnectionsAreCutDuringARenewalThenCommandsOnlyWait() {
		try (EmulatedClients clients = new EmulatedClients(TOKEN_LIFE); Load load = new Load(clients)) {
			clients.emulator.faults().tokenEndpointSlow(Duration.ofMillis(500));
			long asked = clients.emulator.statistics().tokenRequests();
			await().until(() -> clients.emulator.statistics().tokenRequests() > asked);
			clients.emulator.faults().cutConnections();
			clients.awaitRenewals(2);
			load.awaitMore();
			assertThat(load.failed.get()).isZero();
			assertThat(clients.emulator.statistics().connectionsClosedForExpiry()).isZero();
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(2);
		}
	}

	@Test
	void whenServerIsRestartedWhileTheTokenEndpointIsDownThenCommandsOnlyWait() {
		try (EmulatedClients clients = new EmulatedClients(TOKEN_LIFE); Load load = new Load(clients)) {
			clients.emulator.faults().tokenEndpointDown();
			clients.emulator.stopServer();
			await().until(() -> clients.tokens.currentToken() == null);
			clients.emulator.startServer();
			await().until(() -> clients.emulator.statistics().connectionsOpened() > 1);
			clients.emulator.faults().tokenEndpointUp();
			load.awaitMore();
			assertThat(load.failed.get()).isZero();
			clients.awaitRenewals(1);
			load.awaitMore();
		}
	}

	private static void assertUndisturbed(EmulatedClients clients) {
		EmulatorStatistics statistics = clients.emulator.statistics();
		assertThat(statistics.connectionsOpened()).isEqualTo(1);
		assertThat(statistics.connectionsClosedForExpiry()).isZero();
		assertThat(clients.events(TokenRenewedEvent.class)).isNotEmpty();
	}

	/**
	 * One thread that uses one connection without a pause.
	 */
	private static final class Load implements AutoCloseable {

		final AtomicInteger succeeded = new AtomicInteger();

		final AtomicInteger failed = new AtomicInteger();

		private final AtomicBoolean closed = new AtomicBoolean();

		private final CountDownLatch ended = new CountDownLatch(1);

		Load(EmulatedClients clients) {
			RedisCommands<String, String> redis = clients.client().connect().sync();
			new Thread(() -> {
				while (!this.closed.get()) {
					try {
						redis.get("key");
						this.succeeded.incrementAndGet();
					}
					catch (RuntimeException ex) {
						this.failed.incrementAndGet();
					}
				}
				this.ended.countDown();
			}).start();
			awaitMore();
		}

		void awaitMore() {
			int before = this.succeeded.get();
			await().atMost(Duration.ofSeconds(10)).until(() -> this.succeeded.get() > before + 10);
		}

		@Override
		public void close() {
			this.closed.set(true);
			try {
				this.ended.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
