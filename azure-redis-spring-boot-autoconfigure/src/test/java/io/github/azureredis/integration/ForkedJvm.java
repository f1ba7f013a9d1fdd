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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.azureredis.emulator.AzureRedisEmulator;

/**
 * Runs a class in a JVM of its own, with an environment and a trust store of its own, as
 * azure-identity and a user's machine have them.
 *
 * @param exitStatus the exit status
 * @param output what it printed
 */
record ForkedJvm(int exitStatus, String output) {

	/**
	 * Runs a class with the managed identity of an App Service.
	 */
	static ForkedJvm run(Path directory, AzureRedisEmulator emulator, Class<?> main, String... arguments) {
		return builder(directory).trust(emulator.certificateAuthority())
			.environment("IDENTITY_ENDPOINT", emulator.identityEndpoint().toString())
			.environment("IDENTITY_HEADER", emulator.identityHeader())
			.run(main, arguments);
	}

	static Builder builder(Path directory) {
		return new Builder(directory);
	}

	/**
	 * Prepares a {@link ForkedJvm}.
	 */
	static final class Builder {

		private static final String PASSWORD = "changeit";

		private final Path directory;

		private final List<X509Certificate> trusted = new ArrayList<>();

		private final Map<String, String> environment = new HashMap<>();

		private final List<String> options = new ArrayList<>();

		private Predicate<String> classPath = (entry) -> true;

		private Builder(Path directory) {
			this.directory = directory;
		}

		Builder trust(X509Certificate certificate) {
			this.trusted.add(certificate);
			return this;
		}

		Builder environment(String name, String value) {
			this.environment.put(name, value);
			return this;
		}

		Builder options(String... options) {
			this.options.addAll(List.of(options));
			return this;
		}

		Builder classPath(Predicate<String> filter) {
			this.classPath = filter;
			return this;
		}

		ForkedJvm run(Class<?> main, String... arguments) {
			try {
				Path output = this.directory.resolve("output.txt");
				// It does not run long enough for more to pay off.
				List<String> command = new ArrayList<>(List.of(
						Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Djavax.net.ssl.trustStore=" + writeTrustStore(),
						"-Djavax.net.ssl.trustStorePassword=" + PASSWORD));
				command.addAll(this.options);
				command.addAll(List.of("-cp", filteredClassPath(), main.getName()));
				command.addAll(List.of(arguments));
				ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
					.redirectOutput(output.toFile());
				builder.environment().putAll(this.environment);
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

		private Path writeTrustStore() throws IOException, GeneralSecurityException {
			Path path = this.directory.resolve("trust.p12");
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			for (X509Certificate certificate : this.trusted) {
				store.setCertificateEntry(certificate.getSubjectX500Principal().getName(), certificate);
			}
			try (var out = Files.newOutputStream(path)) {
				store.store(out, PASSWORD.toCharArray());
			}
			return path;
		}

		private String filteredClassPath() {
			return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
				.filter(this.classPath)
				.collect(Collectors.joining(File.pathSeparator));
		}

	}

}
