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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A Redis server behind the front. It can be stopped and started again, and then has no
 * data.
 */
final class RedisBackend implements Backend {

	private static final int START_ATTEMPTS = 5;

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

	private final RedisExecutables executables;

	private final InternalUser user;

	private final Configuration configuration;

	private volatile PortReservation port = reservePort();

	private @Nullable RedisProcess process;

	private boolean closed;

	private volatile @Nullable RedisServer running;

	RedisBackend(RedisExecutables executables, InternalUser user, Configuration configuration) {
		this.executables = executables;
		this.user = user;
		this.configuration = configuration;
	}

	/**
	 * Returns the port that the server has, or tries first when it starts.
	 */
	int port() {
		return this.port.port();
	}

	@Override
	public @Nullable RedisServer running() {
		return this.running;
	}

	@Override
	public synchronized void start() {
		if (this.closed) {
			throw new IllegalStateException("The emulator is closed");
		}
		if (this.process != null) {
			return;
		}
		for (int attempt = 1; this.process == null; attempt++) {
			if (attempt > 1) {
				PortReservation taken = this.port;
				this.port = reservePort();
				taken.close();
			}
			try {
				start(this.port.port(), attempt == START_ATTEMPTS);
			}
			catch (IOException ex) {
				throw new EmulatorStartException("The Redis server could not be started", ex);
			}
		}
	}

	@Override
	public synchronized void stop() {
		this.running = null;
		if (this.process != null) {
			this.process.stop();
			this.process = null;
		}
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		stop();
		this.port.close();
	}

	/**
	 * Starts the server, unless another process has taken the port meanwhile.
	 */
	private void start(int port, boolean lastAttempt) throws IOException {
		Path directory = Files.createTempDirectory("azure-redis-emulator-").toAbsolutePath();
		RedisProcess started = null;
		try {
			RedisExecutable executable = this.executables.find(directory);
			Path file = directory.resolve("redis.conf");
			Files.write(file, configuration(port, directory));
			started = RedisProcess.start(executable.path(), file, directory);
			InetSocketAddress candidate = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
			if (awaitReady(started, candidate, lastAttempt)) {
				this.process = started;
				this.running = new RedisServer(candidate, executable.majorVersion());
			}
		}
		finally {
			if (this.process == null && started != null) {
				started.stop();
			}
			else if (started == null) {
				RedisProcess.delete(directory);
			}
		}
	}

	private List<String> configuration(int port, Path directory) throws IOException {
		List<String> lines = new ArrayList<>(List.of("bind 127.0.0.1", "port " + port, "save \"\"", "appendonly no",
				"tcp-backlog 1024", "loglevel notice", this.user.configuration()));
		lines.addAll(this.configuration.lines(port, directory));
		return lines;
	}

	private boolean awaitReady(RedisProcess started, InetSocketAddress candidate, boolean lastAttempt) {
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		while (started.isAlive()) {
			if (answersPing(candidate)) {
				return true;
			}
			if (Thread.currentThread().isInterrupted()) {
				throw new EmulatorStartException("Interrupted while the Redis server started", null);
			}
			if (System.nanoTime() - deadline > 0) {
				throw new EmulatorStartException(
						"The Redis server did not answer within " + START_TIMEOUT + ". Its log: " + started.log(),
						null);
			}
			LockSupport.parkNanos(POLL_INTERVAL.toNanos());
		}
		String log = started.log();
		if (lastAttempt || !log.contains("in use")) {
			throw new EmulatorStartException("The Redis server ended at once. Its log: " + log, null);
		}
		return false;
	}

	/**
	 * The secret tells this server from another process on the same port.
	 */
	private boolean answersPing(InetSocketAddress candidate) {
		try (AdminConnection connection = new AdminConnection(candidate, this.user)) {
			return connection.call("PING").equals("PONG");
		}
		catch (IOException | IllegalStateException ex) {
			return false;
		}
	}

	private static PortReservation reservePort() {
		try {
			return ServerPorts.reserve();
		}
		catch (IOException ex) {
			throw new EmulatorStartException("There is no free port for the Redis server", ex);
		}
	}

	/**
	 * What a server is configured with, beyond what every one is.
	 */
	interface Configuration {

		/**
		 * Returns the lines of the configuration.
		 * @param port the server's port
		 * @param directory the server's directory, for further files
		 */
		List<String> lines(int port, Path directory) throws IOException;

	}

}
