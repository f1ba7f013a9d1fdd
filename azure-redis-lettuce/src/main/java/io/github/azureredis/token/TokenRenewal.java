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
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One run of the renewal, between its start and its end. State that is not volatile
 * belongs to the thread of the loop.
 */
final class TokenRenewal implements TokenWaiters.Source {

	// A timer alone is wrong after the machine was suspended or its clock was moved.
	private static final Duration CLOCK_CHECK_INTERVAL = Duration.ofMinutes(1);

	private final TokenRequest request;

	private final RenewalSchedule schedule;

	private final Scheduler loop;

	private final RenewalClock clock;

	private final DoubleSupplier random;

	private final EntraTokenListener listener;

	private final RenewalLog log;

	private final TokenWaiters waiters;

	private final Disposable.Swap clockCheck = Disposables.swap();

	private final Disposable.Swap timer = Disposables.swap();

	private final Disposable.Swap attempt = Disposables.swap();

	private volatile @Nullable String endReason;

	private volatile @Nullable ReceivedToken token;

	private volatile @Nullable Outage outage;

	private volatile EntraTokenStatus status;

	private Instant due;

	private boolean asking;

	private Duration askedAt = Duration.ZERO;

	TokenRenewal(TokenRequest request, RenewalSchedule schedule, Scheduler loop, RenewalClock clock,
			DoubleSupplier random, EntraTokenListener listener) {
		this.request = request;
		this.schedule = schedule;
		this.loop = loop;
		this.clock = clock;
		this.random = random;
		this.listener = listener;
		this.log = new RenewalLog(request.credentialName(), request.scope());
		this.waiters = new TokenWaiters(loop, request.timeout(), this);
		this.due = clock.instant();
		this.status = new EntraTokenStatus(request, null, this.due, null);
	}

	void start() {
		this.clockCheck.update(this.loop.schedulePeriodically(this::checkClock, 0, CLOCK_CHECK_INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS));
	}

	/**
	 * Cancel everything and forget the token. May be called on any thread.
	 * @param reason the message for whoever asks for a token from now on
	 */
	void end(String reason) {
		this.endReason = reason;
		this.clockCheck.dispose();
		this.timer.dispose();
		this.attempt.dispose();
		this.token = null;
	}

	/**
	 * Return the current token or, if there is none, the next one.
	 * @return a publisher that emits a token that is valid now
	 */
	Mono<EntraToken> token() {
		EntraToken token = currentToken();
		return (token != null) ? Mono.just(token) : this.waiters.nextToken();
	}

	/**
	 * Fail all who wait for a token, after the end.
	 */
	void failWaiters() {
		this.waiters.failAll();
	}

	@Override
	public @Nullable EntraToken currentToken() {
		ReceivedToken token = this.token;
		return (token != null && token.isValid()) ? token.token() : null;
	}

	EntraTokenStatus status() {
		return this.status;
	}

	@Override
	public boolean askIfDue() {
		this.loop.schedule(this::checkClock);
		return this.endReason == null;
	}

	@Override
	public boolean isHopeless() {
		Outage outage = this.outage;
		return this.token == null && outage != null && outage.failureCount() > 1;
	}

	@Override
	public EntraTokenException noTokenWithin(Duration waited) {
		String reason = this.endReason;
		if (reason != null) {
			return this.request.noToken(reason, null);
		}
		Outage outage = this.outage;
		return this.request.noToken(waited.isZero() ? "There is no token" : "No token within " + waited,
				(outage != null) ? outage.lastFailure() : null);
	}

	private void checkClock() {
		if (!this.clock.instant().isBefore(this.due)) {
			ask();
		}
		logExpiry();
	}

	private void ask() {
		if (this.asking || this.endReason != null) {
			return;
		}
		this.asking = true;
		this.askedAt = this.clock.elapsed();
		try {
			this.attempt.update(this.request.ask().publishOn(this.loop).subscribe(this::onAnswer, this::onFailure));
		}
		catch (Throwable ex) {
			// A machine without free threads, for example.
			onFailure(ex);
		}
	}

	private void onAnswer(EntraToken answer) {
		ReceivedToken current = this.token;
		if (current == null || current.isReplacedBy(answer)) {
			onNewToken(answer, current);
		}
		else if (current.isValid()) {
			onSameToken(current);
		}
		else {
			onFailure(new IllegalStateException("The credential answered with the expired token again"));
		}
	}

	private void onNewToken(EntraToken answer, @Nullable ReceivedToken previous) {
		this.asking = false;
		this.token = new ReceivedToken(answer, this.clock);
		if (this.endReason != null) {
			this.token = null;
			return;
		}
		this.outage = null;
		askAgainAfter(this.schedule.afterRenewal(answer, this.clock.instant(), this.random.getAsDouble()));
		this.log.renewed(answer.getExpiresAt());
		this.waiters.answerAll();
		this.listener.onTokenRenewed(new TokenRenewedEvent(this.request.credentialName(), answer.getObjectId(),
				answer.getExpiresAt(), expiresAt(previous), requestDuration()));
	}

	private void onSameToken(ReceivedToken current) {
		this.asking = false;
		this.outage = null;
		askAgainAfter(this.schedule.afterSameToken(current.token(), current.now()));
		this.log.unchanged(current.token().getExpiresAt());
	}

	private void onFailure(Throwable failure) {
		this.asking = false;
		if (this.endReason != null) {
			return;
		}
		ReceivedToken current = this.token;
		Duration remainingLife = (current != null) ? current.remainingLife() : Duration.ZERO;
		Outage outage = Outage.add(this.outage, failure, this.clock);
		this.outage = outage;
		askAgainAfter(this.schedule.afterFailure(this.clock.elapsed().minus(outage.start()), remainingLife,
				this.random.getAsDouble()));
		TokenRenewalFailedEvent event = new TokenRenewalFailedEvent(this.request.credentialName(), failure,
				outage.failureCount(), outage.since(), expiresAt(current), requestDuration());
		this.log.failed(event, currentToken() != null);
		this.listener.onTokenRenewalFailed(event);
		logExpiry();
	}

	private void askAgainAfter(Duration wait) {
		this.due = this.clock.instant().plus(wait);
		this.timer.update(this.loop.schedule(this::ask, wait.toMillis(), TimeUnit.MILLISECONDS));
		this.status = new EntraTokenStatus(this.request, this.token, this.due, this.outage);
	}

	private void logExpiry() {
		ReceivedToken token = this.token;
		if (token != null && !token.isValid()) {
			this.log.expired(token.token().getExpiresAt());
		}
	}

	private Duration requestDuration() {
		return this.clock.elapsed().minus(this.askedAt);
	}

	private static @Nullable Instant expiresAt(@Nullable ReceivedToken token) {
		return (token != null) ? token.token().getExpiresAt() : null;
	}

}
