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

package io.github.azureredis.token;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.azure.core.credential.AccessToken;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the threads of {@link EntraTokenProvider}, in real time.
 */
class EntraTokenProviderThreadTests {

	private final Set<Thread> others = Thread.getAllStackTraces().keySet();

	private final TestCredential credential = new TestCredential(Clock.systemUTC(), Duration.ofHours(1));

	@Test
	void whenBuiltThenCallerDoesNotWaitForTheCredential() {
		CountDownLatch release = new CountDownLatch(1);
		this.credential.behaviour = () -> {
			awaitUninterruptibly(release);
			return Mono.just(this.credential.issue(Duration.ofHours(1)));
		};
		try (EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build()) {
			assertThat(provider.currentToken()).isNull();
			release.countDown();
			assertThat(provider.token().block()).isNotNull();
		}
	}

	@Test
	void whenClosedThenItsThreadsEndAndAllAreDaemons() {
		EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build();
		provider.token().block();
		assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
		provider.close();
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	@Test
	void whenClosedDuringARequestThenItsThreadIsInterrupted() {
		AtomicBoolean interrupted = new AtomicBoolean();
		CountDownLatch asked = new CountDownLatch(1);
		this.credential.behaviour = () -> {
			asked.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.set(true);
			}
			return Mono.empty();
		};
		EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build();
		awaitUninterruptibly(asked);
		provider.close();
		await().untilTrue(interrupted);
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	@Test
	void whenCredentialsBlockForEverThenTheNextRequestHasAThread() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger requests = new AtomicInteger();
		this.credential.behaviour = () -> {
			if (requests.incrementAndGet() <= 5) {
				awaitUninterruptibly(release);
			}
			return Mono.just(this.credential.issue(Duration.ofHours(1)));
		};
		try (EntraTokenProvider provider = EntraTokenProvider.builder(this.credential)
			.requestTimeout(Duration.ofMillis(100))
			.build()) {
			await().until(() -> provider.currentToken() != null);
		}
		finally {
			release.countDown();
		}
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	@Test
	void whenClosedWhileSomebodyWaitsThenWaiterIsAnswered() {
		for (int i = 0; i < 50; i++) {
			this.credential.behaviour = Mono::<AccessToken>never;
			EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build();
			List<Mono<EntraToken>> waiters = List.of(provider.token(), provider.token());
			Thread closer = new Thread(provider::close);
			closer.start();
			for (Mono<EntraToken> waiter : waiters) {
				assertThat(waiter.toFuture()).failsWithin(Duration.ofSeconds(10))
					.withThrowableThat()
					.withCauseInstanceOf(EntraTokenException.class);
			}
		}
	}

	private List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !this.others.contains(thread))
			.filter((thread) -> thread.getName().startsWith("azure-redis-token"))
			.toList();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean released = false;
		while (!released) {
			try {
				latch.await();
				released = true;
			}
			catch (InterruptedException ex) {
				// As a blocking socket does.
			}
		}
	}

}
