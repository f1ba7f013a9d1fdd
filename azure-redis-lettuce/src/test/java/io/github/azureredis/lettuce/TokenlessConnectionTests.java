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

package io.github.azureredis.lettuce;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.azureredis.emulator.EmulatorFaults;
import io.github.azureredis.token.EntraTokenException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests for connections that are made while there is no token.
 */
@Tag("slow")
class TokenlessConnectionTests {

	@Test
	void whenCommandTimeoutPassesThenConnectingFailsWithTheReason() {
		try (EmulatedClients clients = new EmulatedClients(EmulatorFaults::tokenEndpointDown)) {
			RedisURI uri = clients.uri();
			uri.setTimeout(Duration.ofMillis(900));
			Throwable failure = catchThrowable(() -> clients.client().connect(uri));
			assertThat(reason(failure)).hasMessageContaining("EmulatorCredential")
				.hasMessageStartingWith("No token within ");
		}
	}

	@Test
	void whenThreadsQueueUpToConnectThenOnlyTheFirstOneWaits() {
		try (EmulatedClients clients = new EmulatedClients(EmulatorFaults::tokenEndpointHung)) {
			RedisClient client = clients.client();
			RedisURI uri = clients.uri();
			uri.setTimeout(Duration.ofSeconds(1));
			Object lock = new Object();
			List<CompletableFuture<Throwable>> threads = IntStream.range(0, 8).mapToObj((i) -> inNewThread(() -> {
				synchronized (lock) {
					return catchThrowable(() -> client.connect(uri));
				}
			})).toList();
			assertThat(threads).extracting((thread) -> reason(thread.join()).getMessage())
				.filteredOn((message) -> message.startsWith("There is no token"))
				.hasSize(7);
		}
	}

	@Test
	void whenEveryReactorThreadIsBlockedByConnectingThenTheTokenStillArrives() {
		try (EmulatedClients clients = new EmulatedClients(EmulatorFaults::tokenEndpointHung)) {
			RedisClient client = clients.client();
			List<CompletableFuture<String>> pongs = IntStream.range(0, Schedulers.DEFAULT_POOL_SIZE)
				.mapToObj((i) -> Mono.fromCallable(() -> client.connect().sync().ping())
					.subscribeOn(Schedulers.parallel())
					.toFuture())
				.toList();
			clients.emulator.faults().tokenEndpointUp();
			assertThat(pongs).allSatisfy((pong) -> assertThat(pong.join()).isEqualTo("PONG"));
		}
	}

	@Test
	void whenTokenEndsInAnOutageThenClusterClientStillFollowsItsTopology() {
		try (EmulatedClients clients = EmulatedClients.clustered(Duration.ofSeconds(4));
				BlockedThreads blocked = new BlockedThreads()) {
			RedisClusterClient client = clients.clusterClient(Duration.ofSeconds(1));
			RedisAdvancedClusterCommands<String, String> redis = client.connect().sync();
			List<String> keys = IntStream.range(0, 30).mapToObj((i) -> "key" + i).toList();
			keys.forEach((key) -> redis.set(key, "value"));
			long handshakes = clients.emulator.statistics().handshakesAccepted();
			await().until(() -> clients.emulator.statistics().handshakesAccepted() > handshakes + 2);
			clients.emulator.faults().tokenEndpointDown();
			await().until(() -> clients.tokens.currentToken() == null);
			// The topology is due to be read several times while there is no token.
			long opened = clients.emulator.statistics().connectionsOpened();
			await().atMost(Duration.ofSeconds(30))
				.until(() -> clients.emulator.statistics().connectionsOpened() > opened + 3);
			clients.emulator.faults().tokenEndpointUp();
			await().until(() -> clients.tokens.currentToken() != null);
			clients.emulator.cluster().replaceNodes();
			await().atMost(Duration.ofSeconds(30))
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(keys).allMatch((key) -> "value".equals(redis.get(key))));
			assertThat(blocked.seen()).isEmpty();
		}
	}

	private static EntraTokenException reason(Throwable failure) {
		Throwable cause = failure;
		while (!(cause instanceof EntraTokenException)) {
			assertThat(cause).as("cause of " + failure).isNotNull();
			cause = cause.getCause();
		}
		return (EntraTokenException) cause;
	}

	private static <T> CompletableFuture<T> inNewThread(Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, (command) -> new Thread(command).start());
	}

	/**
	 * Samples the threads of Lettuce, and keeps the stacks of those that wait for
	 * something else than work.
	 */
	private static final class BlockedThreads implements AutoCloseable {

		private final Queue<String> seen = new ConcurrentLinkedQueue<>();

		private final CountDownLatch closed = new CountDownLatch(1);

		BlockedThreads() {
			Thread sampler = new Thread(this::sample, "sampler");
			sampler.setDaemon(true);
			sampler.start();
		}

		private void sample() {
			try {
				while (!this.closed.await(20, TimeUnit.MILLISECONDS)) {
					Thread.getAllStackTraces().forEach(this::look);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private void look(Thread thread, StackTraceElement[] stack) {
			boolean waits = Arrays.stream(stack)
				.anyMatch((frame) -> frame.getMethodName().equals("waitingGet")
						|| frame.getClassName().contains("reactor.core.publisher.Blocking"));
			if (waits && thread.getName().startsWith("lettuce-")) {
				this.seen.add(thread.getName() + Arrays.toString(stack));
			}
		}

		Queue<String> seen() {
			return this.seen;
		}

		@Override
		public void close() {
			this.closed.countDown();
		}

	}

}
