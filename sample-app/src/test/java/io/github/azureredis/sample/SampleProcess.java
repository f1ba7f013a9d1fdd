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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.azureredis.emulator.AzureRedisEmulator;

/**
 * The sample in a JVM of its own, as a person starts it. Nothing of the environment of
 * this build has an effect on it, neither an identity nor properties of Spring's.
 */
final class SampleProcess implements AutoCloseable {

	/**
	 * Shorter than Lettuce's own command timeout, which is too long for a person.
	 */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(50);

	private static final Set<String> KEPT_VARIABLES = Set.of("PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP", "TMP");

	private final Process process;

	private final Path errors;

	private final Thread reader;

	private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();

	private final List<String> lines = new ArrayList<>();

	private SampleProcess(Process process, Path errors) {
		this.process = process;
		this.errors = errors;
		this.reader = new Thread(this::read, "sample-output");
		this.reader.setDaemon(true);
		this.reader.start();
	}

	/**
	 * Starts the sample as it is.
	 */
	static SampleProcess start(Path directory, String... arguments) {
		return start(directory, List.of(), Map.of(), List.of(arguments));
	}

	/**
	 * Starts the sample with the profile for Azure, where the emulator is Azure: its
	 * authority is trusted, and the machine has its identity.
	 */
	static SampleProcess startOnAzure(Path directory, AzureRedisEmulator emulator, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--spring.profiles.active=azure", "--azure.redis.host=localhost",
				"--azure.redis.port=" + emulator.port()));
		all.addAll(List.of(arguments));
		return start(directory, List.of("-Djavax.net.ssl.trustStore=" + trustStore(directory, emulator),
				"-Djavax.net.ssl.trustStorePassword=changeit"), identity(emulator), all);
	}

	/**
	 * Starts the sample as it was processed ahead of time: for Azure and without Spring
	 * Cloud Azure. It knows nothing of the emulator but the identity that the machine has
	 * there.
	 */
	static SampleProcess startAheadOfTime(Path directory, AzureRedisEmulator emulator, String... arguments) {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((element) -> !Path.of(element).getFileName().toString().startsWith("spring-cloud-azure-"))
			.collect(Collectors.joining(File.pathSeparator));
		return start(directory, List.of("-Dspring.aot.enabled=true"), identity(emulator), classPath,
				List.of(arguments));
	}

	private static Map<String, String> identity(AzureRedisEmulator emulator) {
		return Map.of("IDENTITY_ENDPOINT", emulator.identityEndpoint().toString(), "IDENTITY_HEADER",
				emulator.identityHeader());
	}

	private static SampleProcess start(Path directory, List<String> options, Map<String, String> variables,
			List<String> arguments) {
		return start(directory, options, variables, System.getProperty("java.class.path"), arguments);
	}

	private static SampleProcess start(Path directory, List<String> options, Map<String, String> variables,
			String classPath, List<String> arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
		command.addAll(options);
		command.addAll(List.of("-cp", classPath, SampleApplication.class.getName()));
		command.addAll(arguments);
		Path errors = directory.resolve("errors.txt");
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
		builder.environment().keySet().retainAll(KEPT_VARIABLES);
		builder.environment().putAll(variables);
		try {
			return new SampleProcess(builder.start(), errors);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Waits until the next line that begins so.
	 */
	void awaitLine(String beginning) throws InterruptedException {
		long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
		String line;
		do {
			line = this.unread.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			if (line == null) {
				throw new AssertionError("No line '%s' in time. Output:%n%s%nErrors:%n%s".formatted(beginning,
						String.join(System.lineSeparator(), this.lines), errors()));
			}
			this.lines.add(line);
		}
		while (!line.startsWith(beginning));
	}

	/**
	 * Waits until the sample has ended.
	 * @return its exit status
	 */
	int awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new AssertionError("No end in time. Output:%n%s%nErrors:%n%s"
				.formatted(String.join(System.lineSeparator(), lines()), errors()));
		}
		this.reader.join(LONGEST_WAIT.toMillis());
		return this.process.exitValue();
	}

	/**
	 * Returns what it has printed on standard output so far.
	 */
	List<String> lines() {
		this.unread.drainTo(this.lines);
		return List.copyOf(this.lines);
	}

	/**
	 * Returns those of the lines that begin so.
	 */
	List<String> lines(String beginning) {
		return lines().stream().filter((line) -> line.startsWith(beginning)).toList();
	}

	/**
	 * Returns what it has printed on standard error so far.
	 */
	String errors() {
		try {
			return Files.readString(this.errors);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		// Ended rather than killed, so that the emulator inside can end its server.
		this.process.destroy();
		this.process.onExit()
			.orTimeout(10, TimeUnit.SECONDS)
			.exceptionally((ex) -> this.process.destroyForcibly())
			.join();
	}

	private void read() {
		try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
			output.lines().forEach(this.unread::add);
		}
		catch (IOException | UncheckedIOException ex) {
			this.unread.add("The output ended with " + ex);
		}
	}

	private static Path trustStore(Path directory, AzureRedisEmulator emulator) {
		Path file = directory.resolve("trust.p12");
		try (var out = Files.newOutputStream(file)) {
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("emulator", emulator.certificateAuthority());
			trusted.store(out, "changeit".toCharArray());
			return file;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
