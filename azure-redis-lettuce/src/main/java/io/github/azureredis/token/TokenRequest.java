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
import java.time.OffsetDateTime;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Request for a token. Whatever the credential does (it throws, answers without a token,
 * answers with an unusable one, never answers or blocks its caller), each subscription
 * ends with a valid token or an error within the timeout.
 *
 * @param credential the credential to ask
 * @param scope the scope to request tokens for
 * @param timeout the time after which a request is cancelled
 * @param threads the threads that call the credential, which may block them
 * @param loop the thread of the timer
 * @param clock the clock
 */
record TokenRequest(TokenCredential credential, String scope, Duration timeout, Scheduler threads, Scheduler loop,
		RenewalClock clock) {

	/**
	 * Credentials of tests answer with OffsetDateTime.MAX, which no timer can wait for.
	 */
	private static final Duration LONGEST_LIFE = Duration.ofDays(3650);

	private static final int MAX_THREADS = 32;

	/**
	 * Create an executor for requests. One thread is enough for a credential that obeys
	 * its interruption. One that does not keeps its thread, and the next request needs
	 * another one.
	 * @param name the name of the threads
	 * @return a new executor
	 */
	static ExecutorService executor(String name) {
		return new ThreadPoolExecutor(0, MAX_THREADS, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		}, (task, executor) -> {
			throw new RejectedExecutionException("All " + MAX_THREADS
					+ " threads for requests are blocked by the credential, which ignores their interruption");
		});
	}

	String credentialName() {
		String name = this.credential.getClass().getSimpleName();
		return (!name.isEmpty()) ? name : this.credential.getClass().getName();
	}

	/**
	 * Create an exception for a missing token.
	 * @param problem the message
	 * @param cause the reason or {@code null} if it is not known
	 * @return the exception
	 */
	EntraTokenException noToken(String problem, @Nullable Throwable cause) {
		return new EntraTokenException(problem, credentialName(), this.scope, cause);
	}

	/**
	 * Return a publisher that asks the credential once for each subscription.
	 * @return a publisher that emits a token that is valid now, on any thread
	 */
	Mono<EntraToken> ask() {
		return Mono.defer(this::getToken)
			.subscribeOn(this.threads)
			// Reactor wraps the exception of the executor, which has a better message.
			.onErrorMap(RejectedExecutionException.class,
					(ex) -> (ex.getCause() instanceof RejectedExecutionException cause) ? cause : ex)
			.timeout(this.timeout,
					Mono.error(() -> new TimeoutException("The credential did not answer within " + this.timeout)),
					this.loop)
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The credential answered without a token")))
			.map(this::validate)
			.onErrorMap(FailureReasons::withoutTokens);
	}

	/**
	 * Ask the credential. An {@link Error} that Reactor considers fatal would be thrown
	 * past the subscriber and its reason would be lost: a missing class is a common
	 * mistake on a class path with Azure libraries.
	 */
	private Mono<AccessToken> getToken() {
		try {
			Mono<AccessToken> answer = this.credential.getToken(new TokenRequestContext().addScopes(this.scope));
			return (answer != null) ? answer : Mono.empty();
		}
		catch (Throwable ex) {
			return Mono.error(new IllegalStateException(ex.toString(), ex));
		}
	}

	private EntraToken validate(AccessToken answer) {
		String value = answer.getToken();
		OffsetDateTime expiry = answer.getExpiresAt();
		if (value == null || value.isEmpty() || expiry == null) {
			throw new IllegalStateException("The credential answered without a token or without its expiry");
		}
		Instant now = this.clock.instant();
		TokenClaims claims = TokenClaims.of(value);
		Instant expiresAt = earlier(earlier(expiry.toInstant(), claims.expiresAt()), now.plus(LONGEST_LIFE));
		if (!now.isBefore(expiresAt)) {
			throw new IllegalStateException("The credential answered with a token that ended at " + expiresAt
					+ ", while this machine's clock says " + now);
		}
		return new EntraToken(value, earlier(now, claims.issuedAt()), expiresAt, claims.objectId(), this.clock);
	}

	private static Instant earlier(Instant left, @Nullable Instant right) {
		return (right != null && right.isBefore(left)) ? right : left;
	}

}
