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

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A message by which Azure Cache for Redis announces maintenance on the channel
 * {@value #CHANNEL}. Immutable.
 *
 * @since 0.1.0
 * @see EmulatorMaintenance#publish(AzureRedisEvent)
 * @see <a href=
 * "https://github.com/Azure/AzureCacheForRedis/blob/main/AzureRedisEvents.md">Azure
 * maintenance events</a>
 */
public final class AzureRedisEvent {

	/**
	 * The channel that events are published on.
	 */
	public static final String CHANNEL = "AzureRedisEvents";

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private final String message;

	private AzureRedisEvent(Builder builder) {
		this.message = String.join("|", "NotificationType", builder.type.notificationType, "StartTimeInUTC",
				(builder.startTime != null) ? TIME.format(builder.startTime) : "", "IsReplica",
				builder.replica ? "True" : "False", "IPAddress", builder.ipAddress, "SSLPort",
				Integer.toString(builder.sslPort), "NonSSLPort", Integer.toString(builder.nonSslPort));
	}

	/**
	 * Return a builder of an event of a master, without a start time and an IP address,
	 * at the ports that Azure's first node has.
	 * @param type what is announced
	 */
	public static Builder builder(Type type) {
		return new Builder(type);
	}

	/**
	 * Return the text that is published.
	 */
	public String message() {
		return this.message;
	}

	@Override
	public String toString() {
		return this.message;
	}

	/**
	 * What is announced.
	 *
	 * @since 0.1.0
	 */
	public enum Type {

		/**
		 * Maintenance is scheduled, usually 10 to 15 minutes before.
		 */
		NODE_MAINTENANCE_SCHEDULED("NodeMaintenanceScheduled"),

		/**
		 * Maintenance begins in about 20 seconds.
		 */
		NODE_MAINTENANCE_STARTING("NodeMaintenanceStarting"),

		/**
		 * Maintenance begins within 5 seconds.
		 */
		NODE_MAINTENANCE_START("NodeMaintenanceStart"),

		/**
		 * A replica has become the master.
		 */
		NODE_MAINTENANCE_FAILOVER_COMPLETE("NodeMaintenanceFailoverComplete"),

		/**
		 * Maintenance is over.
		 */
		NODE_MAINTENANCE_ENDED("NodeMaintenanceEnded"),

		/**
		 * A cluster has been scaled. Azure's own page does not name it.
		 *
		 * @see <a href=
		 * "https://github.com/StackExchange/StackExchange.Redis/pull/1902">StackExchange.Redis,
		 * which was told of it</a>
		 */
		NODE_MAINTENANCE_SCALE_COMPLETE("NodeMaintenanceScaleComplete");

		private final String notificationType;

		Type(String notificationType) {
			this.notificationType = notificationType;
		}

	}

	/**
	 * Builds an {@link AzureRedisEvent}. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Type type;

		private @Nullable Instant startTime;

		private boolean replica;

		private String ipAddress = "";

		private int sslPort = 15000;

		private int nonSslPort = 13000;

		private Builder(Type type) {
			this.type = type;
		}

		/**
		 * Set when maintenance begins, or when it ended. Azure leaves it out of
		 * {@link Type#NODE_MAINTENANCE_START} and
		 * {@link Type#NODE_MAINTENANCE_FAILOVER_COMPLETE}.
		 * @param startTime the time, of which full seconds are told
		 * @return this builder
		 */
		public Builder startTime(Instant startTime) {
			this.startTime = startTime;
			return this;
		}

		/**
		 * Set whether the node is a replica.
		 * @param replica {@code false} by default
		 * @return this builder
		 */
		public Builder replica(boolean replica) {
			this.replica = replica;
			return this;
		}

		/**
		 * Set the IP address of the node.
		 * @param ipAddress the address, empty by default
		 * @return this builder
		 */
		public Builder ipAddress(String ipAddress) {
			this.ipAddress = ipAddress;
			return this;
		}

		/**
		 * Set the port of the node that speaks TLS.
		 * @param sslPort 15000 by default; a node of the emulator's cluster has
		 * {@link EmulatorNode#port()}
		 * @return this builder
		 */
		public Builder sslPort(int sslPort) {
			this.sslPort = sslPort;
			return this;
		}

		/**
		 * Set the port of the node that does not speak TLS.
		 * @param nonSslPort 13000 by default
		 * @return this builder
		 */
		public Builder nonSslPort(int nonSslPort) {
			this.nonSslPort = nonSslPort;
			return this;
		}

		/**
		 * Return the event.
		 */
		public AzureRedisEvent build() {
			return new AzureRedisEvent(this);
		}

	}

}
