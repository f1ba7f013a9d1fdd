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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Subscribers that wait for the next token. They are answered on the thread of the loop,
 * and never on one that the application may block, like those of
 * {@code Schedulers.parallel()}. Thread-safe.
 */
final class TokenWaiters {

	private static final Logger logger = LoggerFactory.getLogger(EntraTokenProvider.class);

	private final Scheduler loop;

	private final Duration requestTimeout;

	private final Source source;

	private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

	TokenWaiters(Scheduler loop, Duration requestTimeout, Source source) {
		this.loop = loop;
		this.requestTimeout = requestTimeout;
		this.source = source;
	}

	/**
	 * Return the next token.
	 * @return a publisher that fails with an {@link EntraTokenException} if there is no
	 * token in time
	 */
	Mono<EntraToken> nextToken() {
		return Mono.create((sink) -> new Waiter(sink).start());
	}

	/**
	 * Fail all waiters, since there will be no token.
	 */
	void failAll() {
		this.waiters.forEach((waiter) -> waiter.failAfter(Duration.ZERO));
	}

	/**
	 * Answer all waiters with the current token.
	 */
	void answerAll() {
		this.waiters.forEach(Waiter::answerIfPossible);
	}

	/**
	 * Source of the tokens that are waited for.
	 */
	interface Source {

		/**
		 * Return the current token.
		 * @return the token or {@code null} if there is none
		 */
		@Nullable EntraToken currentToken();

		/**
		 * Ask for a token if a request is due.
		 * @return {@code false} if there will be no request any more
		 */
		boolean askIfDue();

		/**
		 * Return whether it makes no sense to wait for longer than one request.
		 * @return whether a token is unlikely
		 */
		boolean isHopeless();

		/**
		 * Create an exception for a missing token.
		 * @param waited the time that was waited for
		 * @return the exception
		 */
		EntraTokenException noTokenWithin(Duration waited);

	}

	private final class Waiter {

		private final MonoSink<EntraToken> sink;

		private final Disposable.Swap timer = Disposables.swap();

		Waiter(MonoSink<EntraToken> sink) {
			this.sink = sink;
		}

		void start() {
			TokenWaiters.this.waiters.add(this);
			this.sink.onDispose(this::end);
			try {
				schedule(this::onFirstTimeout);
				if (!TokenWaiters.this.source.askIfDue()) {
					failAfter(Duration.ZERO);
				}
			}
			catch (RejectedExecutionException ex) {
				failAfter(Duration.ZERO);
			}
			// The token may have come before this waiter was added.
			answerIfPossible();
		}

		/**
		 * During an outage a connection that waits is back at once, while one that fails
		 * comes back with a delay. But a missing identity should be reported soon.
		 */
		private void onFirstTimeout() {
			Duration requestTimeout = TokenWaiters.this.requestTimeout;
			if (TokenWaiters.this.source.isHopeless()) {
				failAfter(requestTimeout);
			}
			else {
				schedule(() -> failAfter(requestTimeout.multipliedBy(2)));
			}
		}

		private void schedule(Runnable task) {
			this.timer.update(TokenWaiters.this.loop.schedule(task, TokenWaiters.this.requestTimeout.toMillis(),
					TimeUnit.MILLISECONDS));
		}

		private void answerIfPossible() {
			EntraToken token = TokenWaiters.this.source.currentToken();
			if (token != null && end()) {
				emit(() -> this.sink.success(token));
			}
		}

		private void failAfter(Duration waited) {
			if (end()) {
				emit(() -> this.sink.error(TokenWaiters.this.source.noTokenWithin(waited)));
			}
		}

		private void emit(Runnable emission) {
			try {
				emission.run();
			}
			catch (Throwable ex) {
				logger.warn("A subscriber that waited for a token failed", ex);
			}
		}

		private boolean end() {
			this.timer.dispose();
			return TokenWaiters.this.waiters.remove(this);
		}

	}

}
