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

import org.jspecify.annotations.Nullable;

/**
 * Event for a request for a token that has failed. The provider repeats the request until
 * one succeeds. Immutable. Never holds a token.
 *
 * @since 0.1.0
 */
public final class TokenRenewalFailedEvent {

	private final String credentialName;

	private final Throwable cause;

	private final int failureCount;

	private final Instant failingSince;

	private final @Nullable Instant currentExpiresAt;

	private final Duration duration;

	TokenRenewalFailedEvent(String credentialName, Throwable cause, int failureCount, Instant failingSince,
			@Nullable Instant currentExpiresAt, Duration duration) {
		this.credentialName = credentialName;
		this.cause = cause;
		this.failureCount = failureCount;
		this.failingSince = failingSince;
		this.currentExpiresAt = currentExpiresAt;
		this.duration = duration;
	}

	/**
	 * Return the simple class name of the credential.
	 * @return the name of the credential
	 */
	public String getCredentialName() {
		return this.credentialName;
	}

	/**
	 * Return the reason for the failure.
	 * @return the exception of the credential
	 */
	public Throwable getCause() {
		return this.cause;
	}

	/**
	 * Return how many requests have failed in a row.
	 * @return the number of failed requests, at least 1
	 */
	public int getFailureCount() {
		return this.failureCount;
	}

	/**
	 * Return the time at which the first of these requests failed.
	 * @return the start of the outage
	 */
	public Instant getFailingSince() {
		return this.failingSince;
	}

	/**
	 * Return the time at which the current token expires or has expired.
	 * @return the expiry of the latest token or {@code null} if there has been none
	 */
	public @Nullable Instant getCurrentExpiresAt() {
		return this.currentExpiresAt;
	}

	/**
	 * Return how long the request took to fail.
	 * @return the duration of the request
	 */
	public Duration getDuration() {
		return this.duration;
	}

	/**
	 * Return the messages of the cause and of its causes, one line each. A chain of
	 * credentials has one line or more for each link.
	 * @return the reasons, without token text
	 */
	public List<String> getReasons() {
		return FailureReasons.of(this.cause);
	}

	@Override
	public String toString() {
		return "TokenRenewalFailedEvent[credentialName=" + this.credentialName + ", reasons=" + getReasons()
				+ ", failureCount=" + this.failureCount + ", failingSince=" + this.failingSince + ", currentExpiresAt="
				+ this.currentExpiresAt + ", duration=" + this.duration + "]";
	}

}
