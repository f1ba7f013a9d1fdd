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
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class EmulatorMaintenanceTests {

	private static final MaintenanceNotification NOTIFICATION = MaintenanceNotification.migrated("1");

	private static AzureRedisEmulator emulator;

	private long sequence;

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder().tls(false).start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@BeforeEach
	void readSequence() throws IOException {
		emulator.maintenance().enableNotifications();
		try (RawConnection connection = subscribed("none")) {
			this.sequence = send(NOTIFICATION, connection);
		}
		Awaitility.await().until(() -> emulator.connections().isEmpty());
	}

	@AfterEach
	void reset() {
		emulator.maintenance().reset();
		emulator.faults().reset();
		Awaitility.await().until(() -> emulator.connections().isEmpty());
	}

	@Test
	void whenNotEnabledThenServerDoesNotKnowTheSubcommand() throws Exception {
		emulator.maintenance().reset();
		try (RawConnection connection = authenticated("3")) {
			connection.send("CLIENT", "MAINT_NOTIFICATIONS", "ON", "moving-endpoint-type", "none");
			assertThat(connection.readLine()).startsWithIgnoringCase("-ERR unknown subcommand")
				.contains("'MAINT_NOTIFICATIONS'");
			connection.send("CLIENT", "SETNAME", "name");
			assertThat(connection.readLine()).isEqualTo("+OK");
			connection.send("CLIENT", "GETNAME");
			assertThat(connection.readBulk()).isEqualTo("name");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "internal-ip, +127.0.0.1:%d", "internal-fqdn, +localhost:%d", "EXTERNAL-IP, +127.0.0.1:%d",
			"external-fqdn, +localhost:%d", "none, _" })
	void whenEndpointMovesThenAddressIsOfTheTypeAskedFor(String type, String address) throws Exception {
		try (RawConnection connection = subscribed(type)) {
			emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofSeconds(15)));
			assertThat(lines(connection, 5)).containsExactly(">4", "+MOVING", ":" + ++this.sequence, ":15",
					address.formatted(emulator.port()));
			emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofMillis(1001), "other.example:1234"));
			assertThat(lines(connection, 5)).containsExactly(">4", "+MOVING", ":" + ++this.sequence, ":2",
					type.equals("none") ? "_" : "+other.example:1234");
		}
	}

	@Test
	void whenNotificationsAreSentThenTheyHaveTheFormatThatClientsExpect() throws Exception {
		Duration time = Duration.ofSeconds(10);
		try (RawConnection connection = subscribed("none")) {
			emulator.maintenance().send(MaintenanceNotification.migrating(time, "1", "2"));
			assertThat(lines(connection, 5)).containsExactly(">4", "+MIGRATING", ":" + ++this.sequence, ":10",
					"+[\"1\",\"2\"]");
			emulator.maintenance().send(MaintenanceNotification.migrated("1", "2"));
			assertThat(lines(connection, 4)).containsExactly(">3", "+MIGRATED", ":" + ++this.sequence,
					"+[\"1\",\"2\"]");
			emulator.maintenance().send(MaintenanceNotification.failingOver(time, "3"));
			assertThat(lines(connection, 5)).containsExactly(">4", "+FAILING_OVER", ":" + ++this.sequence, ":10",
					"+[\"3\"]");
			emulator.maintenance().send(MaintenanceNotification.failedOver("3"));
			assertThat(lines(connection, 4)).containsExactly(">3", "+FAILED_OVER", ":" + ++this.sequence, "+[\"3\"]");
			emulator.maintenance().send(MaintenanceNotification.slotsMigrating("123,456,789-1000"));
			assertThat(lines(connection, 4)).containsExactly(">3", "+SMIGRATING", ":" + ++this.sequence,
					"+123,456,789-1000");
			emulator.maintenance()
				.send(MaintenanceNotification
					.slotsMigrated(List.of(new MaintenanceNotification.SlotMigration("a:1", "b:2", "123"),
							new MaintenanceNotification.SlotMigration("a:1", "c:3", "456,789-1000"))));
			assertThat(lines(connection, 12)).containsExactly(">3", "+SMIGRATED", ":" + ++this.sequence, "*2", "*3",
					"+a:1", "+b:2", "+123", "*3", "+a:1", "+c:3", "+456,789-1000");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> MaintenanceNotification.slotsMigrating("1\r\n+2"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLIENT MAINT_NOTIFICATIONS", "CLIENT MAINT_NOTIFICATIONS MAYBE",
			"CLIENT MAINT_NOTIFICATIONS ON none", "CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type",
			"CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type somewhere",
			"CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type none none",
			"CLIENT MAINT_NOTIFICATIONS ON endpoint none", "CLIENT MAINT_NOTIFICATIONS OFF none" })
	void whenArgumentsAreUnknownThenThereIsAnError(String command) throws Exception {
		try (RawConnection connection = authenticated("3")) {
			connection.send(command.split(" "));
			assertThat(connection.readLine()).isIn("-ERR syntax error",
					"-ERR wrong number of arguments for 'client|maint_notifications' command");
			assertThat(emulator.statistics().connectionsNotified()).isZero();
		}
	}

	@Test
	void whenTypeIsLeftToTheServerThenItTellsAHostName() throws Exception {
		try (RawConnection connection = authenticated("3")) {
			connection.sendText("client maint_notifications on\r\n");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(emulator.connections()).extracting(EmulatorConnection::movingEndpointType)
				.containsExactly("external-fqdn");
		}
	}

	@Test
	void whenConnectionSpeaksResp2ThenItGetsNone() throws Exception {
		try (RawConnection connection = authenticated("2")) {
			connection.send("CLIENT", "MAINT_NOTIFICATIONS", "ON");
			assertThat(connection.readLine()).startsWith("-ERR ").contains("RESP3");
			connection.send("CLIENT", "MAINT_NOTIFICATIONS", "OFF");
			assertThat(connection.readLine()).isEqualTo("+OK");
			connection.sendText("HELLO 3\r\nCLIENT MAINT_NOTIFICATIONS ON\r\nHELLO 2\r\nECHO end\r\n");
			awaitEcho(connection);
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
		}
	}

	@Test
	void whenConnectionIsNotAuthenticatedThenItGetsNone() throws Exception {
		try (RawConnection connection = new RawConnection(emulator)) {
			connection.send("CLIENT", "MAINT_NOTIFICATIONS", "OFF");
			assertThat(connection.readLine()).startsWith("-NOAUTH");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLIENT MAINT_NOTIFICATIONS OFF", "RESET" })
	void whenTurnedOffThenThereAreNoMore(String command) throws Exception {
		try (RawConnection connection = subscribed("none")) {
			connection.sendText("CLIENT MAINT_NOTIFICATIONS ON\r\n" + command + "\r\n");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(connection.readLine()).isIn("+OK", "+RESET");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
		}
	}

	@Test
	void whenRequestsArePipelinedThenRepliesKeepTheirOrder() throws Exception {
		try (RawConnection connection = authenticated("3")) {
			connection.sendText("ECHO 1\r\nCLIENT MAINT_NOTIFICATIONS ON\r\nECHO 2\r\n");
			assertThat(lines(connection, 5)).containsExactly("$1", "1", "+OK", "$1", "2");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isOne();
			assertThat(lines(connection, 2)).containsExactly(">3", "+MIGRATED");
		}
	}

	@Test
	void whenReplyIsSuppressedThenClientHasNotBeenGrantedAny() throws Exception {
		try (RawConnection connection = authenticated("3")) {
			connection.sendText("CLIENT REPLY OFF\r\nCLIENT MAINT_NOTIFICATIONS ON\r\nCLIENT REPLY ON\r\n");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
		}
	}

	@Test
	void whenInsideATransactionThenTheyBeginWithExec() throws Exception {
		try (RawConnection connection = authenticated("3")) {
			connection.sendText("MULTI\r\nCLIENT MAINT_NOTIFICATIONS ON\r\nDISCARD\r\n");
			assertThat(lines(connection, 3)).containsExactly("+OK", "+QUEUED", "+OK");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
			connection.sendText("MULTI\r\nECHO 1\r\nCLIENT MAINT_NOTIFICATIONS ON\r\nECHO 2\r\n");
			assertThat(lines(connection, 4)).containsExactly("+OK", "+QUEUED", "+QUEUED", "+QUEUED");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
			connection.send("EXEC");
			assertThat(lines(connection, 6)).containsExactly("*3", "$1", "1", "+OK", "$1", "2");
			connection.sendText("MULTI\r\nECHO 3\r\n");
			assertThat(lines(connection, 2)).containsExactly("+OK", "+QUEUED");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isOne();
			assertThat(lines(connection, 4)).contains(">3", "+MIGRATED");
			connection.send("EXEC");
			assertThat(lines(connection, 3)).containsExactly("*1", "$1", "3");
		}
	}

	@Test
	void whenTokenIsRenewedThenNotificationsComeMeanwhile() throws Exception {
		try (RawConnection connection = subscribed("none")) {
			emulator.faults().authenticationSlow(Duration.ofMillis(500));
			connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
			connection.send("ECHO", "later");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isOne();
			assertThat(lines(connection, 7)).containsExactly(">3", "+MIGRATED", ":" + ++this.sequence, "+[\"1\"]",
					"+OK", "$5", "later");
			connection.send("HELLO", "3", "AUTH", emulator.objectId(), LettuceClients.token(emulator));
			connection.send("ECHO", "end");
			awaitEcho(connection);
			assertThat(emulator.maintenance().send(NOTIFICATION)).isOne();
		}
	}

	@Test
	void whenReplyIsLargeThenNotificationComesAfterIt() throws Exception {
		int size = 20_000_000;
		try (RawConnection connection = subscribed("none")) {
			connection.send("SETRANGE", "large", Integer.toString(size - 1), "x");
			assertThat(connection.readLine()).isEqualTo(":" + size);
			connection.sendText("GET large\r\nGET large\r\nDEL large\r\n");
			assertThat(connection.readLine()).isEqualTo("$" + size);
			assertThat(emulator.maintenance().send(NOTIFICATION)).isOne();
			connection.skip(size);
			assertThat(connection.readLine()).isEmpty();
			assertThat(lines(connection, 4)).containsExactly(">3", "+MIGRATED", ":" + ++this.sequence, "+[\"1\"]");
			assertThat(connection.readLine()).isEqualTo("$" + size);
			connection.skip(size);
			assertThat(connection.readLine()).isEmpty();
			assertThat(connection.readLine()).isEqualTo(":1");
		}
	}

	@Test
	void whenConnectionIsSubscribedToChannelsThenItGetsBoth() throws Exception {
		try (RawConnection connection = subscribed("none"); RawConnection publisher = authenticated("2")) {
			connection.send("SUBSCRIBE", "channel");
			assertThat(lines(connection, 6)).startsWith(">3", "$9", "subscribe");
			assertThat(emulator.maintenance().send(NOTIFICATION)).isOne();
			assertThat(lines(connection, 4)).startsWith(">3", "+MIGRATED");
			publisher.send("PUBLISH", "channel", "text");
			assertThat(lines(connection, 7)).startsWith(">3", "$7", "message").endsWith("text");
		}
	}

	@Test
	void whenSentToSomeThenOthersGetNone() throws Exception {
		try (RawConnection first = subscribed("none"); RawConnection second = subscribed("internal-ip")) {
			assertThat(emulator.maintenance()
				.send(NOTIFICATION, (connection) -> "internal-ip".equals(connection.movingEndpointType()))).isOne();
			assertThat(lines(second, 4)).startsWith(">3", "+MIGRATED");
			first.send("PING");
			assertThat(first.readLine()).isEqualTo("+PONG");
		}
	}

	@Test
	void whenConnectionIsClosedThenNobodyGetsIt() throws Exception {
		EmulatorStatistics before = emulator.statistics();
		try (RawConnection connection = subscribed("none")) {
			assertThat(emulator.statistics().connectionsNotified()).isOne();
			connection.sendText("QUIT\r\n");
			emulator.maintenance().send(NOTIFICATION);
			Awaitility.await().until(() -> emulator.connections().isEmpty());
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
		}
		assertThat(emulator.statistics().connectionsNotified()).isZero();
		assertThat(emulator.statistics().notificationsSent() - before.notificationsSent()).isLessThanOrEqualTo(1);
	}

	@Test
	void whenEndpointHasMovedThenConnectionsOfBeforeAreClosed() throws Exception {
		long sent = emulator.statistics().notificationsSent();
		try (RawConnection notified = subscribed("none"); RawConnection other = authenticated("2")) {
			assertThat(emulator.maintenance().move(Duration.ofMillis(300))).isOne();
			try (RawConnection connectedAnew = subscribed("none")) {
				assertThat(lines(notified, 5)).containsExactly(">4", "+MOVING", ":" + ++this.sequence, ":1", "_");
				assertThat(notified.readLine()).isNull();
				assertThat(other.readLine()).isNull();
				Awaitility.await().until(() -> emulator.connections().size() == 1);
				assertThat(send(NOTIFICATION, connectedAnew)).isEqualTo(++this.sequence);
			}
		}
		assertThat(emulator.statistics().notificationsSent() - sent).isEqualTo(2);
	}

	@Test
	void whenResetThenNothingIsLeftOfIt() throws Exception {
		try (RawConnection connection = subscribed("none")) {
			emulator.maintenance().move(Duration.ofMillis(200));
			emulator.maintenance().reset();
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
			assertThat(emulator.connections()).extracting(EmulatorConnection::movingEndpointType).containsOnlyNulls();
			emulator.faults().tokenEndpointSlow(Duration.ofMillis(400));
			LettuceClients.token(emulator);
			connection.sendText("CLIENT MAINT_NOTIFICATIONS ON\r\nECHO end\r\n");
			awaitEcho(connection);
			assertThat(emulator.maintenance().send(NOTIFICATION)).isZero();
		}
	}

	@Test
	void whenFaultsAreResetThenNotificationsStayOn() throws Exception {
		try (RawConnection connection = subscribed("none")) {
			emulator.faults().reset();
			assertThat(send(NOTIFICATION, connection)).isEqualTo(++this.sequence);
		}
	}

	@Test
	void whenThereIsNoClusterThenNothingHappensToIt() {
		EmulatorNode node = new EmulatorNode("id", 1, null, true);
		assertThatIllegalStateException().isThrownBy(() -> emulator.maintenance().failOver(node));
		assertThatIllegalStateException().isThrownBy(() -> emulator.maintenance().moveSlots(0, 1, node))
			.withMessageContaining("no cluster");
	}

	@Test
	void whenServiceIsManagedRedisThenNoEventsArePublished() {
		AzureRedisEvent event = AzureRedisEvent.builder(AzureRedisEvent.Type.NODE_MAINTENANCE_START).build();
		assertThatIllegalStateException().isThrownBy(() -> emulator.maintenance().publish(event))
			.withMessageContaining("AzureRedisEvents");
	}

	/**
	 * Return the sequence number of a notification that is sent.
	 */
	private static long send(MaintenanceNotification notification, RawConnection connection) throws IOException {
		assertThat(emulator.maintenance().send(notification)).isOne();
		List<String> lines = lines(connection, 4);
		return Long.parseLong(lines.get(2).substring(1));
	}

	private static RawConnection subscribed(String type) throws IOException {
		RawConnection connection = authenticated("3");
		connection.send("CLIENT", "MAINT_NOTIFICATIONS", "ON", "moving-endpoint-type", type);
		assertThat(connection.readLine()).isEqualTo("+OK");
		return connection;
	}

	private static RawConnection authenticated(String protocol) throws IOException {
		RawConnection connection = new RawConnection(emulator);
		connection.send("HELLO", protocol, "AUTH", emulator.objectId(), LettuceClients.token(emulator));
		connection.send("ECHO", "end");
		awaitEcho(connection);
		return connection;
	}

	private static void awaitEcho(RawConnection connection) throws IOException {
		String line = connection.readLine();
		while (!"end".equals(line)) {
			assertThat(line).isNotNull();
			line = connection.readLine();
		}
	}

	private static List<String> lines(RawConnection connection, int count) throws IOException {
		String[] lines = new String[count];
		for (int i = 0; i < count; i++) {
			lines[i] = connection.readLine();
		}
		return List.of(lines);
	}

}
