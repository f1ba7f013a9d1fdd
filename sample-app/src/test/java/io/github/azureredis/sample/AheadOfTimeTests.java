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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample as the build has processed it ahead of time, for Azure and without any other
 * property. Where to connect, whom to trust and how to authenticate is said as it starts.
 */
@Tag("slow")
class AheadOfTimeTests {

	@TempDir
	Path directory;

	@Test
	void whenThereIsAManagedIdentityThenItIsUsed() throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start();
				SampleProcess sample = start(emulator, "--azure.redis.clustering-policy=none",
						"--azure.redis.credential.managed-identity-enabled=true")) {
			assertSequence(sample);
			assertThat(sample.lines()).anyMatch((line) -> line.endsWith("tokens from azure.redis.credential"));
			assertThat(emulator.requestedResources()).containsExactly("https://redis.azure.com");
		}
	}

	@Test
	void whenTheInstanceIsClusteredAndThereIsAnAccessKeyThenTheyAreUsed() throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
			.accessKey("key")
			.start(); SampleProcess sample = start(emulator, "--azure.redis.access-key=key")) {
			assertSequence(sample);
			assertThat(sample.lines()).anyMatch((line) -> line.contains("it is used with a cluster client"));
			assertThat(emulator.requestedResources()).isEmpty();
		}
	}

	@Test
	void whenTheEmulatorIsWantedThenTheAnalysisTellsThatItIsTooLate() throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start();
				SampleProcess sample = start(emulator, "--azure.redis.emulator.enabled=true")) {
			assertThat(sample.awaitEnd()).isEqualTo(1);
			assertThat(sample.lines()).contains("APPLICATION FAILED TO START")
				.anyMatch((line) -> line.startsWith("'azure.redis.emulator.enabled' is true"))
				.anyMatch((line) -> line.contains("processed ahead of time"));
		}
	}

	@Test
	void whenDisabledThenTheAnalysisTellsThatItIsTooLate() throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().start();
				SampleProcess sample = start(emulator, "--azure.redis.enabled=false")) {
			assertThat(sample.awaitEnd()).isEqualTo(1);
			assertThat(sample.lines()).contains("APPLICATION FAILED TO START")
				.anyMatch((line) -> line.startsWith(
						"'azure.redis.enabled' is false, but the application was processed" + " ahead of time"));
		}
	}

	private SampleProcess start(AzureRedisEmulator emulator, String... arguments)
			throws IOException, CertificateEncodingException {
		List<String> all = new ArrayList<>(
				List.of("--azure.redis.host=localhost", "--azure.redis.port=" + emulator.port(),
						"--spring.ssl.bundle.pem.azure.truststore.certificate=" + certificate(emulator),
						"--azure.redis.ssl.bundle=azure", "--spring.main.log-startup-info=true"));
		all.addAll(List.of(arguments));
		return SampleProcess.startAheadOfTime(this.directory, emulator, all.toArray(String[]::new));
	}

	private String certificate(AzureRedisEmulator emulator) throws IOException, CertificateEncodingException {
		String content = Base64.getMimeEncoder().encodeToString(emulator.certificateAuthority().getEncoded());
		Path file = Files.writeString(this.directory.resolve("authority.pem"),
				"-----BEGIN CERTIFICATE-----\n" + content + "\n-----END CERTIFICATE-----\n");
		return file.toUri().toString();
	}

	private static void assertSequence(SampleProcess sample) throws InterruptedException {
		int status = sample.awaitEnd();
		assertThat(sample.errors()).isEmpty();
		assertThat(sample.lines()).anyMatch((line) -> line.contains("Starting AOT-processed SampleApplication"))
			.containsSequence("Ping returned : PONG", "SET Message returned : true",
					"GET Message returned : Hello!, The cache is working with Java!", "CLIENT LIST returned :");
		assertThat(sample.lines("id : ")).isNotEmpty();
		assertThat(status).isZero();
	}

}
