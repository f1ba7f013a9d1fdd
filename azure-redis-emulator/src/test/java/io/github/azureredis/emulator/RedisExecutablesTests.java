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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RedisExecutablesTests {

	@TempDir
	private Path directory;

	@Test
	void whenPlatformIsKnownThenServerIsBundled() {
		for (String[] platform : new String[][] { { "Linux", "amd64" }, { "Linux", "aarch64" },
				{ "Mac OS X", "x86_64" }, { "Mac OS X", "aarch64" } }) {
			assertThat(RedisExecutables.bundledServers(platform[0], platform[1])).isNotEmpty()
				.allSatisfy((resource) -> assertThat(getClass().getResource("/" + resource)).isNotNull());
		}
		assertThat(RedisExecutables.bundledServers("Windows 11", "amd64")).isEmpty();
	}

	@Test
	void whenVersionIsTooOldThenItIsNotSupported() {
		assertThat(RedisExecutables.supportedMajorVersion("Redis server v=6.2.0 sha=0")).isEqualTo(6);
		assertThat(RedisExecutables.supportedMajorVersion("Redis server v=7.0.15 sha=0")).isEqualTo(7);
		assertThat(RedisExecutables.supportedMajorVersion("Redis server v=6.0.16 sha=0")).isEqualTo(-1);
		assertThat(RedisExecutables.supportedMajorVersion("Redis server v=5.0.14 sha=0")).isEqualTo(-1);
		assertThat(RedisExecutables.supportedMajorVersion("cannot execute binary file")).isEqualTo(-1);
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void whenBundledServerDoesNotRunThenOneOnThePathIsTaken() throws Exception {
		Path old = script("old", "Redis server v=6.0.0");
		Path recent = script("recent", "Redis server v=7.2.0");
		assertThat(new RedisExecutables(List.of("missing-server"), List.of(old, recent)).find(this.directory))
			.isEqualTo(new RedisExecutable(recent, 7));
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void whenThereIsNoneThenWhatWasTriedIsNamed() throws Exception {
		Path old = script("old", "Redis server v=6.0.0");
		assertThatExceptionOfType(EmulatorStartException.class)
			.isThrownBy(() -> new RedisExecutables(List.of("missing-server"), List.of(old)).find(this.directory))
			.withMessageContainingAll("bundled missing-server (not on the class path)", old + " (Redis server v=6.0.0)",
					"Install redis-server 6.2 or later", "java.io.tmpdir");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void whenAnotherProcessHoldsServerOpenForAMomentThenWaits() throws Exception {
		Path busy = script("busy", "Redis server v=7.2.0");
		OutputStream held = Files.newOutputStream(busy, StandardOpenOption.APPEND);
		CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(() -> {
			try {
				held.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		assertThat(new RedisExecutables(List.of(), List.of(busy)).find(this.directory).path()).isEqualTo(busy);
	}

	private Path script(String name, String output) throws IOException {
		Path script = this.directory.resolve(name);
		Files.writeString(script, "#!/bin/sh\necho '" + output + "'\n");
		assertThat(script.toFile().setExecutable(true)).isTrue();
		return script;
	}

}
