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

package io.github.azureredis.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.azureredis.token.EntraTokenStatus;
import org.jspecify.annotations.Nullable;

/**
 * How the connection of an application to Azure Redis stands at one moment: what is
 * configured, what has been derived from that, and what has happened. Immutable. Holds no
 * token and no access key.
 *
 * @param at the moment
 * @param endpoint where Redis is
 * @param portReason where its port comes from
 * @param clusteringPolicy the clustering policy in force, {@code null} if it is not known
 * @param clusteringPolicyReason where that comes from, {@code null} if it is not known
 * @param authentication how connections are authenticated
 * @param credential where the credential comes from, {@code null} if none is in use
 * @param username the user that connections are authenticated as, {@code null} if it is
 * not known
 * @param token how renewal stands, {@code null} if no credential is in use
 * @param connections how many open connections are authenticated with a token
 * @param totals what has been counted since the application started
 * @param propagationTime the time from the last renewal to the last re-authentication
 * with its token so far, {@code null} if there has been none
 * @param events what has happened last, the latest at the end
 * @since 0.1.0
 */
public record AzureRedisStatus(Instant at, AzureRedisEndpoint endpoint, String portReason,
		@Nullable AzureRedisClusteringPolicy clusteringPolicy, @Nullable String clusteringPolicyReason,
		Authentication authentication, @Nullable String credential, @Nullable String username,
		@Nullable EntraTokenStatus token, int connections, Totals totals, @Nullable Duration propagationTime,
		List<Event> events) {

	/**
	 * Create a status.
	 */
	public AzureRedisStatus {
		events = List.copyOf(events);
	}

	/**
	 * Whether a token is needed and there is none: the latest one has ended, or the first
	 * one could not be obtained. While the first request is under way, this is not known
	 * yet.
	 * @return whether there is no token
	 */
	public boolean lacksToken() {
		if (this.token == null) {
			return false;
		}
		Instant expiresAt = this.token.getExpiresAt();
		return (expiresAt != null) ? !this.at.isBefore(expiresAt) : this.token.getFailingSince() != null;
	}

	/**
	 * How long the latest token still lives.
	 * @return its remaining life, zero if it has ended or there has been none,
	 * {@code null} if no credential is in use
	 */
	public @Nullable Duration tokenRemainingLife() {
		if (this.token == null) {
			return null;
		}
		Instant expiresAt = this.token.getExpiresAt();
		boolean alive = expiresAt != null && this.at.isBefore(expiresAt);
		return alive ? Duration.between(this.at, expiresAt) : Duration.ZERO;
	}

	/**
	 * How connections are authenticated.
	 */
	public enum Authentication {

		/**
		 * With Microsoft Entra ID tokens.
		 */
		TOKEN,

		/**
		 * With an access key.
		 */
		ACCESS_KEY,

		/**
		 * Nothing has asked for tokens: there is no connection factory yet, or the
		 * application gives it credentials of its own.
		 */
		NOT_STARTED

	}

	/**
	 * What has been counted since the application started.
	 *
	 * @param renewals tokens obtained
	 * @param renewalTime how long these requests took in all
	 * @param failedRenewals requests for a token that failed
	 * @param failedRenewalTime how long these requests took in all
	 * @param reauthentications re-authentications that were accepted
	 * @param failedReauthentications re-authentications that failed
	 */
	public record Totals(long renewals, Duration renewalTime, long failedRenewals, Duration failedRenewalTime,
			long reauthentications, long failedReauthentications) {

	}

	/**
	 * Something that has happened, once or repeatedly.
	 *
	 * @param type what has happened
	 * @param description what is known of the last time
	 * @param count how often
	 * @param firstAt when for the first time
	 * @param lastAt when for the last time
	 */
	public record Event(EventType type, String description, int count, Instant firstAt, Instant lastAt) {

	}

	/**
	 * What may happen.
	 */
	public enum EventType {

		/**
		 * A token has been obtained.
		 */
		TOKEN_RENEWED,

		/**
		 * Requests for a token have failed. All failures of one outage are one event.
		 */
		TOKEN_RENEWAL_FAILED,

		/**
		 * Connections have been authenticated with a new token. All connections that got
		 * the same token are one event.
		 */
		CONNECTION_REAUTHENTICATED,

		/**
		 * Connections could not be authenticated with a new token. All attempts while
		 * they had the same old token are one event.
		 */
		CONNECTION_REAUTHENTICATION_FAILED

	}

}
