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

package io.github.azureredis.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;

import com.azure.core.credential.TokenRequestContext;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the sample prints when something fails, and its exit status.
 */
@Tag("slow")
class SampleFailureTests {

	@TempDir
	Path directory;

	@Test
	void whenTheConnectionIsLostThenItReconnectsAndGoesOn() throws InterruptedException {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tokenLifetime(Duration.ofSeconds(5)).start();
				SampleProcess sample = SampleProcess.startOnAzure(this.directory, emulator,
						"--sample.reauthentication=true", "--sample.interval=200ms", "--sample.renewals=1")) {
			sample.awaitLine("id : ");
			emulator.stopServer();
			sample.awaitLine("Connection lost. Reconnecting.");
			emulator.startServer();
			sample.awaitLine("Ping returned : PONG");
			assertThat(sample.awaitEnd()).isZero();
			assertThat(sample.lines()).endsWith("Done. Re-authentications : 1");
			assertThat(sample.errors()).isEmpty();
		}
	}

	@Test
	void whenTheServerNeverComesBackThenItEndsAfterThreeRetries() throws InterruptedException {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start();
				SampleProcess sample = SampleProcess.startOnAzure(this.directory, emulator,
						"--sample.reauthentication=true", "--sample.interval=200ms",
						"--spring.data.redis.timeout=1s")) {
			sample.awaitLine("id : ");
			emulator.stopServer();
			assertThat(sample.awaitEnd()).isEqualTo(1);
			assertThat(sample.lines("Connection lost. Reconnecting.")).hasSize(3);
			assertThat(sample.lines()).noneMatch((line) -> line.startsWith("\tat "));
			assertThat(sample.errors().lines()).containsExactly("The sample failed : No connection after 3 retries",
					"  because : Redis command timed out", "  because : Command timed out after 1 second(s)");
		}
	}

	@Test
	void whenACommandIsRefusedThenItEndsAtOnceAndTellsWhy() throws InterruptedException {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start();
				SampleProcess sample = SampleProcess.startOnAzure(this.directory, emulator,
						"--sample.reauthentication=true", "--sample.interval=200ms")) {
			sample.awaitLine("id : ");
			fillMemory(emulator);
			assertThat(sample.awaitEnd()).isEqualTo(1);
			assertThat(sample.lines()).doesNotContain("Connection lost. Reconnecting.");
			assertThat(sample.errors()).startsWith("The sample failed : ")
				.contains("because : OOM command not allowed");
			assertThat(sample.errors().lines()).hasSize(2);
		}
	}

	@Test
	void whenTheIdentityHasNoAccessThenTheAnalysisNamesItsObjectId() throws InterruptedException {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start()) {
			emulator.faults().refuseAuthentications(Integer.MAX_VALUE);
			try (SampleProcess sample = SampleProcess.startOnAzure(this.directory, emulator)) {
				assertThat(sample.awaitEnd()).isEqualTo(1);
				assertThat(sample.lines()).contains("APPLICATION FAILED TO START")
					.anyMatch(
							(line) -> line.contains("refused the identity with the object id '" + emulator.objectId()))
					.anyMatch((line) -> line.contains("az redisenterprise database access-policy-assignment create"))
					.noneMatch((line) -> line.startsWith("\tat "));
				assertThat(sample.errors()).isEmpty();
			}
		}
	}

	@Test
	void whenNobodyIsLoggedInThenTheAnalysisSaysHowToLogIn() throws InterruptedException, IOException {
		// Somebody has to accept the connection, or the network is what the analysis is
		// about.
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				SampleProcess sample = SampleProcess.start(this.directory, "--spring.profiles.active=azure",
						"--azure.redis.host=localhost", "--azure.redis.port=" + server.getLocalPort(),
						"--azure.redis.token.request-timeout=2s")) {
			assertThat(sample.awaitEnd()).isEqualTo(1);
			assertThat(sample.lines()).contains("APPLICATION FAILED TO START")
				.anyMatch((line) -> line.startsWith("No Microsoft Entra ID token for "))
				.anyMatch((line) -> line.contains("log in with 'az login'"))
				.noneMatch((line) -> line.startsWith("\tat "));
			assertThat(sample.errors()).isEmpty();
		}
	}

	private static void fillMemory(AzureRedisEmulator emulator) {
		String token = emulator.credential()
			.getTokenSync(new TokenRequestContext().addScopes("https://redis.azure.com/.default"))
			.getToken();
		RedisURI uri = RedisURI.builder()
			.withHost(emulator.host())
			.withPort(emulator.port())
			.withSsl(true)
			.withVerifyPeer(SslVerifyMode.NONE)
			.withAuthentication(emulator.objectId(), token)
			.build();
		try (RedisClient client = RedisClient.create(uri);
				StatefulRedisConnection<String, String> connection = client.connect()) {
			connection.sync().configSet("maxmemory", "1");
		}
	}

}
