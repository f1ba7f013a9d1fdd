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
import java.util.concurrent.RejectedExecutionException;
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
 */
final class TokenRequest {

	private final TokenCredential credential;

	private final String scope;

	private final Duration timeout;

	private final Scheduler requests;

	private final Scheduler timer;

	private final RenewalClock clock;

	TokenRequest(TokenCredential credential, String scope, Duration timeout, Scheduler requests, Scheduler timer,
			RenewalClock clock) {
		this.credential = credential;
		this.scope = scope;
		this.timeout = timeout;
		this.requests = requests;
		this.timer = timer;
		this.clock = clock;
	}

	String credentialName() {
		String name = this.credential.getClass().getSimpleName();
		return (!name.isEmpty()) ? name : this.credential.getClass().getName();
	}

	String scope() {
		return this.scope;
	}

	Duration timeout() {
		return this.timeout;
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
			.subscribeOn(this.requests)
			.onErrorMap(RejectedExecutionException.class, TokenRequest::unwrap)
			.timeout(this.timeout, Mono.error(this::timedOut), this.timer)
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The credential answered without a token")))
			.map(this::validate)
			.onErrorMap(FailureReasons::withoutTokens);
	}

	/**
	 * Return Reactor's exception for a scheduler without a free thread as the one of the
	 * scheduler itself, which has a better message.
	 */
	private static Throwable unwrap(RejectedExecutionException ex) {
		return (ex.getCause() instanceof RejectedExecutionException cause) ? cause : ex;
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

	private TimeoutException timedOut() {
		return new TimeoutException("The credential did not answer within " + this.timeout);
	}

	private EntraToken validate(AccessToken answer) {
		String value = answer.getToken();
		OffsetDateTime expiry = answer.getExpiresAt();
		if (value == null || value.isEmpty() || expiry == null) {
			throw new IllegalStateException("The credential answered without a token or without its expiry");
		}
		Instant now = this.clock.instant();
		TokenClaims claims = TokenClaims.of(value);
		Instant expiresAt = earlier(expiry.toInstant(), claims.expiresAt());
		if (!now.isBefore(expiresAt)) {
			throw new IllegalStateException("The credential answered with a token that ended at " + expiresAt
					+ ", while this machine's clock says " + now);
		}
		return new EntraToken(value, earlier(now, claims.issuedAt()), expiresAt, claims.objectId());
	}

	private static Instant earlier(Instant left, @Nullable Instant right) {
		return (right != null && right.isBefore(left)) ? right : left;
	}

}
