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
import java.util.UUID;

import com.azure.core.credential.AccessToken;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
class AuthenticationTests {

	private static final String OTHER_ID = UUID.randomUUID().toString();

	/**
	 * Long enough for what must happen before, even on a machine that is busy.
	 */
	private static final Duration SHORT = Duration.ofSeconds(3);

	private static final String KEY = "access-key";

	private static AzureRedisEmulator emulator;

	private RawConnection connection;

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder()
			.tls(false)
			.identity(OTHER_ID, UUID.randomUUID().toString())
			.accessKey(KEY)
			.start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@AfterEach
	void closeConnection() throws IOException {
		if (this.connection != null) {
			this.connection.close();
		}
		Awaitility.await().until(() -> emulator.connections().isEmpty());
		emulator.tokenLifetime(Duration.ofHours(1));
	}

	@Test
	void whenNotAuthenticatedThenCommandsAreRefused() throws Exception {
		connect();
		this.connection.send("PING");
		assertThat(this.connection.readLine()).isEqualTo("-NOAUTH Authentication required.");
	}

	@Test
	void whenTokenIsValidThenConnectionIsTheObjectId() throws Exception {
		connect();
		authenticate(emulator.objectId(), LettuceClients.token(emulator));
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		assertThat(whoAmI()).isEqualTo(emulator.objectId());
	}

	@Test
	void whenHelloCarriesTokenThenConnectionIsTheObjectId() throws Exception {
		connect();
		this.connection.send("HELLO", "2", "SETNAME", "name", "AUTH", emulator.objectId(),
				LettuceClients.token(emulator));
		assertThat(this.connection.readLine()).isEqualTo("*14");
		assertThat(emulator.connections()).singleElement().satisfies((open) -> {
			assertThat(open.objectId()).isEqualTo(emulator.objectId());
			assertThat(open.authentications()).isEqualTo(1);
		});
	}

	@Test
	void whenCommandIsInlineThenTokenIsTaken() throws Exception {
		connect();
		this.connection.sendText("AUTH " + emulator.objectId() + " " + LettuceClients.token(emulator) + "\r\n");
		assertThat(this.connection.readLine()).isEqualTo("+OK");
	}

	@Test
	void whenUserIsNotTheTokensThenItIsRefused() throws Exception {
		connect();
		authenticate(OTHER_ID, LettuceClients.token(emulator));
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
		authenticate(OTHER_ID, LettuceClients.token(emulator, OTHER_ID));
		assertThat(this.connection.readLine()).isEqualTo("+OK");
	}

	@Test
	void whenObjectIdIsNotAssignedThenItIsRefused() throws Exception {
		String unassigned = UUID.randomUUID().toString();
		connect();
		authenticate(unassigned, LettuceClients.token(emulator, unassigned));
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
	}

	@Test
	void whenTokenIsAnotherEmulatorsThenItIsRefused() throws Exception {
		try (AzureRedisEmulator other = AzureRedisEmulator.builder().objectId(emulator.objectId()).start()) {
			connect();
			authenticate(emulator.objectId(), LettuceClients.token(other));
			assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
		}
	}

	@Test
	void whenTokenHasExpiredThenItIsRefused() throws Exception {
		emulator.tokenLifetime(Duration.ofMillis(1));
		AccessToken token = issue();
		Awaitility.await().until(() -> Instant.now().isAfter(expiry(token)));
		connect();
		authenticate(emulator.objectId(), token.getToken());
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
	}

	@Test
	void whenAccessKeyIsUsedThenConnectionIsTheDefaultUserWithoutDeadline() throws Exception {
		connect();
		this.connection.send("AUTH", "wrong");
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
		this.connection.send("AUTH", KEY);
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		assertThat(whoAmI()).isEqualTo("default");
		assertThat(emulator.connections()).singleElement()
			.satisfies((open) -> assertThat(open.tokenExpiresAt()).isNull());
	}

	@Test
	void whenThereIsNoAccessKeyThenItIsRefused() throws Exception {
		try (AzureRedisEmulator other = AzureRedisEmulator.builder().tls(false).start();
				RawConnection keyless = new RawConnection(other)) {
			keyless.send("AUTH", KEY);
			assertThat(keyless.readLine()).startsWith("-WRONGPASS");
		}
	}

	@Test
	void whenTokenExpiresThenConnectionIsClosedWithoutReply() throws Exception {
		long before = emulator.statistics().connectionsClosedForExpiry();
		emulator.tokenLifetime(SHORT);
		AccessToken token = issue();
		connect();
		authenticate(emulator.objectId(), token.getToken());
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		assertThat(emulator.connections()).singleElement()
			.satisfies((open) -> assertThat(open.tokenExpiresAt()).isEqualTo(expiry(token)));
		assertThat(this.connection.readLine()).isNull();
		assertThat(Instant.now()).isAfterOrEqualTo(expiry(token));
		assertThat(emulator.statistics().connectionsClosedForExpiry()).isEqualTo(before + 1);
	}

	@Test
	void whenCloseIsDelayedThenConnectionOutlivesItsToken() throws Exception {
		try (AzureRedisEmulator delayed = AzureRedisEmulator.builder()
			.tls(false)
			.tokenLifetime(SHORT)
			.closeDelay(Duration.ofHours(1))
			.start(); RawConnection outliving = new RawConnection(delayed)) {
			outliving.send("AUTH", delayed.objectId(), LettuceClients.token(delayed));
			assertThat(outliving.readLine()).isEqualTo("+OK");
			Instant expiresAt = delayed.connections().get(0).tokenExpiresAt();
			Awaitility.await().until(() -> Instant.now().isAfter(expiresAt.plusMillis(200)));
			outliving.send("PING");
			assertThat(outliving.readLine()).isEqualTo("+PONG");
		}
	}

	@Test
	void whenReauthenticatedThenDeadlineMovesBothWays() throws Exception {
		emulator.tokenLifetime(SHORT);
		AccessToken shortToken = issue();
		AccessToken otherShortToken = issue();
		emulator.tokenLifetime(Duration.ofHours(1));
		AccessToken longToken = issue();
		try (RawConnection prolonged = new RawConnection(emulator)) {
			prolonged.send("AUTH", emulator.objectId(), shortToken.getToken());
			prolonged.send("AUTH", emulator.objectId(), longToken.getToken());
			connect();
			authenticate(emulator.objectId(), longToken.getToken());
			authenticate(emulator.objectId(), otherShortToken.getToken());
			assertThat(this.connection.readLine()).isEqualTo("+OK");
			assertThat(this.connection.readLine()).isEqualTo("+OK");
			assertThat(this.connection.readLine()).as("shortened").isNull();
			assertThat(prolonged.readLine()).isEqualTo("+OK");
			assertThat(prolonged.readLine()).isEqualTo("+OK");
			prolonged.send("PING");
			assertThat(prolonged.readLine()).as("prolonged").isEqualTo("+PONG");
		}
	}

	@Test
	void whenReauthenticationIsRefusedThenIdentityAndDeadlineStay() throws Exception {
		AccessToken token = issue();
		connect();
		authenticate(emulator.objectId(), token.getToken());
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		authenticate(OTHER_ID, token.getToken());
		assertThat(this.connection.readLine()).startsWith("-WRONGPASS");
		assertThat(whoAmI()).isEqualTo(emulator.objectId());
		assertThat(emulator.connections()).singleElement().satisfies((open) -> {
			assertThat(open.objectId()).isEqualTo(emulator.objectId());
			assertThat(open.tokenExpiresAt()).isEqualTo(expiry(token));
			assertThat(open.authentications()).isEqualTo(1);
		});
	}

	@Test
	void whenSubscribedWithResp2ThenDeadlineStays() throws Exception {
		AccessToken first = issue();
		emulator.tokenLifetime(Duration.ofHours(2));
		AccessToken second = issue();
		connect();
		authenticate(emulator.objectId(), first.getToken());
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		this.connection.send("SUBSCRIBE", "channel");
		for (String line : new String[] { "*3", "$9", "subscribe", "$7", "channel", ":1" }) {
			assertThat(this.connection.readLine()).isEqualTo(line);
		}
		authenticate(emulator.objectId(), second.getToken());
		assertThat(this.connection.readLine()).startsWith("-ERR Can't execute 'auth'");
		assertThat(expiryOfConnection()).isEqualTo(expiry(first));
		this.connection.send("UNSUBSCRIBE");
		for (String line : new String[] { "*3", "$11", "unsubscribe", "$7", "channel", ":0" }) {
			assertThat(this.connection.readLine()).isEqualTo(line);
		}
		authenticate(emulator.objectId(), second.getToken());
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		assertThat(expiryOfConnection()).isEqualTo(expiry(second));
	}

	@Test
	void whenResetThenConnectionIsNobodys() throws Exception {
		connect();
		authenticate(emulator.objectId(), LettuceClients.token(emulator));
		this.connection.send("RESET");
		assertThat(this.connection.readLine()).isEqualTo("+OK");
		assertThat(this.connection.readLine()).isEqualTo("+RESET");
		assertThat(emulator.connections()).singleElement().satisfies((open) -> assertThat(open.objectId()).isNull());
	}

	@Test
	void whenReauthenticatedInTransactionThenDeadlineMovesWithExec() throws Exception {
		AccessToken first = issue();
		emulator.tokenLifetime(Duration.ofHours(2));
		AccessToken second = issue();
		connect();
		authenticate(emulator.objectId(), first.getToken());
		this.connection.send("MULTI");
		authenticate(emulator.objectId(), second.getToken());
		assertReplies("+OK", "+OK", "+QUEUED");
		assertThat(expiryOfConnection()).isEqualTo(expiry(first));
		this.connection.send("EXEC");
		assertReplies("*1", "+OK");
		assertThat(emulator.connections()).singleElement().satisfies((open) -> {
			assertThat(open.tokenExpiresAt()).isEqualTo(expiry(second));
			assertThat(open.authentications()).isEqualTo(2);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "DISCARD", "RESET" })
	void whenTransactionIsGivenUpThenItsAuthenticationsNeverWere(String command) throws Exception {
		EmulatorStatistics before = emulator.statistics();
		AccessToken first = issue();
		emulator.tokenLifetime(Duration.ofHours(2));
		connect();
		authenticate(emulator.objectId(), first.getToken());
		this.connection.send("MULTI");
		authenticate(OTHER_ID, LettuceClients.token(emulator, OTHER_ID));
		authenticate(OTHER_ID, "rubbish");
		this.connection.send(command);
		authenticate(emulator.objectId(), first.getToken());
		this.connection.send("EXEC");
		assertReplies("+OK", "+OK", "+QUEUED", "+QUEUED", command.equals("RESET") ? "+RESET" : "+OK", "+OK",
				"-ERR EXEC without MULTI");
		assertThat(whoAmI()).isEqualTo(emulator.objectId());
		assertThat(emulator.connections()).singleElement().satisfies((open) -> {
			assertThat(open.objectId()).isEqualTo(emulator.objectId());
			assertThat(open.tokenExpiresAt()).isEqualTo(expiry(first));
			assertThat(open.authentications()).isEqualTo(2);
		});
		assertThat(emulator.statistics().authenticationsRefused()).isEqualTo(before.authenticationsRefused());
	}

	@Test
	void whenTransactionDoesNotBeginThenReauthenticationMovesDeadlineAtOnce() throws Exception {
		AccessToken first = issue();
		emulator.tokenLifetime(Duration.ofHours(2));
		AccessToken second = issue();
		connect();
		this.connection.send("MULTI");
		authenticate(emulator.objectId(), first.getToken());
		assertThat(this.connection.readLine()).startsWith("-NOAUTH");
		assertReplies("+OK");
		assertThat(expiryOfConnection()).isEqualTo(expiry(first));
		this.connection.send("MULTI", "argument");
		authenticate(emulator.objectId(), second.getToken());
		assertThat(this.connection.readLine()).startsWith("-ERR wrong number of arguments");
		assertReplies("+OK");
		assertThat(expiryOfConnection()).isEqualTo(expiry(second));
	}

	@Test
	void whenSubscriptionIsDiscardedThenReauthenticationIsTaken() throws Exception {
		AccessToken token = issue();
		connect();
		authenticate(emulator.objectId(), token.getToken());
		this.connection.send("MULTI");
		this.connection.send("SUBSCRIBE", "channel");
		this.connection.send("DISCARD");
		authenticate(emulator.objectId(), token.getToken());
		assertReplies("+OK", "+OK", "+QUEUED", "+OK", "+OK");
	}

	@Test
	void whenProtocolIsUnknownThenSubscriberKeepsItsOwn() throws Exception {
		AccessToken token = issue();
		connect();
		this.connection.send("HELLO", "3", "AUTH", emulator.objectId(), token.getToken());
		this.connection.send("SUBSCRIBE", "channel");
		this.connection.send("HELLO", "9");
		authenticate(emulator.objectId(), token.getToken());
		String line = this.connection.readLine();
		while (!line.startsWith("-NOPROTO")) {
			line = this.connection.readLine();
		}
		assertReplies("+OK");
	}

	@Test
	void whenProtocolIsUnknownThenTokenIsNotTaken() throws Exception {
		connect();
		this.connection.send("HELLO", "9", "AUTH", emulator.objectId(), LettuceClients.token(emulator));
		assertThat(this.connection.readLine()).startsWith("-NOPROTO");
		assertThat(emulator.connections()).singleElement().satisfies((open) -> assertThat(open.objectId()).isNull());
	}

	@Test
	void whenAuthenticationsAreMixedThenStatisticsTellThemApart() throws Exception {
		EmulatorStatistics before = emulator.statistics();
		connect();
		authenticate(emulator.objectId(), LettuceClients.token(emulator));
		authenticate(emulator.objectId(), LettuceClients.token(emulator));
		authenticate(emulator.objectId(), "rubbish");
		for (int i = 0; i < 3; i++) {
			this.connection.readLine();
		}
		EmulatorStatistics after = emulator.statistics();
		assertThat(after.connectionsOpened() - before.connectionsOpened()).isEqualTo(1);
		assertThat(after.connectionsOpen()).isEqualTo(1);
		assertThat(after.handshakesAccepted() - before.handshakesAccepted()).isEqualTo(1);
		assertThat(after.reauthenticationsAccepted() - before.reauthenticationsAccepted()).isEqualTo(1);
		assertThat(after.authenticationsRefused() - before.authenticationsRefused()).isEqualTo(1);
		assertThat(after.tokensIssued() - before.tokensIssued()).isEqualTo(2);
		assertThat(after.tokenRequests() - before.tokenRequests()).isEqualTo(2);
		assertThat(after.tokenRequestsFailed()).isEqualTo(before.tokenRequestsFailed());
	}

	private void connect() throws IOException {
		this.connection = new RawConnection(emulator);
	}

	private void authenticate(String user, String token) throws IOException {
		this.connection.send("AUTH", user, token);
	}

	private void assertReplies(String... lines) throws IOException {
		for (String line : lines) {
			assertThat(this.connection.readLine()).isEqualTo(line);
		}
	}

	private String whoAmI() throws IOException {
		this.connection.send("ACL", "WHOAMI");
		return this.connection.readBulk();
	}

	private static Instant expiryOfConnection() {
		return emulator.connections().get(0).tokenExpiresAt();
	}

	private static AccessToken issue() {
		return emulator.credential().getTokenSync(LettuceClients.request());
	}

	private static Instant expiry(AccessToken token) {
		return token.getExpiresAt().toInstant();
	}

}
