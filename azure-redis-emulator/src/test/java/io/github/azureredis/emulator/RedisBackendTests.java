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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@DisabledOnOs(OS.WINDOWS)
class RedisBackendTests {

	@TempDir
	private Path directory;

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void whenInterruptedWhileServerStartsThenItSaysSoAndStaysInterrupted() throws Exception {
		RedisBackend backend = new RedisBackend(new RedisExecutables(List.of(), List.of(silentServer())),
				new InternalUser(), (port, directory) -> List.of());
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(EmulatorStartException.class).isThrownBy(backend::start)
			.withMessage("Interrupted while the Redis server started");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(backend.running()).isNull();
	}

	// The guard removes the log at the same time.
	@RepeatedTest(10)
	void whenServerEndsAtOnceThenItsLogIsInTheException() throws Exception {
		RedisBackend backend = new RedisBackend(new RedisExecutables(List.of(), List.of(server("echo 'No room left'"))),
				new InternalUser(), (port, directory) -> List.of());
		assertThatExceptionOfType(EmulatorStartException.class).isThrownBy(backend::start)
			.withMessageContaining("No room left");
	}

	/**
	 * Returns a server that never answers.
	 */
	private Path silentServer() throws Exception {
		return server("exec tail -f /dev/null");
	}

	private Path server(String behavior) throws Exception {
		Path script = this.directory.resolve("redis-server");
		Files.writeString(script, """
				#!/bin/sh
				test "$1" = --version && echo 'Redis server v=7.2.0' && exit
				""" + behavior + "\n");
		assertThat(script.toFile().setExecutable(true)).isTrue();
		return script;
	}

}
