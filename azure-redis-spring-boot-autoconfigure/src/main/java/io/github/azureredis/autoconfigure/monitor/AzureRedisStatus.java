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

package io.github.azureredis.autoconfigure.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.token.EntraTokenStatus;
import org.jspecify.annotations.Nullable;

/**
 * Status of the connections of the application to an Azure Redis instance at one moment.
 * Immutable. Holds no token and no access key.
 *
 * @since 0.1.0
 */
public final class AzureRedisStatus {

	private final Instant timestamp;

	private final AzureRedisInstance instance;

	private final @Nullable Clustering clustering;

	private final Authentication authentication;

	private final @Nullable EntraTokenStatus token;

	private final Totals totals;

	private final ConnectionTotals connectionTotals;

	private final @Nullable Duration propagationTime;

	private final List<Event> events;

	AzureRedisStatus(Instant timestamp, AzureRedisInstance instance, @Nullable Clustering clustering,
			Authentication authentication, @Nullable EntraTokenStatus token,
			AzureRedisEventRecorder.Recording recording, ConnectionTotals connectionTotals) {
		this.timestamp = timestamp;
		this.instance = instance;
		this.clustering = clustering;
		this.authentication = authentication;
		this.token = token;
		this.totals = recording.totals();
		this.connectionTotals = connectionTotals;
		this.propagationTime = recording.propagationTime();
		this.events = List.copyOf(recording.events());
	}

	/**
	 * Return the moment that this status belongs to.
	 * @return the moment
	 */
	public Instant getTimestamp() {
		return this.timestamp;
	}

	/**
	 * Return the instance.
	 * @return the instance
	 */
	public AzureRedisInstance getInstance() {
		return this.instance;
	}

	/**
	 * Return the clustering policy in force.
	 * @return the policy or {@code null} if no connection factory has needed it yet
	 */
	public @Nullable Clustering getClustering() {
		return this.clustering;
	}

	/**
	 * Return how connections authenticate.
	 * @return the authentication
	 */
	public Authentication getAuthentication() {
		return this.authentication;
	}

	/**
	 * Return the status of the token and its renewal.
	 * @return the status or {@code null} if connections do not use tokens
	 */
	public @Nullable EntraTokenStatus getToken() {
		return this.token;
	}

	/**
	 * Return the totals of renewals and re-authentications since the application started.
	 * @return the totals
	 */
	public Totals getTotals() {
		return this.totals;
	}

	/**
	 * Return the totals of connections since the application started.
	 * @return the totals
	 */
	public ConnectionTotals getConnectionTotals() {
		return this.connectionTotals;
	}

	/**
	 * Return the time from the last renewal to the last re-authentication with its token.
	 * @return the time so far, {@code null} if there has been no re-authentication
	 */
	public @Nullable Duration getPropagationTime() {
		return this.propagationTime;
	}

	/**
	 * Return the last events.
	 * @return the events, the latest at the end
	 */
	public List<Event> getEvents() {
		return this.events;
	}

	/**
	 * Return whether a token is needed and missing: the latest token has expired, or the
	 * first request has failed. While the first request is under way, this is not known
	 * yet.
	 * @return whether the token is missing
	 */
	public boolean isTokenMissing() {
		if (this.token == null) {
			return false;
		}
		Instant expiresAt = this.token.getExpiresAt();
		return (expiresAt != null) ? !this.timestamp.isBefore(expiresAt) : this.token.getFailingSince() != null;
	}

	/**
	 * Return the remaining life of the latest token.
	 * @return the remaining life, zero if the token has expired or there has been none,
	 * {@code null} if no credential is in use
	 */
	public @Nullable Duration getTokenRemainingLife() {
		if (this.token == null) {
			return null;
		}
		Instant expiresAt = this.token.getExpiresAt();
		boolean alive = expiresAt != null && this.timestamp.isBefore(expiresAt);
		return alive ? Duration.between(this.timestamp, expiresAt) : Duration.ZERO;
	}

	@Override
	public String toString() {
		return "Azure Redis at " + this.instance + ", authentication " + this.authentication.getMethod() + ", token "
				+ this.token;
	}

	/**
	 * Clustering policy in force.
	 *
	 * @since 0.1.0
	 */
	public static final class Clustering {

		private final AzureRedisClusteringPolicy policy;

		private final String reason;

		private final @Nullable String problem;

		Clustering(AzureRedisClusteringPolicy policy, String reason, @Nullable String problem) {
			this.policy = policy;
			this.reason = reason;
			this.problem = problem;
		}

		/**
		 * Return the policy.
		 * @return the policy, never {@link AzureRedisClusteringPolicy#AUTO}
		 */
		public AzureRedisClusteringPolicy getPolicy() {
			return this.policy;
		}

		/**
		 * Return where the policy comes from.
		 * @return a short description
		 */
		public String getReason() {
			return this.reason;
		}

		/**
		 * Return the problem of an instance that has another policy.
		 * @return what has happened and what to set, {@code null} if the policy fits
		 */
		public @Nullable String getProblem() {
			return this.problem;
		}

	}

	/**
	 * Authentication of connections.
	 *
	 * @since 0.1.0
	 */
	public static final class Authentication {

		private final AuthenticationMethod method;

		private final @Nullable String credential;

		private final @Nullable String username;

		private final int connectionCount;

		Authentication(AuthenticationMethod method, @Nullable String credential, @Nullable String username,
				int connectionCount) {
			this.method = method;
			this.credential = credential;
			this.username = username;
			this.connectionCount = connectionCount;
		}

		/**
		 * Return the method.
		 * @return the method
		 */
		public AuthenticationMethod getMethod() {
			return this.method;
		}

		/**
		 * Return where the credential comes from.
		 * @return a short description or {@code null} if no credential is in use
		 */
		public @Nullable String getCredential() {
			return this.credential;
		}

		/**
		 * Return the user that connections authenticate as.
		 * @return the user name or {@code null} if it is not known
		 */
		public @Nullable String getUsername() {
			return this.username;
		}

		/**
		 * Return the number of open connections that are authenticated with a token.
		 * @return the number of connections
		 */
		public int getConnectionCount() {
			return this.connectionCount;
		}

	}

	/**
	 * Methods of authentication.
	 *
	 * @since 0.1.0
	 */
	public enum AuthenticationMethod {

		/**
		 * Microsoft Entra ID tokens.
		 */
		TOKEN,

		/**
		 * An access key.
		 */
		ACCESS_KEY,

		/**
		 * None yet: there is no connection factory, or the application gives it
		 * credentials of its own.
		 */
		NOT_STARTED

	}

	/**
	 * Totals since the application started. Instances that share their tokens share the
	 * renewals too. These are in the totals of one of them alone, always the same one, so
	 * that the totals of all instances can be added up.
	 *
	 * @since 0.1.0
	 */
	public static final class Totals {

		private final long renewals;

		private final Duration renewalTime;

		private final long failedRenewals;

		private final Duration failedRenewalTime;

		private final long reauthentications;

		private final long failedReauthentications;

		Totals(long renewals, Duration renewalTime, long failedRenewals, Duration failedRenewalTime,
				long reauthentications, long failedReauthentications) {
			this.renewals = renewals;
			this.renewalTime = renewalTime;
			this.failedRenewals = failedRenewals;
			this.failedRenewalTime = failedRenewalTime;
			this.reauthentications = reauthentications;
			this.failedReauthentications = failedReauthentications;
		}

		/**
		 * Return the number of tokens obtained.
		 * @return the number of renewals
		 */
		public long getRenewals() {
			return this.renewals;
		}

		/**
		 * Return the time that these requests took in all.
		 * @return the time
		 */
		public Duration getRenewalTime() {
			return this.renewalTime;
		}

		/**
		 * Return the number of requests for a token that failed.
		 * @return the number of failed renewals
		 */
		public long getFailedRenewals() {
			return this.failedRenewals;
		}

		/**
		 * Return the time that the failed requests took in all.
		 * @return the time
		 */
		public Duration getFailedRenewalTime() {
			return this.failedRenewalTime;
		}

		/**
		 * Return the number of re-authentications that were accepted.
		 * @return the number of re-authentications
		 */
		public long getReauthentications() {
			return this.reauthentications;
		}

		/**
		 * Return the number of re-authentications that failed.
		 * @return the number of failed re-authentications
		 */
		public long getFailedReauthentications() {
			return this.failedReauthentications;
		}

	}

	/**
	 * Totals for connections, and for what happens when they are lost.
	 *
	 * @since 0.1.0
	 */
	public static final class ConnectionTotals {

		private final long opened;

		private final long lost;

		private final long topologyReads;

		private final long commandsSentAgain;

		private final long commandsRefused;

		ConnectionTotals(long opened, long lost, long topologyReads, long commandsSentAgain, long commandsRefused) {
			this.opened = opened;
			this.lost = lost;
			this.topologyReads = topologyReads;
			this.commandsSentAgain = commandsSentAgain;
			this.commandsRefused = commandsRefused;
		}

		/**
		 * Return the number of connections whose handshake has succeeded, including those
		 * that only read the topology of a cluster.
		 * @return the number of connections
		 */
		public long getOpened() {
			return this.opened;
		}

		/**
		 * Return the number of connections that ended without being closed by the client.
		 * @return the number of connections
		 */
		public long getLost() {
			return this.lost;
		}

		/**
		 * Return how often the topology of the cluster was read. A read opens a
		 * connection and authenticates it.
		 * @return the number of reads, 0 if the instance is not clustered
		 */
		public long getTopologyReads() {
			return this.topologyReads;
		}

		/**
		 * Return the number of commands that were sent again because their connection was
		 * lost before the reply.
		 * @return the number of commands
		 */
		public long getCommandsSentAgain() {
			return this.commandsSentAgain;
		}

		/**
		 * Return the number of commands that failed because their connection was lost
		 * before the reply and the replay policy did not let them be sent again.
		 * @return the number of commands
		 */
		public long getCommandsRefused() {
			return this.commandsRefused;
		}

	}

	/**
	 * Event that has happened once or repeatedly.
	 *
	 * @since 0.1.0
	 */
	public static final class Event {

		private final EventType type;

		private final String description;

		private final int count;

		private final Instant firstAt;

		private final Instant lastAt;

		Event(EventType type, String description, int count, Instant firstAt, Instant lastAt) {
			this.type = type;
			this.description = description;
			this.count = count;
			this.firstAt = firstAt;
			this.lastAt = lastAt;
		}

		/**
		 * Return the type.
		 * @return the type
		 */
		public EventType getType() {
			return this.type;
		}

		/**
		 * Return the description of the last time.
		 * @return the description
		 */
		public String getDescription() {
			return this.description;
		}

		/**
		 * Return how often the event has happened.
		 * @return the count
		 */
		public int getCount() {
			return this.count;
		}

		/**
		 * Return when the event happened for the first time.
		 * @return the first time
		 */
		public Instant getFirstAt() {
			return this.firstAt;
		}

		/**
		 * Return when the event happened for the last time.
		 * @return the last time
		 */
		public Instant getLastAt() {
			return this.lastAt;
		}

		@Override
		public String toString() {
			return this.type + " (" + this.count + "): " + this.description;
		}

	}

	/**
	 * Types of events.
	 *
	 * @since 0.1.0
	 */
	public enum EventType {

		/**
		 * A token was obtained.
		 */
		TOKEN_RENEWED,

		/**
		 * Requests for a token failed. All failures of one outage are one event.
		 */
		TOKEN_RENEWAL_FAILED,

		/**
		 * Connections were authenticated with a new token. All connections that got the
		 * same token are one event.
		 */
		CONNECTION_REAUTHENTICATED,

		/**
		 * Connections could not be authenticated with a new token. All attempts while
		 * they had the same old token are one event.
		 */
		CONNECTION_REAUTHENTICATION_FAILED,

		/**
		 * Azure Cache for Redis has announced maintenance. The description is its
		 * message.
		 */
		MAINTENANCE_ANNOUNCED

	}

}
