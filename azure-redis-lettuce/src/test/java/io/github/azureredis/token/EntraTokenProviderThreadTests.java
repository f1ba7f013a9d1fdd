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

import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.azure.core.credential.AccessToken;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link EntraTokenProvider} with threads.
 */
@Tag("slow")
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
	void whenTokenNeverExpiresThenItIsUsedLikeAnyOther() {
		this.credential.behaviour = () -> Mono.just(new AccessToken("secret", OffsetDateTime.MAX));
		try (EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build()) {
			EntraToken token = provider.token().block(Duration.ofSeconds(10));
			assertThat(token.getRemainingLife().toNanos()).isPositive();
			assertThat(provider.getStatus().getFailingSince()).isNull();
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

	@Test
	void whenAllParallelThreadsAreBlockedThenWaitersAreAnswered() {
		CountDownLatch waiting = new CountDownLatch(Schedulers.DEFAULT_POOL_SIZE);
		this.credential.behaviour = () -> {
			awaitUninterruptibly(waiting);
			return Mono.just(this.credential.issue(Duration.ofHours(1)));
		};
		try (EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build()) {
			List<CompletableFuture<EntraToken>> answers = new ArrayList<>();
			for (int i = 0; i < Schedulers.DEFAULT_POOL_SIZE; i++) {
				answers.add(CompletableFuture.supplyAsync(() -> {
					CompletableFuture<EntraToken> answer = provider.token().toFuture();
					waiting.countDown();
					return answer.orTimeout(10, TimeUnit.SECONDS).join();
				}, Schedulers.parallel()::schedule));
			}
			assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(Duration.ofSeconds(30)));
		}
	}

	@Test
	void whenAnsweredThenOnAThreadThatReactorDoesNotBlock() {
		CountDownLatch waiting = new CountDownLatch(1);
		this.credential.behaviour = () -> {
			awaitUninterruptibly(waiting);
			return Mono.just(this.credential.issue(Duration.ofHours(1)));
		};
		try (EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build()) {
			CompletableFuture<EntraToken> answer = provider.token()
				.doOnNext((token) -> Mono.never().block())
				.toFuture();
			waiting.countDown();
			assertThat(answer).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withMessageContaining("blocking, which is not supported in thread azure-redis-token-");
			assertThat(provider.token().block()).isNotNull();
		}
	}

	@Test
	void whenStoppedThenNothingHoldsTheToken() {
		EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build();
		try {
			// Not shared, as a literal would be.
			this.credential.behaviour = () -> Mono.just(this.credential.issue(Duration.ofHours(1)));
			WeakReference<EntraToken> token = new WeakReference<>(provider.token().block());
			WeakReference<String> text = new WeakReference<>(provider.currentToken().getValue());
			provider.stop();
			await().untilAsserted(() -> {
				System.gc();
				assertThat(token.get()).isNull();
				assertThat(text.get()).isNull();
			});
			provider.start();
			assertThat(provider.token().block()).isNotNull();
		}
		finally {
			provider.close();
		}
	}

	@Test
	void whenStartedStoppedAndClosedAllAtOnceThenEndsClosed() {
		for (int i = 0; i < 20; i++) {
			EntraTokenProvider provider = EntraTokenProvider.builder(this.credential).build();
			List<CompletableFuture<?>> calls = new ArrayList<>();
			for (int call = 0; call < 50; call++) {
				calls.add(CompletableFuture.runAsync(provider::stop));
				calls.add(CompletableFuture.runAsync(provider::start));
				calls.add(provider.token().toFuture().handle((token, failure) -> failure));
			}
			calls.add(CompletableFuture.runAsync(provider::close));
			assertThat(calls).allSatisfy((call) -> assertThat(call).succeedsWithin(Duration.ofSeconds(30)));
			assertThat(provider.isRunning()).isFalse();
		}
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	@Test
	void whenAllRequestThreadsAreStuckThenSaysSoAndRecoversWithThem() throws InterruptedException {
		VirtualTime time = new VirtualTime();
		CountDownLatch release = new CountDownLatch(1);
		Semaphore asked = new Semaphore(0);
		this.credential.behaviour = () -> {
			asked.release();
			awaitUninterruptibly(release);
			return Mono.just(this.credential.issue(Duration.ofHours(1)));
		};
		ThreadPoolExecutor executor = (ThreadPoolExecutor) TokenRequest.executor("azure-redis-token-test");
		try (EntraTokenProvider provider = time.provider(EntraTokenProvider.builder(this.credential),
				Schedulers.fromExecutorService(executor))) {
			for (int i = 0; i < 32; i++) {
				assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
				time.pass(Duration.ofSeconds(15));
				assertThat(provider.getStatus().getReasons())
					.containsExactly("The credential did not answer within PT15S");
				time.pass(Duration.between(time.instant(), provider.getStatus().getNextRequestAt()));
			}
			assertThat(provider.getStatus().getReasons()).singleElement()
				.asString()
				.startsWith("All 32 threads for requests are blocked by the credential");
			time.pass(Duration.ofHours(1));
			assertThat(executor.getPoolSize()).isEqualTo(32);
			release.countDown();
			await().until(() -> executor.getActiveCount() == 0);
			time.pass(Duration.ofMinutes(2));
			await().until(() -> provider.currentToken() != null);
		}
		finally {
			release.countDown();
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
