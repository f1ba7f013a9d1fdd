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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Answers requests for tokens, whichever way they come in, and honours the faults.
 */
final class TokenEndpoint {

	private static final Availability UP = new Availability(State.UP, Duration.ZERO);

	private final TokenAuthority authority;

	private final Counters counters;

	private final ScheduledExecutorService timer;

	private final Clock clock;

	private final Map<String, IssuedToken> last = new ConcurrentHashMap<>();

	private final Set<Request> pending = ConcurrentHashMap.newKeySet();

	private final AtomicReference<Availability> availability = new AtomicReference<>(UP);

	private volatile Duration tokenLifetime;

	private volatile @Nullable Duration repeatedUntil;

	private volatile Duration expirySkew = Duration.ZERO;

	TokenEndpoint(TokenAuthority authority, Counters counters, ScheduledExecutorService timer, Clock clock,
			Duration tokenLifetime) {
		this.authority = authority;
		this.counters = counters;
		this.timer = timer;
		this.clock = clock;
		this.tokenLifetime = tokenLifetime;
	}

	/**
	 * Requests a token. Cancelling the result gives the request up.
	 * @return the token with the expiry to report, which fails with a
	 * {@link TokenRequestException}
	 */
	CompletableFuture<IssuedToken> request(String objectId) {
		this.counters.tokenRequests.increment();
		Request request = new Request(objectId, new CompletableFuture<>());
		answer(request);
		return request.result();
	}

	/**
	 * Counts a request that was refused before it got here.
	 */
	TokenRequestException refuse(String message) {
		this.counters.tokenRequests.increment();
		return failure(message);
	}

	void tokenLifetime(Duration lifetime) {
		this.tokenLifetime = lifetime;
	}

	void repeatUntil(@Nullable Duration remaining) {
		this.repeatedUntil = remaining;
	}

	void expirySkew(Duration skew) {
		this.expirySkew = skew;
	}

	void up() {
		change(UP);
	}

	void down() {
		change(new Availability(State.DOWN, Duration.ZERO));
	}

	void slow(Duration delay) {
		change(new Availability(State.SLOW, delay));
	}

	void hung() {
		change(new Availability(State.HUNG, Duration.ZERO));
	}

	/**
	 * Fails the requests under way and all later ones.
	 */
	void close() {
		change(new Availability(State.CLOSED, Duration.ZERO));
	}

	private void change(Availability changed) {
		this.availability.updateAndGet((current) -> (current.state() == State.CLOSED) ? current : changed);
		for (Request request : List.copyOf(this.pending)) {
			if (this.pending.remove(request)) {
				answer(request);
			}
		}
	}

	private void answer(Request request) {
		Availability current = this.availability.get();
		switch (current.state()) {
			case UP -> issue(request);
			case DOWN -> request.result().completeExceptionally(failure("The token endpoint is down"));
			case SLOW -> {
				hold(request, current);
				this.timer.schedule(() -> issuePending(request), current.delay().toNanos(), TimeUnit.NANOSECONDS);
			}
			case HUNG -> hold(request, current);
			case CLOSED -> request.result().completeExceptionally(failure("The emulator is closed"));
			default -> throw new IllegalStateException("Unknown state " + current.state());
		}
	}

	private void hold(Request request, Availability reason) {
		this.pending.add(request);
		request.result().whenComplete((token, ex) -> this.pending.remove(request));
		// The fault may have ended before the request was among the pending ones.
		if (this.availability.get() != reason && this.pending.remove(request)) {
			answer(request);
		}
	}

	private void issuePending(Request request) {
		if (this.pending.remove(request)) {
			issue(request);
		}
	}

	private void issue(Request request) {
		IssuedToken token = this.last.compute(request.objectId(),
				(objectId, previous) -> (previous != null && isRepeated(previous)) ? previous
						: this.authority.issue(objectId, this.tokenLifetime));
		this.counters.tokensIssued.increment();
		request.result()
			.complete(new IssuedToken(token.text(), token.objectId(), token.expiresAt().plus(this.expirySkew)));
	}

	private boolean isRepeated(IssuedToken token) {
		Duration until = this.repeatedUntil;
		Instant now = this.clock.instant();
		return until != null && Duration.between(now, token.expiresAt()).compareTo(until) > 0;
	}

	private TokenRequestException failure(String message) {
		this.counters.tokenRequestsFailed.increment();
		return new TokenRequestException(message);
	}

	private enum State {

		UP, DOWN, SLOW, HUNG, CLOSED

	}

	private record Availability(State state, Duration delay) {

	}

	private record Request(String objectId, CompletableFuture<IssuedToken> result) {

	}

	/**
	 * Why a request got no token.
	 */
	static final class TokenRequestException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TokenRequestException(String message) {
			super(message);
		}

	}

}
