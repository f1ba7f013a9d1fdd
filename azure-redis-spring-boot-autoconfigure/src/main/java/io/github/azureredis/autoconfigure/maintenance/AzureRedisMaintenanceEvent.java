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

package io.github.azureredis.autoconfigure.maintenance;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Event that Azure Cache for Redis publishes on the {@code AzureRedisEvents} channel when
 * it maintains a node. Published in the application context if
 * {@code azure.redis.maintenance-events.enabled} is set. Azure Managed Redis announces
 * nothing. Immutable.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/Azure/AzureCacheForRedis/blob/main/AzureRedisEvents.md">Azure
 * maintenance events</a>
 */
public final class AzureRedisMaintenanceEvent {

	private final Type type;

	private final @Nullable Instant startTime;

	private final boolean replica;

	private final @Nullable String ipAddress;

	private final @Nullable Integer sslPort;

	private final @Nullable Integer nonSslPort;

	private final String message;

	AzureRedisMaintenanceEvent(Type type, @Nullable Instant startTime, boolean replica, @Nullable String ipAddress,
			@Nullable Integer sslPort, @Nullable Integer nonSslPort, String message) {
		this.type = type;
		this.startTime = startTime;
		this.replica = replica;
		this.ipAddress = ipAddress;
		this.sslPort = sslPort;
		this.nonSslPort = nonSslPort;
		this.message = message;
	}

	/**
	 * Return the type of the announcement.
	 * @return the type, {@link Type#UNKNOWN} for one that this version does not know
	 */
	public Type getType() {
		return this.type;
	}

	/**
	 * Return when the maintenance begins, or when it ended, to the second.
	 * @return the time or {@code null} if the message has none, which is the case for
	 * {@link Type#NODE_MAINTENANCE_START} and
	 * {@link Type#NODE_MAINTENANCE_FAILOVER_COMPLETE}
	 */
	public @Nullable Instant getStartTime() {
		return this.startTime;
	}

	/**
	 * Return whether the node is a replica, in which case commands are not affected.
	 * @return whether the message says so
	 */
	public boolean isReplica() {
		return this.replica;
	}

	/**
	 * Return the IP address of the node.
	 * @return the address or {@code null} if the message has none
	 */
	public @Nullable String getIpAddress() {
		return this.ipAddress;
	}

	/**
	 * Return the TLS port of the node.
	 * @return the port or {@code null} if the message has none
	 */
	public @Nullable Integer getSslPort() {
		return this.sslPort;
	}

	/**
	 * Return the port of the node for connections without TLS.
	 * @return the port or {@code null} if the message has none
	 */
	public @Nullable Integer getNonSslPort() {
		return this.nonSslPort;
	}

	/**
	 * Return the message that Azure has published.
	 * @return the text
	 */
	public String getMessage() {
		return this.message;
	}

	@Override
	public String toString() {
		return this.message;
	}

	/**
	 * Types of maintenance events.
	 *
	 * @since 0.1.0
	 */
	public enum Type {

		/**
		 * Maintenance is scheduled, usually 10 to 15 minutes before.
		 */
		NODE_MAINTENANCE_SCHEDULED(false),

		/**
		 * Maintenance begins in about 20 seconds.
		 */
		NODE_MAINTENANCE_STARTING(false),

		/**
		 * Maintenance begins within 5 seconds.
		 */
		NODE_MAINTENANCE_START(false),

		/**
		 * A replica has become the master.
		 */
		NODE_MAINTENANCE_FAILOVER_COMPLETE(true),

		/**
		 * Maintenance is over.
		 */
		NODE_MAINTENANCE_ENDED(true),

		/**
		 * A cluster has been scaled.
		 */
		NODE_MAINTENANCE_SCALE_COMPLETE(true),

		/**
		 * A type that this version does not know.
		 */
		UNKNOWN(false);

		private final boolean change;

		Type(boolean change) {
			this.change = change;
		}

		/**
		 * Return whether the topology of a cluster changes with this event.
		 */
		boolean isChange() {
			return this.change;
		}

	}

}
