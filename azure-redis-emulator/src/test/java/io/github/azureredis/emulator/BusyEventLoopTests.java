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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BusyEventLoopTests {

	private final String objectId = UUID.randomUUID().toString();

	private final HeldClock clock = new HeldClock();

	private final TokenAuthority authority = new TokenAuthority(this.clock);

	private final Counters counters = new Counters();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private RedisBackend backend;

	private Front front;

	private RawConnection connection;

	@BeforeEach
	void connect() throws Exception {
		Identities identities = new Identities(Map.of(this.objectId, UUID.randomUUID().toString()), false);
		CommandRules rules = new CommandRules(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.NONE);
		Connections connections = new Connections(this.timer);
		EmulatorFaults faults = new EmulatorFaults(
				new TokenEndpoint(this.authority, this.counters, this.timer, this.clock, Duration.ofHours(1)),
				connections);
		List<String> configuration = identities.configuration();
		this.backend = new RedisBackend(new RedisExecutables(), new InternalUser(), (port, directory) -> configuration);
		this.backend.start();
		this.front = new Front(null,
				new ClientConnection.Services(new Authenticator(this.authority, identities, faults, null), rules,
						connections, this.counters, faults, new MaintenanceRequests(), Duration.ZERO));
		this.connection = new RawConnection(this.front.open(0, this.backend::running).number());
	}

	@AfterEach
	void close() throws Exception {
		this.clock.release();
		this.connection.close();
		this.front.close();
		this.backend.close();
		this.timer.shutdownNow();
	}

	@Test
	void whenAuthArrivesBeforeExpiryAndIsReadAfterItThenConnectionStays() throws Exception {
		IssuedToken second = this.authority.issue(this.objectId, Duration.ofHours(1));
		IssuedToken first = holdEventLoopWithToken();
		authenticate(second);
		releaseAfter(first.expiresAt().plusMillis(50));
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
		assertThatConnectionStays();
	}

	@Test
	void whenExpiryIsLateThenClientHasAsMuchTime() throws Exception {
		IssuedToken second = this.authority.issue(this.objectId, Duration.ofHours(1));
		IssuedToken first = holdEventLoopWithToken();
		releaseAfter(first.expiresAt().plusSeconds(5));
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
		authenticate(second);
		assertThatConnectionStays();
	}

	@Test
	void whenNoAuthArrivesBeforeLateExpiryThenConnectionIsClosed() throws Exception {
		IssuedToken token = holdEventLoopWithToken();
		releaseAfter(token.expiresAt().plusSeconds(2));
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
		assertThat(this.connection.readLine()).isNull();
		assertThat(this.counters.connectionsClosedForExpiry.sum()).isEqualTo(1);
	}

	/**
	 * Authenticates, and lets the event loop stop in the refusal of a second
	 * {@code AUTH}.
	 */
	private IssuedToken holdEventLoopWithToken() throws Exception {
		IssuedToken token = this.authority.issue(this.objectId, Duration.ofSeconds(3));
		authenticate(token);
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		this.clock.hold();
		authenticate(token);
		this.clock.awaitHeld();
		return token;
	}

	private void releaseAfter(Instant time) {
		Awaitility.await().until(() -> Instant.now().isAfter(time));
		this.clock.release();
	}

	private void assertThatConnectionStays() throws Exception {
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		this.connection.send("PING");
		assertThat(this.connection.readLine()).isEqualTo("+PONG");
		assertThat(this.counters.connectionsClosedForExpiry.sum()).isZero();
	}

	private void authenticate(IssuedToken token) throws Exception {
		this.connection.send("AUTH", token.objectId(), token.text());
	}

	/**
	 * A clock that holds up the event loop that reads it.
	 */
	private static final class HeldClock extends Clock {

		private final CountDownLatch held = new CountDownLatch(1);

		private volatile @Nullable CountDownLatch released;

		void hold() {
			this.released = new CountDownLatch(1);
		}

		void awaitHeld() throws InterruptedException {
			assertThat(this.held.await(10, TimeUnit.SECONDS)).isTrue();
		}

		void release() {
			CountDownLatch latch = this.released;
			if (latch != null) {
				latch.countDown();
			}
		}

		@Override
		public Instant instant() {
			CountDownLatch latch = this.released;
			if (latch != null) {
				this.held.countDown();
				try {
					latch.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return Instant.now();
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}
