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

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import com.azure.core.credential.AccessToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EntraTokenProvider}, in virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class EntraTokenProviderTests {

	private static final Duration LIFE = Duration.ofHours(1);

	private final VirtualTime time = new VirtualTime();

	private final TestCredential credential = new TestCredential(this.time, LIFE);

	private final List<Object> events = new ArrayList<>();

	private final EntraTokenListener recorder = new EntraTokenListener() {

		@Override
		public void onTokenRenewed(TokenRenewedEvent event) {
			EntraTokenProviderTests.this.events.add(event);
		}

		@Override
		public void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
			EntraTokenProviderTests.this.events.add(event);
		}

	};

	@Test
	void whenBuiltThenAsksAtOnceForTheScope() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		assertThat(this.credential.askedAt).hasSize(1);
		assertThat(this.credential.lastRequest.getScopes()).containsExactly("https://redis.azure.com/.default");
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-1");
		assertThat(provider.token().block().getValue()).isEqualTo("secret-1");
	}

	@Test
	void whenMarginBeginsThenAsksForTheNextToken() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.time.pass(Duration.ofMinutes(55).minusMillis(1));
		assertThat(this.credential.askedAt).hasSize(1);
		this.time.pass(Duration.ofMillis(1));
		assertThat(this.credential.askedAt).hasSize(2);
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenManyWaitForTheFirstTokenThenOneRequestAnswersAll() {
		this.credential.behaviour = () -> Mono.delay(Duration.ofSeconds(10), this.time.scheduler)
			.map((tick) -> this.credential.issue(LIFE));
		EntraTokenProvider provider = this.time.provider(this.credential);
		List<CompletableFuture<EntraToken>> waiters = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			waiters.add(provider.token().toFuture());
		}
		this.time.pass(Duration.ofSeconds(10));
		assertThat(waiters).allSatisfy((waiter) -> assertThat(waiter.join().getValue()).isEqualTo("secret-1"));
		assertThat(this.credential.askedAt).hasSize(1);
	}

	@Test
	void whenNoTokenInTimeThenWaiterLearnsWhy() {
		this.credential.behaviour = () -> Mono
			.error(new IllegalStateException("see inner exception", new IllegalStateException("nobody is logged in")));
		EntraTokenProvider provider = this.time.provider(this.credential);
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		this.time.pass(Duration.ofSeconds(15));
		assertThat(waiter).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(EntraTokenException.class)
			.withMessage(
					"No token within 15000 ms (credential TestCredential, scope https://redis.azure.com/.default): "
							+ "see inner exception; nobody is logged in");
	}

	@Test
	void whenOutageIsLongThenWaiterIsToldInTime() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(LIFE);
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		this.time.pass(Duration.ofSeconds(29));
		assertThat(waiter).isNotDone();
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofMinutes(2));
		assertThat(waiter).failsWithin(Duration.ofSeconds(10));
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenTokenArrivesWhileSomebodyWaitsThenHeIsAnsweredAtOnce() {
		Duration life = Duration.ofSeconds(20);
		this.credential.behaviour = () -> Mono.just(this.credential.issue(life));
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(life);
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		this.time.pass(Duration.ofSeconds(20));
		assertThat(waiter).isNotDone();
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofSeconds(4));
		assertThat(waiter).succeedsWithin(Duration.ofSeconds(10))
			.extracting(EntraToken::getValue)
			.isEqualTo("secret-2");
	}

	@Test
	void whenRequestHangsThenItIsCancelledAndRepeated() {
		List<String> cancelled = new ArrayList<>();
		this.credential.behaviour = () -> Mono.<AccessToken>never().doOnCancel(() -> cancelled.add("cancelled"));
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.time.pass(Duration.ofSeconds(15));
		assertThat(cancelled).hasSize(1);
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofSeconds(1));
		assertThat(provider.currentToken()).isNotNull();
		assertThat(this.credential.mostUnderWay).isEqualTo(1);
	}

	@Test
	void whenRenewalFailsThenCurrentTokenIsKeptUntilItsEndAndNotLonger() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(LIFE.minusMillis(1));
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-1");
		this.time.pass(Duration.ofMillis(1));
		assertThat(provider.currentToken()).isNull();
	}

	@Test
	void whenOutageIsLongThenRenewalGoesOnAtLeastEveryTwoMinutes() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(Duration.ofDays(7));
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofMinutes(2));
		assertThat(provider.currentToken()).isNotNull();
	}

	@Test
	void whenOutageIsShortThenRequestsAreFew() {
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.provider(this.credential);
		this.time.pass(Duration.ofSeconds(25));
		assertThat(this.credential.askedAt).hasSizeBetween(10, 30);
	}

	@Test
	void whenTokenIsTheSameThenItIsNeitherEmittedNorAskedForInAHurry() {
		AccessToken cached = this.credential.issue(LIFE);
		this.credential.behaviour = () -> Mono.just(cached);
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		EntraToken first = provider.currentToken();
		this.time.pass(LIFE.minusSeconds(1));
		assertThat(provider.currentToken()).isSameAs(first);
		assertThat(this.events).hasSize(1);
		assertThat(gaps()).allSatisfy((gap) -> assertThat(gap).isGreaterThanOrEqualTo(Duration.ofSeconds(2)));
		assertThat(this.credential.askedAt).hasSizeBetween(5, 40);
	}

	@Test
	void whenTokenEndsEarlierThenCurrentOneIsKept() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.credential.behaviour = () -> Mono.just(this.credential.issue(Duration.ofMinutes(1)));
		this.time.pass(Duration.ofMinutes(57));
		assertThat(this.credential.askedAt).hasSizeGreaterThan(1);
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-1");
	}

	@Test
	void whenCredentialMisbehavesThenReasonIsKnownAndRenewalGoesOn() {
		List<Mono<AccessToken>> answers = new ArrayList<>();
		answers.add(null);
		answers.add(Mono.empty());
		answers.add(Mono.just(new AccessToken(null, null)));
		answers.add(Mono.just(this.credential.issue(Duration.ZERO)));
		answers.add(Mono.error(new StackOverflowError("asynchronously")));
		this.credential.behaviour = () -> {
			if (answers.isEmpty()) {
				throw new NoClassDefFoundError("io/netty/Missing");
			}
			return answers.remove(0);
		};
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		this.time.pass(Duration.ofSeconds(60));
		assertThat(this.events).hasSizeGreaterThan(6)
			.extracting((event) -> String.join(" ", FailureReasons.of(((TokenRenewalFailedEvent) event).getCause())))
			.contains("The credential answered without a token",
					"The credential answered without a token or without its expiry",
					"java.lang.NoClassDefFoundError: io/netty/Missing")
			.anyMatch((reason) -> reason.contains("ended at") && reason.contains("clock"))
			.anyMatch((reason) -> reason.contains("asynchronously"));
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofMinutes(2));
		assertThat(provider.currentToken()).isNotNull();
	}

	@Test
	void whenTokenIsRenewedThenStatusSaysSo() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		Instant start = this.time.instant();
		EntraTokenStatus status = provider.getStatus();
		assertThat(status.getCredentialName()).isEqualTo("TestCredential");
		assertThat(status.getScope()).isEqualTo(EntraTokenProvider.DEFAULT_SCOPE);
		assertThat(status.getObjectId()).isNull();
		assertThat(status.getIssuedAt()).isEqualTo(start);
		assertThat(status.getRenewedAt()).isEqualTo(start);
		assertThat(status.getExpiresAt()).isEqualTo(start.plus(LIFE));
		assertThat(status.getNextRequestAt()).isEqualTo(start.plus(Duration.ofMinutes(55)));
		assertThat(status.getFailingSince()).isNull();
		assertThat(status.getFailureCount()).isZero();
		assertThat(status.getReasons()).isEmpty();
		this.time.pass(Duration.ofMinutes(55));
		assertThat(provider.getStatus().getRenewedAt()).isEqualTo(start.plus(Duration.ofMinutes(55)));
		assertThat(provider.getStatus().getExpiresAt()).isEqualTo(start.plus(Duration.ofMinutes(55)).plus(LIFE));
	}

	@Test
	void whenFirstRequestIsUnderWayThenStatusKnowsOfNoToken() {
		this.credential.behaviour = this.credential::hang;
		EntraTokenStatus status = this.time.provider(this.credential).getStatus();
		assertThat(status.getExpiresAt()).isNull();
		assertThat(status.getRenewedAt()).isNull();
		assertThat(status.getFailingSince()).isNull();
		assertThat(status.getNextRequestAt()).isEqualTo(this.time.instant());
	}

	@Test
	void whenRenewalFailsThenStatusSaysSinceWhenAndWhyAndOfWhichToken() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		Instant start = this.time.instant();
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(LIFE.plusMinutes(5));
		EntraTokenStatus status = provider.getStatus();
		assertThat(status.getFailingSince()).isEqualTo(start.plus(Duration.ofMinutes(55)));
		assertThat(status.getFailureCount()).isEqualTo(this.credential.askedAt.size() - 1);
		assertThat(status.getReasons()).containsExactly("down");
		assertThat(status.getExpiresAt()).isEqualTo(start.plus(LIFE));
		assertThat(status.getNextRequestAt()).isAfter(this.time.instant());
	}

	@Test
	void whenOutageEndsWithTheSameTokenThenStatusSaysThatRenewalWorks() {
		AccessToken cached = this.credential.issue(LIFE);
		this.credential.behaviour = () -> Mono.just(cached);
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(Duration.ofMinutes(56));
		assertThat(provider.getStatus().getFailingSince()).isNotNull();
		this.credential.behaviour = () -> Mono.just(cached);
		this.time.pass(Duration.ofMinutes(1));
		assertThat(provider.getStatus().getFailingSince()).isNull();
		assertThat(provider.getStatus().getFailureCount()).isZero();
		assertThat(provider.getStatus().getReasons()).isEmpty();
		assertThat(this.events).filteredOn(TokenRenewedEvent.class::isInstance).hasSize(1);
	}

	@Test
	void whenListenerIsToldThenStatusHasItAlready() {
		List<EntraTokenStatus> seen = new ArrayList<>();
		EntraTokenProvider provider = this.time.provider(this.credential);
		provider.addListener(new EntraTokenListener() {

			@Override
			public void onTokenRenewed(TokenRenewedEvent event) {
				seen.add(provider.getStatus());
				assertThat(provider.getStatus().getExpiresAt()).isEqualTo(event.getExpiresAt());
			}

			@Override
			public void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
				seen.add(provider.getStatus());
				assertThat(provider.getStatus().getFailureCount()).isEqualTo(event.getFailureCount());
			}

		});
		this.time.pass(Duration.ofMinutes(55));
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(Duration.ofMinutes(56));
		assertThat(seen).extracting(EntraTokenStatus::getFailureCount).contains(0, 1, 2);
	}

	@Test
	void whenRequestHangsThenEventTellsHowLongItTook() {
		this.credential.behaviour = this.credential::hang;
		this.time.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		this.time.pass(Duration.ofSeconds(15));
		assertThat(this.events).singleElement().isInstanceOfSatisfying(TokenRenewalFailedEvent.class, (event) -> {
			assertThat(event.getDuration()).isEqualTo(Duration.ofSeconds(15));
			assertThat(event.getReasons()).containsExactly("The credential did not answer within PT15S");
		});
	}

	@Test
	void whenListenerThrowsThenRenewalAndOtherListenersGoOn() {
		EntraTokenListener broken = new EntraTokenListener() {

			@Override
			public void onTokenRenewed(TokenRenewedEvent event) {
				throw new NoClassDefFoundError("broken");
			}

		};
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(broken).listener(this.recorder));
		this.time.pass(Duration.ofHours(10));
		assertThat(this.events).hasSize(this.credential.askedAt.size()).hasSizeGreaterThan(10);
		assertThat(provider.currentToken()).isNotNull();
	}

	@Test
	void whenListenerIsRemovedThenItIsToldNoMore() {
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		provider.removeListener(this.recorder);
		this.time.pass(Duration.ofHours(2));
		assertThat(this.events).hasSize(1);
	}

	@Test
	void whenMachineWasSuspendedThenRenewsWithinAMinute() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.time.moveClock(Duration.ofHours(8));
		assertThat(provider.currentToken()).isNull();
		this.time.pass(Duration.ofMinutes(1));
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenMachineWasSuspendedThenFirstQuestionRenewsAtOnce() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.time.moveClock(Duration.ofHours(8));
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		this.time.scheduler.advanceTime();
		assertThat(waiter.join().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenClockIsMovedBackThenRenewsInRealTime() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.time.moveClock(Duration.ofHours(-8));
		this.time.pass(Duration.ofMinutes(55));
		assertThat(this.credential.askedAt).hasSize(2);
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenClockIsMovedBackThenTokenIsNotUsedForLongerThanItsLife() {
		AccessToken cached = this.credential.issue(LIFE);
		this.credential.behaviour = () -> Mono.just(cached);
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		this.time.moveClock(Duration.ofHours(-8));
		this.time.pass(LIFE.minusMillis(1));
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-1");
		this.time.pass(Duration.ofMillis(1));
		assertThat(provider.currentToken()).isNull();
		this.time.pass(Duration.ofMinutes(2));
		assertThat(this.events).filteredOn(TokenRenewedEvent.class::isInstance).hasSize(1);
		assertThat(provider.getStatus().getReasons())
			.containsExactly("The credential answered with the expired token again");
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofMinutes(2));
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenClockIsMovedBackDuringAnOutageThenRequestsStayFew() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(Duration.ofHours(3));
		int asked = this.credential.askedAt.size();
		this.time.moveClock(Duration.ofHours(-8));
		this.time.pass(Duration.ofHours(1));
		assertThat(this.credential.askedAt.size() - asked).isBetween(30, 40);
		assertThat(provider.currentToken()).isNull();
	}

	@Test
	void whenTextIsTheSameButExpiryIsLaterThenTokenIsNew() {
		this.credential.behaviour = () -> Mono
			.just(new AccessToken("static", this.time.instant().plus(LIFE).atOffset(ZoneOffset.UTC)));
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.time.pass(Duration.ofHours(3));
		assertThat(provider.currentToken()).isNotNull();
		assertThat(this.credential.askedAt).hasSizeLessThan(5);
	}

	@Test
	void whenStoppedThenTokenIsForgottenAndNothingIsAsked() {
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		assertThat(provider.isRunning()).isTrue();
		provider.stop();
		provider.stop();
		assertThat(provider.isRunning()).isFalse();
		assertThat(provider.currentToken()).isNull();
		this.time.pass(Duration.ofHours(3));
		assertThat(this.credential.askedAt).hasSize(1);
		assertThat(this.events).hasSize(1);
		EntraTokenStatus status = provider.getStatus();
		assertThat(status.getCredentialName()).isEqualTo("TestCredential");
		assertThat(status.getScope()).isEqualTo(EntraTokenProvider.DEFAULT_SCOPE);
		assertThat(status.getExpiresAt()).isNull();
		assertThat(status.getNextRequestAt()).isNull();
		assertThat(status.getFailureCount()).isZero();
	}

	@Test
	void whenStartedAgainThenAsksAtOnceAndListenersAreCalled() {
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		provider.start();
		assertThat(this.credential.askedAt).hasSize(1);
		provider.stop();
		provider.start();
		provider.start();
		this.time.scheduler.advanceTime();
		assertThat(this.credential.askedAt).hasSize(2);
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-2");
		assertThat(this.events).hasSize(2);
		this.time.pass(Duration.ofMinutes(55));
		assertThat(this.credential.askedAt).hasSize(3);
	}

	@Test
	void whenStartedAgainAfterAnOutageThenTheOutageIsForgotten() {
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		EntraTokenProvider provider = this.time.provider(this.credential);
		this.time.pass(Duration.ofHours(1));
		provider.stop();
		this.credential.behaviour = this.credential::hang;
		provider.start();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(provider.getStatus().getFailingSince()).isNull();
		assertThat(provider.getStatus().getReasons()).isEmpty();
	}

	@Test
	void whenStoppedThenRequestIsCancelledAndItsAnswerIgnored() {
		List<String> cancelled = new ArrayList<>();
		this.credential.behaviour = () -> Mono.delay(Duration.ofSeconds(10), this.time.scheduler)
			.map((tick) -> this.credential.issue(LIFE))
			.doOnCancel(() -> cancelled.add("cancelled"));
		EntraTokenProvider provider = this.time
			.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		provider.stop();
		assertThat(cancelled).hasSize(1);
		provider.start();
		this.time.pass(Duration.ofSeconds(10));
		assertThat(this.events).hasSize(1);
		assertThat(this.credential.mostUnderWay).isEqualTo(1);
	}

	@Test
	void whenStoppedThenWaitersLearnIt() {
		this.credential.behaviour = this.credential::hang;
		EntraTokenProvider provider = this.time.provider(this.credential);
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		provider.stop();
		assertThat(waiter).isCompletedExceptionally();
		assertThat(waiter).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(EntraTokenException.class)
			.withMessageContaining("No token, since its provider has been stopped");
		assertThatExceptionOfType(EntraTokenException.class).isThrownBy(() -> provider.token().block())
			.withMessageContaining("stopped");
		assertThat(provider.noTokenWithin(Duration.ofSeconds(1))).hasMessageContaining("stopped");
	}

	@Test
	void whenClosedThenStartAndStopHaveNoEffect() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		provider.stop();
		provider.close();
		provider.start();
		provider.stop();
		provider.start();
		assertThat(provider.isRunning()).isFalse();
		assertThat(provider.getStatus().getScope()).isEqualTo(EntraTokenProvider.DEFAULT_SCOPE);
		assertThat(provider.noTokenWithin(Duration.ZERO)).hasMessageContaining("closed");
		assertThat(this.credential.askedAt).hasSize(1);
	}

	@Test
	void whenSubscriberStartsTheProviderAgainThenThereIsNoDeadlock() {
		this.credential.behaviour = this.credential::hang;
		EntraTokenProvider provider = this.time.provider(this.credential);
		CompletableFuture<Void> restarted = provider.token()
			.toFuture()
			.handle((token,
					failure) -> CompletableFuture.runAsync(provider::start).orTimeout(10, TimeUnit.SECONDS).join());
		provider.stop();
		assertThat(restarted).isCompleted();
		assertThat(provider.isRunning()).isTrue();
	}

	@Test
	void whenNoTokenThenExceptionTellsTimeAndReason() {
		IllegalStateException failure = new IllegalStateException("down");
		this.credential.behaviour = () -> Mono.error(failure);
		EntraTokenProvider provider = this.time.provider(this.credential);
		EntraTokenException exception = provider.noTokenWithin(Duration.ofSeconds(3));
		assertThat(exception)
			.hasMessage(
					"No token within 3000 ms (credential TestCredential, scope https://redis.azure.com/.default): down")
			.hasCause(failure);
		assertThat(exception.getCredentialName()).isEqualTo("TestCredential");
		assertThat(exception.getScope()).isEqualTo(EntraTokenProvider.DEFAULT_SCOPE);
		assertThat(exception.getReasons()).containsExactly("down");
	}

	@Test
	void whenNoRequestHasFailedThenExceptionHasNoReason() {
		this.credential.behaviour = this.credential::hang;
		EntraTokenProvider provider = this.time.provider(this.credential);
		EntraTokenException exception = provider.noTokenWithin(Duration.ofSeconds(3));
		assertThat(exception).hasNoCause();
		assertThat(provider.noTokenWithin(Duration.ZERO)).hasMessageStartingWith("There is no token (credential");
		assertThat(provider.noTokenWithin(Duration.ofMillis(814)))
			.hasMessageStartingWith("No token within 814 ms (credential TestCredential, scope ");
		assertThat(exception.getReasons()).isEmpty();
	}

	@Test
	void whenSubscriberThrowsThenOthersAreAnswered() {
		this.credential.behaviour = () -> Mono.delay(Duration.ofSeconds(1), this.time.scheduler)
			.map((tick) -> this.credential.issue(LIFE));
		EntraTokenProvider provider = this.time.provider(this.credential);
		for (int i = 0; i < 10; i++) {
			provider.token().subscribe((token) -> {
				throw new StackOverflowError("from the subscriber");
			});
		}
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(waiter).isCompleted();
		this.time.pass(LIFE);
		assertThat(provider.currentToken().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenSubscriberThrowsThenOthersLearnOfTheEnd(CapturedOutput output) {
		this.credential.behaviour = this.credential::hang;
		EntraTokenProvider provider = this.time.provider(this.credential);
		for (int i = 0; i < 10; i++) {
			provider.token().subscribe((token) -> {
			}, (failure) -> {
				throw new StackOverflowError("from the subscriber");
			});
		}
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		provider.stop();
		assertThat(waiter).isCompletedExceptionally();
		assertThat(output).contains("A subscriber that waited for a token failed");
	}

	@Test
	void whenWaiterIsCancelledThenItIsForgotten() {
		this.credential.behaviour = this.credential::hang;
		EntraTokenProvider provider = this.time.provider(this.credential);
		AtomicBoolean answered = new AtomicBoolean();
		provider.token().doOnNext((token) -> answered.set(true)).subscribe().dispose();
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofMinutes(1));
		assertThat(provider.currentToken()).isNotNull();
		assertThat(answered).isFalse();
	}

	@Test
	void whenTokenSaysThatItEndsEarlierThanItsCredentialDoesThenTokenIsRight() {
		Instant end = this.time.instant().plusSeconds(100);
		String jwt = TokenClaimsTests.jwt("{\"oid\":\"me\",\"exp\":" + end.getEpochSecond() + "}");
		this.credential.behaviour = () -> Mono
			.just(new AccessToken(jwt, this.time.instant().plus(LIFE).atOffset(ZoneOffset.UTC)));
		EntraTokenProvider provider = this.time.provider(this.credential);
		assertThat(provider.currentToken().getExpiresAt()).isEqualTo(end);
		assertThat(provider.currentToken().getObjectId()).isEqualTo("me");
	}

	@Test
	void whenRenewalFailsAndRecoversThenEventsTellTheStory() {
		this.time.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		Instant start = this.time.instant();
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("down"));
		this.time.pass(Duration.ofMinutes(55));
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.events).hasSize(3);
		TokenRenewedEvent first = (TokenRenewedEvent) this.events.get(0);
		assertThat(first.getCredentialName()).isEqualTo("TestCredential");
		assertThat(first.getObjectId()).isNull();
		assertThat(first.getExpiresAt()).isEqualTo(start.plus(LIFE));
		assertThat(first.getPreviousExpiresAt()).isNull();
		assertThat(first.getDuration()).isZero();
		TokenRenewalFailedEvent failed = (TokenRenewalFailedEvent) this.events.get(1);
		assertThat(failed.getFailureCount()).isEqualTo(1);
		assertThat(failed.getFailingSince()).isEqualTo(start.plus(Duration.ofMinutes(55)));
		assertThat(failed.getCurrentExpiresAt()).isEqualTo(start.plus(LIFE));
		assertThat(failed.getCause()).hasMessage("down");
		TokenRenewedEvent renewed = (TokenRenewedEvent) this.events.get(2);
		assertThat(renewed.getPreviousExpiresAt()).isEqualTo(start.plus(LIFE));
	}

	@Test
	void whenOutageOutlivesTheTokenThenLogSaysEachThingOnce(CapturedOutput output) {
		this.time.provider(this.credential);
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("IMDS is down"));
		this.time.pass(Duration.ofHours(3));
		this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
		this.time.pass(Duration.ofMinutes(5));
		assertThat(output).containsOnlyOnce("Token renewal fails and will be tried again until it works. The current "
				+ "token lasts until 2026-11-21T13:00:00Z. Credential TestCredential, scope "
				+ "https://redis.azure.com/.default: IMDS is down");
		assertThat(output).containsOnlyOnce("The token expired at 2026-11-21T13:00:00Z and there is no new one");
		assertThat(output).containsOnlyOnce("Token renewal works again after");
		assertThat(output).doesNotContain("secret-");
	}

	@Test
	void whenRequestsWorkAgainWithTheSameTokenThenTheOutageIsOver(CapturedOutput output) {
		Duration day = Duration.ofDays(1);
		AccessToken cached = this.credential.issue(day);
		this.credential.behaviour = () -> Mono.just(cached);
		this.time.provider(EntraTokenProvider.builder(this.credential).listener(this.recorder));
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("first outage"));
		this.time.pass(Duration.ofHours(12));
		this.credential.behaviour = () -> Mono.just(cached);
		this.time.pass(Duration.ofHours(11));
		Instant secondOutage = this.time.instant();
		this.credential.behaviour = () -> Mono.error(new IllegalStateException("second outage"));
		this.time.pass(Duration.ofMinutes(55).plusSeconds(1));
		assertThat(output).contains("first outage").contains("Token renewal works again").contains("second outage");
		TokenRenewalFailedEvent last = (TokenRenewalFailedEvent) this.events.get(this.events.size() - 1);
		assertThat(last.getFailingSince()).isAfter(secondOutage);
	}

	@Test
	void whenAskedForATokenLaterThenItIsValidThen() {
		EntraTokenProvider provider = this.time.provider(this.credential);
		Mono<EntraToken> kept = provider.token();
		this.time.pass(LIFE);
		assertThat(kept.block().getValue()).isEqualTo("secret-2");
	}

	@Test
	void whenApplicationBlocksItsThreadsThenWaiterIsAnsweredAllTheSame() {
		this.credential.behaviour = this.credential::hang;
		EntraTokenProvider provider = this.time.provider(this.credential);
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE * 2; i++) {
			Schedulers.boundedElastic().schedule(() -> awaitQuietly(release));
		}
		try {
			CompletableFuture<EntraToken> waiter = provider.token().toFuture();
			this.credential.behaviour = () -> Mono.just(this.credential.issue(LIFE));
			this.time.pass(Duration.ofSeconds(20));
			assertThat(waiter).succeedsWithin(Duration.ofSeconds(10));
		}
		finally {
			release.countDown();
		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void whenClosedThenNothingIsAskedAnyMoreAndWaitersEnd() {
		this.credential.behaviour = this.credential::hang;
		EntraTokenProvider provider = this.time.provider(this.credential);
		CompletableFuture<EntraToken> waiter = provider.token().toFuture();
		provider.close();
		provider.close();
		assertThat(waiter).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(EntraTokenException.class)
			.withMessageContaining("closed");
		assertThatExceptionOfType(EntraTokenException.class).isThrownBy(() -> provider.token().block())
			.withMessageContaining("closed");
		int asked = this.credential.askedAt.size();
		this.time.pass(Duration.ofHours(3));
		assertThat(this.credential.askedAt).hasSize(asked);
	}

	@Test
	void whenDurationIsNotPositiveThenRefused() {
		EntraTokenProvider.Builder builder = EntraTokenProvider.builder(this.credential);
		assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ZERO))
			.withMessage("'requestTimeout' must be positive but is PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.refreshBeforeExpiry(Duration.ofSeconds(-1)))
			.withMessage("'refreshBeforeExpiry' must be positive but is PT-1S");
	}

	@Test
	void whenTimeoutThenReasonNamesIt() {
		this.credential.behaviour = this.credential::hang;
		this.time.provider(EntraTokenProvider.builder(this.credential)
			.requestTimeout(Duration.ofSeconds(3))
			.listener(this.recorder));
		this.time.pass(Duration.ofSeconds(3));
		assertThat(((TokenRenewalFailedEvent) this.events.get(0)).getCause()).isInstanceOf(TimeoutException.class)
			.hasMessage("The credential did not answer within PT3S");
	}

	private List<Duration> gaps() {
		List<Duration> gaps = new ArrayList<>();
		for (int i = 1; i < this.credential.askedAt.size(); i++) {
			gaps.add(Duration.between(this.credential.askedAt.get(i - 1), this.credential.askedAt.get(i)));
		}
		return gaps;
	}

}
