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

package io.github.azureredis.autoconfigure.diagnostics;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.lettuce.ReauthenticationFixtures;
import io.lettuce.core.RedisCommandExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ConnectionFailureReporter}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionFailureReporterTests {

	private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("localhost", 10000);

	private static final InetSocketAddress OTHER_NODE = InetSocketAddress.createUnresolved("localhost", 8501);

	private static final InetSocketAddress FIRST = new InetSocketAddress("127.0.0.1", 40001);

	private static final InetSocketAddress SECOND = new InetSocketAddress("127.0.0.1", 40002);

	private Instant now = Instant.parse("2026-11-21T20:00:00.123456Z");

	private final ConnectionFailureReporter reporter = new ConnectionFailureReporter(new ConnectionFailureExplainer(
			new ConnectionFacts(
					AzureRedisInstance.of("localhost", 10000, AzureRedisOffering.UNKNOWN, SslBundle.systemDefault()),
					AzureRedisAuthentication.of(new AzureRedisProperties()), null, () -> "object-id", () -> false),
			new MockEnvironment()), ((InstantSource) () -> this.now).withZone(ZoneOffset.UTC));

	@Test
	void whenConnectingFailsAgainAndAgainThenSaysSoOnceAndOnceThatItIsOver(CapturedOutput output) {
		start();
		for (int i = 0; i < 5; i++) {
			this.reporter.onConnectFailed(REMOTE, new ConnectException("Connection refused"));
		}
		assertThat(output).containsOnlyOnce("WARN")
			.containsOnlyOnce("Connecting to localhost:10000 fails. Redis at 'localhost:10000' refuses connections")
			.contains(" 1. Set 'azure.redis.port'")
			.doesNotContain("\tat ");
		this.reporter.onConnected(REMOTE);
		this.reporter.onConnected(REMOTE);
		assertThat(output).containsOnlyOnce(
				"Connecting to localhost:10000 works again after 5 failed attempts since 2026-11-21T20:00:00Z");
	}

	@Test
	void whenItHasWorkedBeforeThenAdvisesToWaitFirst(CapturedOutput output) {
		start();
		this.reporter.onConnected(REMOTE);
		this.reporter.onConnectFailed(REMOTE, new ConnectException("Connection refused"));
		assertThat(output).contains(" 1. If it has worked before, wait: Azure may be maintaining the instance."
				+ " 2. Set 'azure.redis.port'");
	}

	@Test
	void whenReasonChangesThenSaysThatOnceToo(CapturedOutput output) {
		start();
		for (int i = 0; i < 3; i++) {
			this.reporter.onConnectFailed(REMOTE, new ConnectException("Connection refused"));
			this.reporter.onConnectFailed(null, new UnknownHostException());
		}
		assertThat(output).containsOnlyOnce("refuses connections").containsOnlyOnce("DNS has no address for it");
	}

	@Test
	void whenOneNodeOfAClusterFailsThenAnotherOneDoesNotEndThat(CapturedOutput output) {
		start();
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		this.reporter.onConnected(REMOTE);
		assertThat(output)
			.contains("Connecting to localhost:8501 fails. The node at port 8501 of Redis at 'localhost:10000' refuses"
					+ " connections: nothing listens there. 1. Wait a minute if other nodes answer")
			.doesNotContain("'azure.redis.port'")
			.doesNotContain("works again");
		this.reporter.onConnected(OTHER_NODE);
		assertThat(output)
			.containsOnlyOnce("Connecting to all nodes of localhost:10000 works again after 1 failed attempt since ");
	}

	@Test
	void whenAllNodesFailThenSaysSoOnceAndOnceThatItIsOver(CapturedOutput output) {
		start();
		List<InetSocketAddress> nodes = IntStream.range(8501, 8507)
			.mapToObj((port) -> InetSocketAddress.createUnresolved("localhost", port))
			.toList();
		nodes.forEach((node) -> this.reporter.onConnectFailed(node, new ConnectException("Connection refused")));
		assertThat(output).containsOnlyOnce("WARN");
		nodes.forEach(this.reporter::onConnected);
		assertThat(output)
			.containsOnlyOnce("Connecting to all nodes of localhost:10000 works again after 6 failed attempts since ");
	}

	@Test
	void whileEndpointFailsThenNothingIsSaidOfNodes(CapturedOutput output) {
		start();
		this.reporter.onConnectFailed(REMOTE, new ConnectException("Connection refused"));
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		assertThat(output).containsOnlyOnce("WARN").contains("Connecting to localhost:10000 fails.");
		this.reporter.onConnected(REMOTE);
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		assertThat(output).containsOnlyOnce("Connecting to localhost:8501 fails.");
	}

	@Test
	void whenNodeHasLeftThenItsOutageIsForgotten(CapturedOutput output) {
		start();
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		this.now = this.now.plus(Duration.ofDays(30));
		this.reporter.onConnected(OTHER_NODE);
		assertThat(output).containsOnlyOnce("WARN").doesNotContain("works again");
	}

	@Test
	void whenNodeAtThePortOfOneThatHasLeftFailsThenSaysSo(CapturedOutput output) {
		start();
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		this.now = this.now.plus(Duration.ofMinutes(4));
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		assertThat(output).containsOnlyOnce("WARN");
		this.now = this.now.plus(Duration.ofMinutes(6));
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		this.reporter.onConnected(OTHER_NODE);
		assertThat(output.getOut().split("WARN", -1)).hasSize(3);
		assertThat(output).contains("works again after 1 failed attempt since 2026-11-21T20:10:00Z");
	}

	@Test
	void whenFailureCannotBeExplainedThenLeavesItToLettuce(CapturedOutput output) {
		start();
		this.reporter.onConnectFailed(REMOTE, new IllegalStateException("secret"));
		this.reporter.onConnected(REMOTE);
		assertThat(output).isEmpty();
	}

	@Test
	void whenApplicationIsNotReadyThenWaitsUntilItIs(CapturedOutput output) {
		this.reporter.start();
		this.reporter.onConnectFailed(OTHER_NODE, new ConnectException("Connection refused"));
		this.reporter.onConnected(OTHER_NODE);
		this.reporter.onConnectFailed(REMOTE, new ConnectException("Connection refused"));
		assertThat(output).isEmpty();
		this.reporter.applicationReady(mock(ApplicationReadyEvent.class));
		assertThat(output).containsOnlyOnce("WARN").contains("Connecting to localhost:10000 fails");
	}

	@Test
	void whenApplicationStopsThenIsSilent(CapturedOutput output) {
		start();
		assertThat(this.reporter.isRunning()).isTrue();
		this.reporter.stop();
		this.reporter.onConnectFailed(REMOTE, new ConnectException("Connection refused"));
		assertThat(output).isEmpty();
	}

	@Test
	void whenReauthenticationFailsThenSaysSoOnceAndThatItIsOverWhenNoConnectionIsLeft(CapturedOutput output) {
		start();
		reauthenticationFails(FIRST, this.now.plusSeconds(60));
		reauthenticationFails(SECOND, this.now.plusSeconds(60));
		reauthenticationFails(FIRST, this.now.plusSeconds(60));
		assertThat(output).containsOnlyOnce("WARN")
			.contains("Re-authentication of connections fails and will be tried again. Redis at 'localhost:10000' has"
					+ " refused the identity with the object id 'object-id' (WRONGPASS).");
		reauthenticated(FIRST);
		assertThat(output).doesNotContain("works again");
		reauthenticated(SECOND);
		reauthenticated(SECOND);
		assertThat(output)
			.containsOnlyOnce("Re-authentication of connections works again after 3 failed attempts since ");
	}

	@Test
	void whenConnectionHasEndedWithItsTokenThenItIsNotWaitedFor(CapturedOutput output) {
		start();
		reauthenticationFails(FIRST, this.now.minusSeconds(1));
		reauthenticated(SECOND);
		assertThat(output).contains("works again after 1 failed attempt since");
	}

	private void start() {
		this.reporter.start();
		this.reporter.applicationReady(mock(ApplicationReadyEvent.class));
	}

	private void reauthenticationFails(InetSocketAddress connection, Instant end) {
		this.reporter.reauthenticationFailed(ReauthenticationFixtures.reauthenticationFailed(connection, REMOTE,
				new RedisCommandExecutionException("WRONGPASS invalid username-password pair"), end));
	}

	private void reauthenticated(InetSocketAddress connection) {
		this.reporter.reauthenticated(ReauthenticationFixtures.reauthenticated(connection, REMOTE, this.now));
	}

}
