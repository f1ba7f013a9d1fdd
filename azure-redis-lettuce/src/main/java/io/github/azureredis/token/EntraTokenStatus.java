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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Status of an {@link EntraTokenProvider} at one moment. Immutable. Never holds a token.
 *
 * @since 0.1.0
 */
public final class EntraTokenStatus {

	private final String credentialName;

	private final String scope;

	private final @Nullable String objectId;

	private final @Nullable Instant issuedAt;

	private final @Nullable Instant renewedAt;

	private final @Nullable Instant expiresAt;

	private final @Nullable Instant nextRequestAt;

	private final @Nullable Instant failingSince;

	private final int failureCount;

	private final List<String> reasons;

	EntraTokenStatus(TokenRequest request, @Nullable EntraToken token, @Nullable Instant nextRequestAt,
			@Nullable TokenRenewalFailedEvent failure) {
		this.credentialName = request.credentialName();
		this.scope = request.scope();
		this.objectId = (token != null) ? token.getObjectId() : null;
		this.issuedAt = (token != null) ? token.getIssuedAt() : null;
		this.renewedAt = (token != null) ? token.getReceivedAt() : null;
		this.expiresAt = (token != null) ? token.getExpiresAt() : null;
		this.nextRequestAt = nextRequestAt;
		this.failingSince = (failure != null) ? failure.getFailingSince() : null;
		this.failureCount = (failure != null) ? failure.getFailureCount() : 0;
		this.reasons = (failure != null) ? failure.getReasons() : List.of();
	}

	/**
	 * Return the simple class name of the credential.
	 * @return the name of the credential
	 */
	public String getCredentialName() {
		return this.credentialName;
	}

	/**
	 * Return the scope that tokens are requested for.
	 * @return the scope
	 */
	public String getScope() {
		return this.scope;
	}

	/**
	 * Return the object id of the identity that the latest token was issued to.
	 * @return the object id or {@code null} if there is no token or it does not contain
	 * one
	 */
	public @Nullable String getObjectId() {
		return this.objectId;
	}

	/**
	 * Return the time at which the latest token was issued.
	 * @return the time or {@code null} if there is no token
	 */
	public @Nullable Instant getIssuedAt() {
		return this.issuedAt;
	}

	/**
	 * Return the time at which the latest token was obtained.
	 * @return the time or {@code null} if there is no token
	 */
	public @Nullable Instant getRenewedAt() {
		return this.renewedAt;
	}

	/**
	 * Return the time at which the latest token expires or has expired.
	 * @return the expiry or {@code null} if there is no token
	 */
	public @Nullable Instant getExpiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return the time of the next request. During a request, it is the time at which that
	 * request was due.
	 * @return the time of the next request or {@code null} while the provider is stopped
	 */
	public @Nullable Instant getNextRequestAt() {
		return this.nextRequestAt;
	}

	/**
	 * Return the time at which the first request of the present outage failed.
	 * @return the start of the outage or {@code null} while renewal works
	 */
	public @Nullable Instant getFailingSince() {
		return this.failingSince;
	}

	/**
	 * Return how many requests have failed since renewal began to fail.
	 * @return the number of failed requests, 0 while renewal works
	 */
	public int getFailureCount() {
		return this.failureCount;
	}

	/**
	 * Return why the last request failed, one line for each reason.
	 * @return the reasons, empty while renewal works
	 */
	public List<String> getReasons() {
		return this.reasons;
	}

	@Override
	public String toString() {
		return "EntraTokenStatus[credentialName=" + this.credentialName + ", scope=" + this.scope + ", objectId="
				+ this.objectId + ", issuedAt=" + this.issuedAt + ", renewedAt=" + this.renewedAt + ", expiresAt="
				+ this.expiresAt + ", nextRequestAt=" + this.nextRequestAt + ", failingSince=" + this.failingSince
				+ ", failureCount=" + this.failureCount + ", reasons=" + this.reasons + "]";
	}

}
