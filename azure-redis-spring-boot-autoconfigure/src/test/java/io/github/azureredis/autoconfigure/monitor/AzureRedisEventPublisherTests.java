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

package io.github.azureredis.autoconfigure.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.azureredis.autoconfigure.NewThreads;
import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.ConnectionReauthenticationFailedEvent;
import io.github.azureredis.lettuce.ReauthenticationFixtures;
import io.github.azureredis.token.TokenFixtures;
import io.github.azureredis.token.TokenRenewalFailedEvent;
import io.github.azureredis.token.TokenRenewedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AzureRedisEventPublisher}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AzureRedisEventPublisherTests {

	private static final TokenRenewedEvent EVENT = TokenFixtures.renewed(Instant.EPOCH, Duration.ZERO);

	private final BlockingQueue<Object> published = new LinkedBlockingQueue<>();

	private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

	private AzureRedisEventPublisher publisher = new AzureRedisEventPublisher(record());

	@AfterEach
	void stop() {
		this.publisher.stop();
	}

	@Test
	void whenAnythingHappensThenPublishesIt() throws InterruptedException {
		TokenRenewalFailedEvent renewalFailed = TokenFixtures.renewalFailed(new IllegalStateException(), Instant.EPOCH,
				Duration.ZERO);
		ConnectionReauthenticatedEvent reauthenticated = ReauthenticationFixtures.reauthenticated(null, null,
				Instant.EPOCH);
		ConnectionReauthenticationFailedEvent reauthenticationFailed = ReauthenticationFixtures
			.reauthenticationFailed(null, null, new IllegalStateException(), null);
		this.publisher.start();
		this.publisher.onTokenRenewed(EVENT);
		this.publisher.onTokenRenewalFailed(renewalFailed);
		this.publisher.onReauthenticated(reauthenticated);
		this.publisher.onReauthenticationFailed(reauthenticationFailed);
		for (Object event : List.of(EVENT, renewalFailed, reauthenticated, reauthenticationFailed)) {
			assertThat(this.published.poll(30, TimeUnit.SECONDS)).isSameAs(event);
		}
	}

	@Test
	void whenPublishingThenUsesOneDaemonThreadOfItsOwn() throws InterruptedException {
		this.publisher.start();
		this.publisher.onTokenRenewed(EVENT);
		this.publisher.onTokenRenewed(EVENT);
		Thread thread = this.threads.poll(30, TimeUnit.SECONDS);
		assertThat(thread).isNotNull().isNotSameAs(Thread.currentThread());
		assertThat(thread.getName()).isEqualTo("azure-redis-events");
		assertThat(thread.isDaemon()).isTrue();
		assertThat(this.threads.poll(30, TimeUnit.SECONDS)).isSameAs(thread);
	}

	@Test
	void whenNotStartedThenEventsWaitForTheListeners() throws InterruptedException {
		this.publisher.onTokenRenewed(EVENT);
		assertThat(this.published).isEmpty();
		this.publisher.start();
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isSameAs(EVENT);
	}

	@Test
	void whenNothingHappensThenThereIsNoThread() {
		NewThreads threads = new NewThreads();
		this.publisher.start();
		assertThat(threads.names()).isEmpty();
	}

	@Test
	void whenListenerThrowsThenLogsAndGoesOn(CapturedOutput output) throws InterruptedException {
		this.publisher = new AzureRedisEventPublisher((event) -> {
			this.published.add(event);
			throw new AssertionError("from the listener");
		});
		this.publisher.start();
		this.publisher.onTokenRenewed(EVENT);
		this.publisher.onTokenRenewed(EVENT);
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isNotNull();
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isNotNull();
		assertThat(output).contains("A listener of the application failed").contains("from the listener");
	}

	@Test
	void whenListenerInterruptsTheThreadThenGoesOn() throws InterruptedException {
		this.publisher = new AzureRedisEventPublisher(record().andThen((event) -> Thread.currentThread().interrupt()));
		this.publisher.start();
		this.publisher.onTokenRenewed(EVENT);
		this.publisher.onTokenRenewed(EVENT);
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isNotNull();
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void whenListenerHangsThenDropsEventsWithOneWarningAndNeverBlocks(CapturedOutput output) {
		CountDownLatch release = new CountDownLatch(1);
		this.publisher = new AzureRedisEventPublisher(hang(release));
		this.publisher.start();
		for (int i = 0; i < 3000; i++) {
			this.publisher.onTokenRenewed(EVENT);
		}
		assertThat(output).containsOnlyOnce("The application's listeners are too slow");
		release.countDown();
		await().untilAsserted(() -> assertThat(this.published).hasSizeBetween(1024, 1025));
	}

	@Test
	void whenStoppedThenThreadEndsEvenIfListenerHangs() throws InterruptedException {
		this.publisher = new AzureRedisEventPublisher(record().andThen(hang(new CountDownLatch(1))));
		this.publisher.start();
		this.publisher.onTokenRenewed(EVENT);
		Thread thread = this.threads.poll(30, TimeUnit.SECONDS);
		assertThat(thread).isNotNull();
		this.publisher.stop();
		thread.join(Duration.ofSeconds(30).toMillis());
		assertThat(thread.isAlive()).isFalse();
		assertThat(this.publisher.isRunning()).isFalse();
	}

	@Test
	void whenStartedAgainThenPublishesAgain() throws InterruptedException {
		this.publisher.start();
		this.publisher.stop();
		this.publisher.onTokenRenewed(EVENT);
		assertThat(this.published).isEmpty();
		this.publisher.start();
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isSameAs(EVENT);
	}

	@Test
	void whenThreadCannotBeStartedThenNextEventTriesAgain() throws InterruptedException {
		AtomicBoolean failed = new AtomicBoolean();
		this.publisher = new AzureRedisEventPublisher(record(), (task) -> {
			if (failed.compareAndSet(false, true)) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return new Thread(task);
		});
		this.publisher.start();
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.publisher.onTokenRenewed(EVENT));
		this.publisher.onTokenRenewed(EVENT);
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isSameAs(EVENT);
		assertThat(this.published.poll(30, TimeUnit.SECONDS)).isSameAs(EVENT);
	}

	private RecordingPublisher record() {
		return (event) -> {
			this.threads.add(Thread.currentThread());
			this.published.add(event);
		};
	}

	private RecordingPublisher hang(CountDownLatch release) {
		return (event) -> {
			try {
				release.await();
				this.published.add(event);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		};
	}

	interface RecordingPublisher extends ApplicationEventPublisher {

		default RecordingPublisher andThen(ApplicationEventPublisher next) {
			return (event) -> {
				publishEvent(event);
				next.publishEvent(event);
			};
		}

	}

}
