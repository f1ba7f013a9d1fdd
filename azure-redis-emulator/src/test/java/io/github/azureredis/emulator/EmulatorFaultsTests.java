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
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EmulatorFaultsTests {

	private static AzureRedisEmulator emulator;

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder().tls(false).start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@AfterEach
	void reset() {
		emulator.faults().reset();
		emulator.tokenLifetime(Duration.ofHours(1));
		Awaitility.await().until(() -> emulator.connections().isEmpty());
	}

	@Test
	void whenScopeIsAnotherThenRequestFails() {
		TokenRequestContext request = new TokenRequestContext().addScopes("https://vault.azure.net/.default");
		assertThatExceptionOfType(ClientAuthenticationException.class)
			.isThrownBy(() -> emulator.credential().getTokenSync(request))
			.withMessageContaining("https://vault.azure.net/.default");
	}

	@Test
	void whenScopeIsTheApplicationIdThenTokenIsIssued() {
		TokenRequestContext request = new TokenRequestContext()
			.addScopes("acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default");
		assertThat(emulator.credential().getTokenSync(request).getToken()).isNotEmpty();
	}

	@Test
	void whenTokenEndpointIsDownThenRequestsFailUntilReset() {
		EmulatorStatistics before = emulator.statistics();
		emulator.faults().tokenEndpointDown();
		assertThatExceptionOfType(ClientAuthenticationException.class).isThrownBy(EmulatorFaultsTests::token);
		emulator.faults().reset();
		assertThat(token().getToken()).isNotEmpty();
		EmulatorStatistics after = emulator.statistics();
		assertThat(after.tokenRequests() - before.tokenRequests()).isEqualTo(2);
		assertThat(after.tokenRequestsFailed() - before.tokenRequestsFailed()).isEqualTo(1);
		assertThat(after.tokensIssued() - before.tokensIssued()).isEqualTo(1);
	}

	@Test
	void whenTokenEndpointIsSlowThenTokenComesLater() {
		Duration delay = Duration.ofMillis(300);
		emulator.faults().tokenEndpointSlow(delay);
		Instant start = Instant.now();
		assertThat(token().getToken()).isNotEmpty();
		assertThat(Instant.now()).isAfterOrEqualTo(start.plus(delay));
	}

	@Test
	void whenTokenEndpointIsSlowThenResetAnswersAtOnce() {
		emulator.faults().tokenEndpointSlow(Duration.ofHours(1));
		CompletableFuture<AccessToken> token = requestToken();
		assertThat(token).isNotDone();
		emulator.faults().reset();
		assertThat(token).isDone();
	}

	@Test
	void whenTokenEndpointIsHungThenRequestIsAnsweredAfterReset() {
		emulator.faults().tokenEndpointHung();
		CompletableFuture<AccessToken> token = requestToken();
		assertThat(token).isNotDone();
		emulator.faults().reset();
		assertThat(token).isCompleted();
	}

	@Test
	void whenHungRequestIsCancelledThenItIsNotAnswered() {
		emulator.faults().tokenEndpointHung();
		long issued = emulator.statistics().tokensIssued();
		Disposable request = emulator.credential().getToken(LettuceClients.request()).subscribe();
		request.dispose();
		emulator.faults().reset();
		assertThat(emulator.statistics().tokensIssued()).isEqualTo(issued);
	}

	@Test
	void whenTokenIsRepeatedThenItIsTheSameUntilThen() {
		String first = token().getToken();
		assertThat(token().getToken()).isNotEqualTo(first);
		emulator.faults().repeatTokenUntil(Duration.ofMinutes(59));
		String repeated = token().getToken();
		assertThat(token().getToken()).isEqualTo(repeated);
		emulator.faults().repeatTokenUntil(Duration.ofMinutes(61));
		assertThat(token().getToken()).isNotEqualTo(repeated);
		emulator.faults().reset();
		assertThat(token().getToken()).isNotEqualTo(token().getToken());
	}

	@Test
	void whenExpiryIsSkewedThenConnectionEndsWithTheTrueOne() throws Exception {
		emulator.faults().tokenExpirySkew(Duration.ofMinutes(-30));
		AccessToken token = token();
		try (RawConnection connection = connect(token.getToken())) {
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(emulator.connections()).singleElement()
				.satisfies((open) -> assertThat(open.tokenExpiresAt())
					.isEqualTo(token.getExpiresAt().toInstant().plus(Duration.ofMinutes(30))));
		}
	}

	@Test
	void whenAuthenticationIsSlowThenLaterCommandsWaitInOrder() throws Exception {
		Duration delay = Duration.ofMillis(300);
		emulator.faults().authenticationSlow(delay);
		Instant start = Instant.now();
		try (RawConnection connection = connect(token().getToken())) {
			connection.send("ECHO", "first");
			connection.send("AUTH", emulator.objectId(), "no-token");
			connection.send("ECHO", "second");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(Instant.now()).isAfterOrEqualTo(start.plus(delay));
			assertThat(connection.readBulk()).isEqualTo("first");
			assertThat(connection.readLine()).startsWith("-WRONGPASS");
			assertThat(Instant.now()).isAfterOrEqualTo(start.plus(delay.multipliedBy(2)));
			assertThat(connection.readBulk()).isEqualTo("second");
		}
	}

	@Test
	void whenAuthenticationsAreRefusedThenOnlyTheNextOnesAre() throws Exception {
		emulator.faults().refuseAuthentications(2);
		String token = token().getToken();
		try (RawConnection connection = connect(token)) {
			connection.send("HELLO", "3", "AUTH", emulator.objectId(), token);
			connection.send("AUTH", emulator.objectId(), token);
			assertThat(connection.readLine()).startsWith("-WRONGPASS");
			assertThat(connection.readLine()).startsWith("-WRONGPASS");
			assertThat(connection.readLine()).isEqualTo("+OK");
		}
	}

	@Test
	void whenConnectionsAreCutThenOldestGoFirst() throws Exception {
		String token = token().getToken();
		try (RawConnection first = authenticated(token);
				RawConnection second = authenticated(token);
				RawConnection third = authenticated(token)) {
			assertThat(emulator.faults().cutConnections(1)).isEqualTo(1);
			assertThat(first.readLine()).isNull();
			Awaitility.await().until(() -> emulator.connections().size() == 2);
			assertThat(emulator.faults().cutConnections()).isEqualTo(2);
			assertThat(second.readLine()).isNull();
			assertThat(third.readLine()).isNull();
		}
	}

	@Test
	void whenConnectionsAreCutBeforeReplyThenTheCommandHasBeenExecuted() throws Exception {
		String token = token().getToken();
		emulator.faults().cutBeforeReply("incr", 2);
		for (int i = 0; i < 2; i++) {
			try (RawConnection connection = authenticated(token)) {
				connection.send("SET", "other", "value");
				assertThat(connection.readLine()).isEqualTo("+OK");
				connection.send("INCR", "counter");
				assertThat(connection.readLine()).isNull();
			}
		}
		try (RawConnection connection = authenticated(token)) {
			connection.send("INCR", "counter");
			assertThat(connection.readLine()).isEqualTo(":3");
		}
	}

	@Test
	void whenConnectionIsCutBeforeReplyThenOthersAreNotAndLaterCommandsAreNotExecuted() throws Exception {
		String token = token().getToken();
		try (RawConnection connection = authenticated(token); RawConnection other = authenticated(token)) {
			emulator.faults().cutBeforeReply("SET", 1);
			connection.send("SET", "executed", "value");
			connection.send("APPEND", "executed", " and more");
			assertThat(connection.readLine()).isNull();
			other.send("GET", "executed");
			assertThat(other.readBulk()).isEqualTo("value");
		}
	}

	@Test
	void whenHandshakeIsToBeCutBeforeReplyThenThatIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> emulator.faults().cutBeforeReply("auth", 1));
		assertThatIllegalArgumentException().isThrownBy(() -> emulator.faults().cutBeforeReply("GET", -1));
	}

	@Test
	void whenConnectionIsIdleThenItIsClosed() throws Exception {
		try (RawConnection connection = connect(token().getToken())) {
			assertThat(connection.readLine()).isEqualTo("+OK");
			emulator.faults().closeIdleAfter(Duration.ofMillis(100));
			assertThat(connection.readLine()).isNull();
		}
		assertThatIllegalArgumentException().isThrownBy(() -> emulator.faults().closeIdleAfter(Duration.ZERO));
	}

	@Test
	void whenServerIsStoppedThenPortStaysAndConnectionsEnd() throws Exception {
		int port = emulator.port();
		String token = token().getToken();
		try (RawConnection connection = connect(token)) {
			assertThat(connection.readLine()).isEqualTo("+OK");
			emulator.stopServer();
			assertThat(connection.readLine()).isNull();
		}
		try (RawConnection connection = new RawConnection(emulator)) {
			assertThat(connection.readLine()).isNull();
		}
		emulator.startServer();
		assertThat(emulator.port()).isEqualTo(port);
		try (RawConnection connection = connect(token)) {
			assertThat(connection.readLine()).isEqualTo("+OK");
		}
	}

	private static AccessToken token() {
		return emulator.credential().getTokenSync(LettuceClients.request());
	}

	private static CompletableFuture<AccessToken> requestToken() {
		return emulator.credential().getToken(LettuceClients.request()).toFuture();
	}

	private static RawConnection connect(String token) throws IOException {
		RawConnection connection = new RawConnection(emulator);
		connection.send("AUTH", emulator.objectId(), token);
		return connection;
	}

	private static RawConnection authenticated(String token) throws IOException {
		RawConnection connection = connect(token);
		assertThat(connection.readLine()).isEqualTo("+OK");
		return connection;
	}

}
