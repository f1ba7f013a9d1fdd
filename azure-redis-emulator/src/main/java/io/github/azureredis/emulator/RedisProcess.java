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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A running Redis server and its directory, both of which end with this JVM.
 * <p>
 * On Linux and macOS the server's parent is a shell that waits for the end of its input,
 * a pipe from this JVM. The pipe ends with the JVM, even with one that is killed, and the
 * shell then kills the server and removes the directory. On Windows a shutdown hook does
 * so, hence a killed JVM leaves the server behind there.
 */
final class RedisProcess {

	private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

	/**
	 * Ends with the server, and then prints the end of its log. The second process ends
	 * with the input; it looks at the first one before it kills the server, lest the
	 * process id belongs to another one by then.
	 */
	private static final String GUARD = """
			directory=$1; shift
			exec 3<&0
			"$@" </dev/null >server.log 2>&1 3<&- &
			server=$!
			(
				read -r line <&3
				kill -0 $$ 2>/dev/null && kill -9 $server 2>/dev/null
				rm -rf -- "$directory"
			) >/dev/null 2>&1 &
			wait $server
			tail -c 8192 server.log 2>/dev/null
			""";

	private final Process process;

	private final Path directory;

	private final @Nullable Thread shutdownHook;

	private RedisProcess(Process process, Path directory) {
		this.process = process;
		this.directory = directory;
		this.shutdownHook = WINDOWS ? new Thread(this::kill, "azure-redis-emulator-shutdown") : null;
		if (this.shutdownHook != null) {
			Runtime.getRuntime().addShutdownHook(this.shutdownHook);
		}
	}

	/**
	 * Starts a server.
	 * @param executable the server
	 * @param configuration its configuration file
	 * @param directory an existing directory that is removed with the server
	 */
	static RedisProcess start(Path executable, Path configuration, Path directory) throws IOException {
		List<String> server = List.of(executable.toString(), configuration.toString());
		Stream<String> guard = WINDOWS ? Stream.empty()
				: Stream.of("sh", "-c", GUARD, "azure-redis-emulator", directory.toString());
		ProcessBuilder builder = new ProcessBuilder(Stream.concat(guard, server.stream()).toList())
			.directory(directory.toFile())
			.redirectErrorStream(true);
		if (WINDOWS) {
			builder.redirectOutput(log(directory).toFile());
		}
		return new RedisProcess(builder.start(), directory);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String log() {
		try {
			// With the end of a process its input ends too, and the guard removes the
			// directory.
			return (WINDOWS || isAlive()) ? Files.readString(log(this.directory))
					: new String(this.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	/**
	 * Kills the server, waits for its end and removes its directory.
	 */
	void stop() {
		kill();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		delete(this.directory);
		if (this.shutdownHook != null) {
			removeShutdownHook(this.shutdownHook);
		}
	}

	private void kill() {
		if (WINDOWS) {
			this.process.destroyForcibly();
		}
		else {
			try {
				this.process.getOutputStream().close();
			}
			catch (IOException ex) {
				this.process.descendants().forEach(ProcessHandle::destroyForcibly);
			}
		}
	}

	static void delete(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach((file) -> file.delete());
		}
		catch (IOException | UncheckedIOException ex) {
			// The guard removes it too and may have been faster.
		}
	}

	private static Path log(Path directory) {
		return directory.resolve("server.log");
	}

	private static void removeShutdownHook(Thread hook) {
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			// The JVM is shutting down.
		}
	}

}
