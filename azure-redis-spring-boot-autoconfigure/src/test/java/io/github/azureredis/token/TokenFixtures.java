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
import java.time.Instant;
import java.time.ZoneOffset;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Events and status of tokens for tests. In this package because only the library itself
 * creates them.
 */
public final class TokenFixtures {

	private static final String CREDENTIAL = "StubCredential";

	private TokenFixtures() {
	}

	public static TokenRenewedEvent renewed(Instant expiresAt, Duration duration) {
		return new TokenRenewedEvent(CREDENTIAL, "object-id", expiresAt, null, duration);
	}

	public static TokenRenewalFailedEvent renewalFailed(Throwable cause, Instant failingSince, Duration duration) {
		return new TokenRenewalFailedEvent(CREDENTIAL, cause, 1, failingSince, null, duration);
	}

	public static EntraTokenStatus status(Instant expiresAt, Instant nextRequestAt, Instant failingSince,
			int failureCount, String... reasons) {
		Instant issuedAt = (expiresAt != null) ? expiresAt.minus(Duration.ofHours(1)) : null;
		EntraToken token = (expiresAt != null)
				? new EntraToken("secret", issuedAt, expiresAt, "object-id", clock(issuedAt)) : null;
		TokenRenewalFailedEvent failure = (failingSince != null) ? new TokenRenewalFailedEvent(CREDENTIAL,
				failure(reasons), failureCount, failingSince, expiresAt, Duration.ZERO) : null;
		TokenRequest request = new TokenRequest(new StubCredential(), "scope", Duration.ZERO, Schedulers.immediate(),
				Schedulers.immediate(), clock(nextRequestAt));
		return new EntraTokenStatus(request, token, nextRequestAt, failure);
	}

	public static EntraTokenException exception(String credentialName, String... reasons) {
		Throwable cause = (reasons.length > 0) ? failure(reasons) : null;
		return new EntraTokenException("No token", credentialName, EntraTokenProvider.DEFAULT_SCOPE, cause);
	}

	private static Throwable failure(String... reasons) {
		return new IllegalStateException(String.join("\n", reasons));
	}

	private static RenewalClock clock(Instant time) {
		return new RenewalClock(Clock.fixed(time, ZoneOffset.UTC), () -> 0);
	}

	private static final class StubCredential implements TokenCredential {

		@Override
		public Mono<AccessToken> getToken(TokenRequestContext request) {
			return Mono.never();
		}

	}

}
