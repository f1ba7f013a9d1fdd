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

package io.github.azureredis.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.emulator.AzureRedisEmulator;

/**
 * Runs a class in a JVM of its own, with an environment and a trust store of its own, as
 * azure-identity and a user's machine have them.
 *
 * @param exitStatus the exit status
 * @param output what it printed
 */
record ForkedJvm(int exitStatus, String output) {

	static ForkedJvm run(Path directory, AzureRedisEmulator emulator, Class<?> main, String... arguments) {
		try {
			Path trustStore = directory.resolve("trust.p12");
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("emulator", emulator.certificateAuthority());
			try (var out = Files.newOutputStream(trustStore)) {
				trusted.store(out, "changeit".toCharArray());
			}
			Path output = directory.resolve("output.txt");
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
							"-Djavax.net.ssl.trustStore=" + trustStore, "-Djavax.net.ssl.trustStorePassword=changeit",
							"-cp", System.getProperty("java.class.path"), main.getName()));
			command.addAll(List.of(arguments));
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile());
			builder.environment()
				.putAll(Map.of("IDENTITY_ENDPOINT", emulator.identityEndpoint().toString(), "IDENTITY_HEADER",
						emulator.identityHeader()));
			Process process = builder.start();
			if (!process.waitFor(90, TimeUnit.SECONDS)) {
				process.destroyForcibly();
				throw new IllegalStateException("No end after 90 seconds: " + Files.readString(output));
			}
			return new ForkedJvm(process.exitValue(), Files.readString(output));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
