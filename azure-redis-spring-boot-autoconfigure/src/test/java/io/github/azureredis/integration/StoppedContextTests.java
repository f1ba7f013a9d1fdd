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

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicInteger;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.sun.management.HotSpotDiagnosticMXBean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a stopped context keeps in memory.
 */
@Tag("slow")
class StoppedContextTests {

	/** In reverse, so that this class does not hold what is looked for. */
	private static final String REVERSED_MARKER = "nekot-siht-dnif-";

	private static final AtomicInteger tokens = new AtomicInteger();

	@Test
	void whenContextIsStoppedThenAHeapDumpHoldsNoToken(@TempDir Path directory) throws IOException {
		try (ServerSocket server = startServer();
				ConfigurableApplicationContext context = run("--azure.redis.port=" + server.getLocalPort())) {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			redis.opsForValue().set("key", "value");
			assertThat(tokensIn(dump(directory.resolve("running.hprof")))).isPositive();
			context.stop();
			assertThat(tokensIn(dump(directory.resolve("stopped.hprof")))).isZero();
			context.start();
			redis.opsForValue().set("key", "value");
			assertThat(tokens).hasValue(2);
		}
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("azure.redis.host=127.0.0.1", "azure.redis.ssl.enabled=false", "azure.redis.username=me",
					"azure.redis.clustering-policy=none")
			.run(arguments);
	}

	private static Path dump(Path file) throws IOException {
		ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
		return file;
	}

	private static int tokensIn(Path dump) throws IOException {
		byte[] marker = marker().getBytes(StandardCharsets.US_ASCII);
		int found = 0;
		try (InputStream in = new BufferedInputStream(Files.newInputStream(dump), 1 << 20)) {
			int matched = 0;
			for (int next = in.read(); next != -1; next = in.read()) {
				matched = (next == marker[matched]) ? matched + 1 : ((next == marker[0]) ? 1 : 0);
				if (matched == marker.length) {
					found += Character.isDigit(in.read()) ? 1 : 0;
					matched = 0;
				}
			}
		}
		return found;
	}

	private static String marker() {
		return new StringBuilder(REVERSED_MARKER).reverse().toString();
	}

	/**
	 * Start a server that speaks RESP2, answers each command with OK and keeps nothing.
	 */
	private static ServerSocket startServer() throws IOException {
		ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		startThread(() -> {
			while (!server.isClosed()) {
				Socket socket = server.accept();
				startThread(() -> serve(socket));
			}
		});
		return server;
	}

	private static void serve(Socket socket) throws IOException {
		try (socket; InputStream in = socket.getInputStream(); OutputStream out = socket.getOutputStream()) {
			byte[] buffer = new byte[8192];
			for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
				String commands = new String(buffer, 0, length, StandardCharsets.US_ASCII);
				String reply = commands.contains("HELLO") ? "-ERR unknown command\r\n" : "+OK\r\n";
				long count = commands.lines().filter((line) -> line.startsWith("*")).count();
				out.write(reply.repeat((int) count).getBytes(StandardCharsets.US_ASCII));
			}
		}
	}

	private static void startThread(Action action) {
		Thread thread = new Thread(() -> {
			try {
				action.run();
			}
			catch (IOException ex) {
				// Closed
			}
		}, "test-server");
		thread.setDaemon(true);
		thread.start();
	}

	private interface Action {

		void run() throws IOException;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return (request) -> Mono.fromSupplier(
					() -> new AccessToken(marker() + tokens.incrementAndGet(), OffsetDateTime.now().plusHours(1)));
		}

	}

}
