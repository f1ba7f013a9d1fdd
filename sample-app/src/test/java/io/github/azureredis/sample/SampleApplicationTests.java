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

import java.nio.file.Path;
import java.util.List;

import io.github.azureredis.emulator.AzureRedisEmulator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample as a person sees it: what it prints, and its exit status.
 */
@Tag("slow")
class SampleApplicationTests {

	private static final String CLIENT = "id : \\d+, addr : 127\\.0\\.0\\.1:\\d+";

	@TempDir
	Path directory;

	@Test
	void whenStartedThenSequenceIsPrintedOnce() throws InterruptedException {
		try (SampleProcess sample = SampleProcess.start(this.directory)) {
			assertThat(sample.awaitEnd()).isZero();
			List<String> lines = sample.lines();
			int logged = lines.indexOf("Ping returned : PONG");
			assertThat(lines.subList(0, logged)).hasSizeLessThanOrEqualTo(3)
				.allSatisfy((line) -> assertThat(line).contains(" INFO "));
			assertThat(lines.subList(logged, lines.size())).hasSize(5)
				.startsWith("Ping returned : PONG", "SET Message returned : true",
						"GET Message returned : Hello!, The cache is working with Java!", "CLIENT LIST returned :");
			assertThat(lines.get(lines.size() - 1)).matches(CLIENT);
			assertThat(sample.errors()).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "oss, 3", "enterprise, 1" })
	void whenInstanceHasAnotherClusteringPolicyThenTheSampleRunsUnchanged(String policy, int masters)
			throws InterruptedException {
		try (SampleProcess sample = SampleProcess.start(this.directory,
				"--azure.redis.emulator.clustering-policy=" + policy)) {
			assertThat(sample.awaitEnd()).isZero();
			assertThat(sample.lines()).contains("Ping returned : PONG",
					"GET Message returned : Hello!, The cache is working with Java!");
			assertThat(sample.lines("id : ")).hasSizeGreaterThanOrEqualTo(masters)
				.allMatch((line) -> line.matches(CLIENT));
			assertThat(sample.errors()).isEmpty();
		}
	}

	@Test
	void whenProfileIsInstancesThenTheSequenceRunsOnEach() throws InterruptedException {
		try (SampleProcess sample = SampleProcess.start(this.directory, "--spring.profiles.active=instances")) {
			assertThat(sample.awaitEnd()).isZero();
			List<String> sequence = List.of("Ping returned : PONG", "SET Message returned : true",
					"GET Message returned : Hello!, The cache is working with Java!", "CLIENT LIST returned :");
			List<String> lines = sample.lines();
			int cache = lines.indexOf("Instance : cache");
			int vectors = lines.indexOf("Instance : vectors");
			assertThat(lines.subList(cache + 1, vectors)).hasSize(5).startsWith(sequence.toArray(String[]::new));
			assertThat(lines.subList(vectors + 1, lines.size())).hasSizeGreaterThanOrEqualTo(4 + 3)
				.startsWith(sequence.toArray(String[]::new));
			assertThat(sample.lines("id : ")).allMatch((line) -> line.matches(CLIENT));
			assertThat(sample.errors()).isEmpty();
		}
	}

	@Test
	void whenTokensAreRenewedThenTheSameClientStaysConnected() throws InterruptedException {
		try (SampleProcess sample = SampleProcess.start(this.directory, "--sample.reauthentication=true",
				"--azure.redis.emulator.token-lifetime=4s", "--sample.interval=500ms", "--sample.renewals=2")) {
			assertThat(sample.awaitEnd()).isZero();
			List<String> clients = sample.lines("id : ");
			assertThat(clients).hasSizeGreaterThan(3).allMatch((line) -> line.matches(CLIENT));
			assertThat(clients.stream().distinct()).hasSize(1);
			assertThat(sample.lines("Ping returned : PONG")).hasSameSizeAs(clients);
			assertThat(sample.lines("Token received : valid until ")).hasSize(1);
			assertThat(sample.lines("Token renewed : valid until ")).hasSizeGreaterThanOrEqualTo(2)
				.doesNotHaveDuplicates();
			assertThat(sample.lines("Connection re-authenticated : valid until ")).hasSizeGreaterThanOrEqualTo(2)
				.doesNotHaveDuplicates();
			assertThat(sample.lines()).endsWith("Done. Re-authentications : 2")
				.doesNotContain("Connection lost. Reconnecting.");
			assertThat(sample.errors()).isEmpty();
		}
	}

	@Test
	void whenProfileIsAzureThenTheManagedIdentityIsUsed() throws InterruptedException {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start();
				SampleProcess sample = SampleProcess.startOnAzure(this.directory, emulator)) {
			assertThat(sample.awaitEnd()).isZero();
			assertThat(sample.lines()).contains("Ping returned : PONG",
					"GET Message returned : Hello!, The cache is working with Java!");
			assertThat(sample.errors()).isEmpty();
			assertThat(emulator.requestedResources()).containsExactly("https://redis.azure.com");
			// One of them asks for the clustering policy.
			assertThat(emulator.statistics().handshakesAccepted()).isEqualTo(2);
		}
	}

	@Test
	void whenProfileIsAzureWithoutHostThenTheAnalysisNamesTheProperty() throws InterruptedException {
		try (SampleProcess sample = SampleProcess.start(this.directory, "--spring.profiles.active=azure")) {
			assertThat(sample.awaitEnd()).isEqualTo(1);
			assertThat(sample.lines()).contains("APPLICATION FAILED TO START")
				.anyMatch((line) -> line.startsWith("'azure.redis.host' is not set"))
				.anyMatch((line) -> line.startsWith("Set 'azure.redis.host' to "))
				.noneMatch((line) -> line.contains(" WARN ") || line.startsWith("\tat "));
			assertThat(sample.errors()).isEmpty();
		}
	}

}
