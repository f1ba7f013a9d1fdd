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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One run of the renewal, between its start and its end. State that is not volatile
 * belongs to the thread of the loop.
 * <p>
 * Subscribers that wait for a token are answered on that thread, and never on one that
 * the application may block, like those of {@code Schedulers.parallel()}.
 */
final class TokenRenewal {

	private static final Logger logger = LoggerFactory.getLogger(EntraTokenProvider.class);

	private final TokenRequest request;

	private final RenewalSchedule schedule;

	private final DoubleSupplier random;

	private final List<EntraTokenListener> listeners;

	private final RenewalClock clock;

	private final Set<MonoSink<EntraToken>> waiters = ConcurrentHashMap.newKeySet();

	private final Disposable.Swap timer = Disposables.swap();

	private final Disposable.Swap attempt = Disposables.swap();

	private final Disposable.Composite tasks = Disposables.composite(this.timer, this.attempt);

	private volatile @Nullable String endReason;

	private volatile @Nullable EntraToken token;

	private volatile @Nullable TokenRenewalFailedEvent lastFailure;

	private volatile EntraTokenStatus status;

	private Instant due;

	private boolean asking;

	private Duration askedAt = Duration.ZERO;

	private Duration outageStart = Duration.ZERO;

	private boolean expiryLogged;

	TokenRenewal(TokenRequest request, RenewalSchedule schedule, DoubleSupplier random,
			List<EntraTokenListener> listeners) {
		this.request = request;
		this.schedule = schedule;
		this.random = random;
		this.listeners = listeners;
		this.clock = request.clock();
		this.due = this.clock.instant();
		this.status = new EntraTokenStatus(request, null, this.due, null);
	}

	void start() {
		// A timer alone is wrong after the machine was suspended or its clock was moved.
		this.tasks.add(this.request.loop().schedulePeriodically(this::checkClock, 0, 1, TimeUnit.MINUTES));
	}

	/**
	 * Cancel everything and forget the token. May be called on any thread.
	 * @param reason the message for whoever asks for a token from now on
	 */
	void end(String reason) {
		this.endReason = reason;
		this.tasks.dispose();
		this.token = null;
	}

	@Nullable EntraToken currentToken() {
		EntraToken token = this.token;
		return (token != null && token.isValid()) ? token : null;
	}

	EntraTokenStatus status() {
		return this.status;
	}

	Mono<EntraToken> token() {
		EntraToken token = currentToken();
		if (token != null) {
			return Mono.just(token);
		}
		Mono<EntraToken> nextToken = Mono.create(this::addWaiter);
		return nextToken.timeout(this.request.timeout(), Mono.defer(() -> waitOn(nextToken)), this.request.loop())
			.onErrorComplete(RejectedExecutionException.class)
			.switchIfEmpty(Mono.error(() -> noTokenWithin(Duration.ZERO)));
	}

	/**
	 * During an outage a connection that waits is back at once, while one that fails
	 * comes back with a delay. But a missing identity should be reported soon.
	 */
	private Mono<EntraToken> waitOn(Mono<EntraToken> nextToken) {
		Duration timeout = this.request.timeout();
		TokenRenewalFailedEvent failure = this.lastFailure;
		if (this.token == null && failure != null && failure.getFailureCount() > 1) {
			return Mono.error(noTokenWithin(timeout));
		}
		return nextToken.timeout(timeout, Mono.error(() -> noTokenWithin(timeout.multipliedBy(2))),
				this.request.loop());
	}

	private void addWaiter(MonoSink<EntraToken> waiter) {
		this.waiters.add(waiter);
		waiter.onDispose(() -> this.waiters.remove(waiter));
		this.request.loop().schedule(this::checkClock);
		// The token or the end may have come before this waiter was added.
		answer(waiter);
	}

	/**
	 * Answer all who wait, after a new token or the end.
	 */
	void answerWaiters() {
		this.waiters.forEach(this::answer);
	}

	private void answer(MonoSink<EntraToken> waiter) {
		EntraToken token = currentToken();
		if (token != null || this.endReason != null) {
			try {
				waiter.success(token);
			}
			catch (Throwable ex) {
				logger.warn("A subscriber that waited for a token failed", ex);
			}
		}
	}

	EntraTokenException noTokenWithin(Duration waited) {
		String reason = this.endReason;
		if (reason != null) {
			return this.request.noToken(reason, null);
		}
		TokenRenewalFailedEvent failure = this.lastFailure;
		return this.request.noToken(
				waited.isZero() ? "There is no token" : "No token within " + waited.toMillis() + " ms",
				(failure != null) ? failure.getCause() : null);
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
			this.attempt
				.update(this.request.ask().publishOn(this.request.loop()).subscribe(this::onAnswer, this::onFailure));
		}
		catch (Throwable ex) {
			// A machine without free threads, for example.
			onFailure(ex);
		}
	}

	private void onAnswer(EntraToken answer) {
		EntraToken current = this.token;
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

	private void onNewToken(EntraToken answer, @Nullable EntraToken previous) {
		this.asking = false;
		this.token = answer;
		if (this.endReason != null) {
			this.token = null;
			return;
		}
		logger.debug("{} returned a new token, which lasts until {}", this.request.credentialName(),
				answer.getExpiresAt());
		endOutage(answer);
		this.expiryLogged = false;
		askAgainAfter(this.schedule.afterRenewal(answer, this.clock.instant(), this.random.getAsDouble()));
		answerWaiters();
		TokenRenewedEvent event = new TokenRenewedEvent(this.request.credentialName(), answer.getObjectId(),
				answer.getExpiresAt(), expiresAt(previous), requestDuration());
		callListeners((listener) -> listener.onTokenRenewed(event));
	}

	private void onSameToken(EntraToken current) {
		this.asking = false;
		logger.debug("{} returned the current token again, which lasts until {}", this.request.credentialName(),
				current.getExpiresAt());
		endOutage(current);
		// The time of the wall clock as if it had not been moved back.
		Instant now = current.getExpiresAt().minus(current.getRemainingLife());
		askAgainAfter(this.schedule.afterSameToken(current, now));
	}

	private void endOutage(EntraToken token) {
		TokenRenewalFailedEvent failure = this.lastFailure;
		if (failure != null) {
			logger.info("Token renewal works again after {} failed requests since {}. The token lasts until {}",
					failure.getFailureCount(), failure.getFailingSince(), token.getExpiresAt());
			this.lastFailure = null;
		}
	}

	private void onFailure(Throwable cause) {
		this.asking = false;
		if (this.endReason != null) {
			return;
		}
		EntraToken current = this.token;
		TokenRenewalFailedEvent previous = this.lastFailure;
		if (previous == null) {
			this.outageStart = this.clock.elapsed();
		}
		TokenRenewalFailedEvent failure = new TokenRenewalFailedEvent(this.request.credentialName(), cause,
				(previous != null) ? previous.getFailureCount() + 1 : 1,
				(previous != null) ? previous.getFailingSince() : this.clock.instant(), expiresAt(current),
				requestDuration());
		this.lastFailure = failure;
		askAgainAfter(this.schedule.afterFailure(this.clock.elapsed().minus(this.outageStart),
				(current != null) ? current.getRemainingLife() : Duration.ZERO, this.random.getAsDouble()));
		if (previous == null) {
			logger.warn("Token renewal fails and will be tried again until it works. {}. Credential {}, scope {}: {}",
					(currentToken() != null) ? "The current token lasts until " + failure.getCurrentExpiresAt()
							: "There is no token",
					this.request.credentialName(), this.request.scope(), String.join("; ", failure.getReasons()));
		}
		logger.debug("Request {} for a token failed", failure.getFailureCount(), cause);
		callListeners((listener) -> listener.onTokenRenewalFailed(failure));
		logExpiry();
	}

	private void askAgainAfter(Duration wait) {
		this.due = this.clock.instant().plus(wait);
		this.timer.update(this.request.loop().schedule(this::ask, wait.toMillis(), TimeUnit.MILLISECONDS));
		this.status = new EntraTokenStatus(this.request, this.token, this.due, this.lastFailure);
	}

	private void callListeners(Consumer<EntraTokenListener> call) {
		for (EntraTokenListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				logger.warn("A token listener failed", ex);
			}
		}
	}

	private void logExpiry() {
		EntraToken token = this.token;
		if (token != null && !token.isValid() && this.lastFailure != null && !this.expiryLogged) {
			this.expiryLogged = true;
			logger.error("The token expired at {} and there is no new one. Redis closes its connections now, and no"
					+ " new ones can be made until renewal works again", token.getExpiresAt());
		}
	}

	private Duration requestDuration() {
		return this.clock.elapsed().minus(this.askedAt);
	}

	private static @Nullable Instant expiresAt(@Nullable EntraToken token) {
		return (token != null) ? token.getExpiresAt() : null;
	}

}
