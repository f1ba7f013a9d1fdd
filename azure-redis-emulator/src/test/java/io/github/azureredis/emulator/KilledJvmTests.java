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

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "A killed JVM leaves the server behind there")
@Tag("slow")
class KilledJvmTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "true, NONE", "false, NONE", "true, OSS" })
	void whenJvmEndsThenServersAndTheirFilesAreGone(boolean killed, AzureRedisClusteringPolicy policy)
			throws Exception {
		Process jvm = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
				"-Djava.io.tmpdir=" + this.directory, "-cp", System.getProperty("java.class.path"),
				ForkedEmulator.class.getName(), policy.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader output = jvm.inputReader()) {
			assertThat(output.readLine()).isEqualTo("started");
			List<ProcessHandle> servers = jvm.descendants().toList();
			assertThat(servers).isNotEmpty();
			assertThat(emulatorDirectories()).isNotEmpty();
			if (killed) {
				jvm.destroyForcibly();
			}
			else {
				jvm.getOutputStream().close();
			}
			assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
			Awaitility.await().until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
			Awaitility.await().until(() -> emulatorDirectories().isEmpty());
		}
		finally {
			jvm.destroyForcibly();
		}
	}

	private List<Path> emulatorDirectories() throws Exception {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("azure-redis-emulator-")).toList();
		}
	}

	static final class ForkedEmulator {

		private ForkedEmulator() {
		}

		/**
		 * Starts an emulator and never closes it.
		 */
		public static void main(String[] args) throws Exception {
			AzureRedisEmulator.builder().clusteringPolicy(AzureRedisClusteringPolicy.valueOf(args[0])).start();
			System.out.println("started");
			System.in.read();
		}

	}

}
