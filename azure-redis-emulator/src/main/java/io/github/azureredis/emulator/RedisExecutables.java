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

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds a Redis server: first the ones bundled with embedded-redis, so that every machine
 * runs the same one, then a {@code redis-server} on the path. A server is taken if it
 * runs here and is at least version 6.2, the first one with ACL rules for channels.
 */
final class RedisExecutables {

	private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+)\\.(\\d+)");

	private static final int VERSION_ATTEMPTS = 50;

	/** In the words of Java 17 and of Java 25. */
	private static final Pattern TEXT_FILE_BUSY = Pattern.compile("error(=|: )26\\b");

	private static final Duration RETRY_DELAY = Duration.ofMillis(20);

	private final List<String> bundled;

	private final List<Path> searchPath;

	RedisExecutables() {
		this(bundledServers(System.getProperty("os.name"), System.getProperty("os.arch")),
				searchPath(System.getenv("PATH")));
	}

	RedisExecutables(List<String> bundled, List<Path> searchPath) {
		this.bundled = bundled;
		this.searchPath = searchPath;
	}

	/**
	 * Returns a server that runs on this machine.
	 * @param directory where a bundled server is extracted to
	 * @throws EmulatorStartException if there is none
	 */
	RedisExecutable find(Path directory) {
		List<String> tried = new ArrayList<>();
		for (String resource : this.bundled) {
			try {
				RedisExecutable executable = usable(extract(resource, directory), "bundled " + resource, tried);
				if (executable != null) {
					return executable;
				}
			}
			catch (IOException ex) {
				tried.add("bundled " + resource + " (" + ex.getMessage() + ")");
			}
		}
		for (Path path : this.searchPath) {
			RedisExecutable executable = usable(path, path.toString(), tried);
			if (executable != null) {
				return executable;
			}
		}
		throw new EmulatorStartException("No Redis server was found for " + System.getProperty("os.name") + " "
				+ System.getProperty("os.arch") + ". Tried: "
				+ (tried.isEmpty() ? "nothing bundled for this platform, none on the PATH" : String.join("; ", tried))
				+ ". Install redis-server 6.2 or later on the PATH; if the temporary directory does not allow"
				+ " executables, point -Djava.io.tmpdir to one that does", null);
	}

	static List<String> bundledServers(String osName, String osArch) {
		String os = osName.toLowerCase(Locale.ROOT);
		boolean arm = osArch.equals("aarch64");
		boolean intel = osArch.equals("amd64") || osArch.equals("x86_64");
		if (os.startsWith("linux") && intel) {
			// The second is linked statically and runs where the first has no OpenSSL 3.
			return List.of("redis-server-6.2.6-v5-linux-amd64", "redis-server-6.2.7-linux-386");
		}
		if (os.startsWith("linux") && arm) {
			return List.of("redis-server-6.2.7-linux-arm64");
		}
		if (os.startsWith("mac") && arm) {
			// The second runs under Rosetta where the first has no OpenSSL 3.
			return List.of("redis-server-6.2.6-v5-darwin-arm64", "redis-server-6.2.6-v5-darwin-amd64");
		}
		if (os.startsWith("mac") && intel) {
			return List.of("redis-server-6.2.6-v5-darwin-amd64");
		}
		// The Windows server in embedded-redis is version 5, which has no ACL.
		return List.of();
	}

	/**
	 * Returns the first part of a version, or -1 if it is not supported.
	 */
	static int supportedMajorVersion(String versionOutput) {
		Matcher matcher = VERSION.matcher(versionOutput);
		if (!matcher.find()) {
			return -1;
		}
		int major = Integer.parseInt(matcher.group(1));
		int minor = Integer.parseInt(matcher.group(2));
		return (major > 6 || (major == 6 && minor >= 2)) ? major : -1;
	}

	private static List<Path> searchPath(String path) {
		if (path == null) {
			return List.of();
		}
		List<Path> executables = new ArrayList<>();
		for (String directory : path.split(File.pathSeparator)) {
			for (String name : List.of("redis-server", "redis-server.exe")) {
				Path executable = Path.of(directory, name);
				if (Files.isExecutable(executable)) {
					executables.add(executable);
				}
			}
		}
		return executables;
	}

	private static Path extract(String resource, Path directory) throws IOException {
		Path executable = directory.resolve(resource);
		try (InputStream in = RedisExecutables.class.getResourceAsStream("/" + resource)) {
			if (in == null) {
				throw new IOException("not on the class path");
			}
			Files.copy(in, executable);
		}
		if (!executable.toFile().setExecutable(true)) {
			throw new IOException("cannot be made executable");
		}
		return executable;
	}

	private static @Nullable RedisExecutable usable(Path executable, String description, List<String> tried) {
		try {
			String output = versionOutput(executable);
			int majorVersion = supportedMajorVersion(output);
			if (majorVersion != -1) {
				return new RedisExecutable(executable, majorVersion);
			}
			tried.add(description + " (" + output.strip() + ")");
		}
		catch (IOException ex) {
			tried.add(description + " (" + ex.getMessage() + ")");
		}
		return null;
	}

	private static String versionOutput(Path executable) throws IOException {
		Process process = startVersionProcess(executable);
		try (InputStream output = process.getInputStream()) {
			process.getOutputStream().close();
			return new String(output.readAllBytes(), StandardCharsets.UTF_8);
		}
		finally {
			awaitEnd(process.destroyForcibly());
		}
	}

	/**
	 * Not with {@link Process#onExit()}: from JDK 25 on, it needs a thread of the common
	 * pool, which the callers of the emulator may occupy.
	 */
	private static void awaitEnd(Process process) {
		boolean interrupted = false;
		while (process.isAlive()) {
			try {
				process.waitFor();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private static Process startVersionProcess(Path executable) throws IOException {
		for (int attempt = 1;; attempt++) {
			try {
				return new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
			}
			catch (IOException ex) {
				// A process that was forked by another thread while the file was written
				// holds it open for a moment.
				if (attempt == VERSION_ATTEMPTS || !TEXT_FILE_BUSY.matcher(String.valueOf(ex.getMessage())).find()) {
					throw ex;
				}
				LockSupport.parkNanos(RETRY_DELAY.toNanos());
			}
		}
	}

}
