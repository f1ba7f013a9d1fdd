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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A push message by which Redis Software tells a client of maintenance, as it is
 * understood by the clients of Redis. No message of the real service is known to have
 * been published, and Azure Managed Redis sends none yet. Immutable.
 *
 * @since 0.1.0
 * @see EmulatorMaintenance#send(MaintenanceNotification)
 * @see <a href="https://redis.io/docs/latest/operate/rs/clusters/configure/sch/">Smart
 * client handoffs in Redis Software</a>
 * @see <a href=
 * "https://github.com/redis/lettuce/blob/7.5.2.RELEASE/src/main/java/io/lettuce/core/protocol/MaintenanceAwareConnectionWatchdog.java">What
 * Lettuce expects</a>
 * @see <a href="https://github.com/redis/redis-py/pull/3946">What redis-py expects, for
 * the messages of a cluster</a>
 * @see <a href=
 * "https://github.com/redis/go-redis/blob/master/maintnotifications/push_notification_handler.go">What
 * go-redis expects</a>
 */
public final class MaintenanceNotification {

	private static final String NULL = "_\r\n";

	private final String type;

	private final @Nullable Long seconds;

	private final Tail tail;

	private MaintenanceNotification(String type, @Nullable Duration time, Tail tail) {
		this.type = type;
		this.seconds = (time != null) ? seconds(time) : null;
		this.tail = tail;
	}

	/**
	 * Return {@code MOVING <seq> <time> <host:port>}: the connection will be closed, and
	 * the client is to connect again to the port that it is connected to.
	 * <p>
	 * The host is {@code 127.0.0.1} or {@code localhost}, depending on the type of
	 * endpoint that the client has asked for. With {@code none} there is a null instead
	 * of an address.
	 * @param time how long until then, not negative, rounded up to a full second
	 */
	public static MaintenanceNotification moving(Duration time) {
		return new MaintenanceNotification("MOVING", time, (endpointType, port) -> {
			String host = endpointType.host();
			return (host != null) ? simple(host + ":" + port) : NULL;
		});
	}

	/**
	 * Return a message like {@link #moving(Duration)} with another address. Clients that
	 * have asked for {@code none} are told none.
	 * @param time how long until the connection is closed, not negative, rounded up to a
	 * full second
	 * @param address a host or IP address, a colon and a port
	 */
	public static MaintenanceNotification moving(Duration time, String address) {
		String encoded = simple(address);
		return new MaintenanceNotification("MOVING", time,
				(endpointType, port) -> (endpointType.host() != null) ? encoded : NULL);
	}

	/**
	 * Return {@code MIGRATING <seq> <time> <shards>}: shards begin to migrate, and
	 * commands may take longer.
	 * @param time how long until it begins, not negative, rounded up to a full second
	 * @param shards the ids of the shards
	 */
	public static MaintenanceNotification migrating(Duration time, String... shards) {
		return new MaintenanceNotification("MIGRATING", time, shards(shards));
	}

	/**
	 * Return {@code MIGRATED <seq> <shards>}: shards have migrated.
	 * @param shards the ids of the shards
	 */
	public static MaintenanceNotification migrated(String... shards) {
		return new MaintenanceNotification("MIGRATED", null, shards(shards));
	}

	/**
	 * Return {@code FAILING_OVER <seq> <time> <shards>}: shards begin to fail over to a
	 * replica, and commands may take longer.
	 * @param time how long until it begins, not negative, rounded up to a full second
	 * @param shards the ids of the shards
	 */
	public static MaintenanceNotification failingOver(Duration time, String... shards) {
		return new MaintenanceNotification("FAILING_OVER", time, shards(shards));
	}

	/**
	 * Return {@code FAILED_OVER <seq> <shards>}: shards have failed over.
	 * @param shards the ids of the shards
	 */
	public static MaintenanceNotification failedOver(String... shards) {
		return new MaintenanceNotification("FAILED_OVER", null, shards(shards));
	}

	/**
	 * Return {@code SMIGRATING <seq> <slots>}: slots of a cluster begin to migrate.
	 * @param slots the slots and ranges of slots, such as {@code 123,456,789-1000}
	 */
	public static MaintenanceNotification slotsMigrating(String slots) {
		String encoded = simple(slots);
		return new MaintenanceNotification("SMIGRATING", null, (endpointType, port) -> encoded);
	}

	/**
	 * Return {@code SMIGRATED <seq> [[<source> <target> <slots>] ...]}: slots of a
	 * cluster have migrated.
	 * @param migrations which slots, from where and where to
	 */
	public static MaintenanceNotification slotsMigrated(List<SlotMigration> migrations) {
		String encoded = migrations.stream()
			.map((migration) -> "*3\r\n" + simple(migration.source()) + simple(migration.target())
					+ simple(migration.slots()))
			.collect(Collectors.joining("", "*" + migrations.size() + "\r\n", ""));
		return new MaintenanceNotification("SMIGRATED", null, (endpointType, port) -> encoded);
	}

	/**
	 * Return the message as it is sent to a connection.
	 * @param sequence its number
	 * @param endpointType what the client has asked for
	 * @param port the port that the client is connected to
	 */
	String encode(long sequence, MovingEndpointType endpointType, int port) {
		List<String> elements = new ArrayList<>(List.of(simple(this.type), ":" + sequence + "\r\n"));
		if (this.seconds != null) {
			elements.add(":" + this.seconds + "\r\n");
		}
		elements.add(this.tail.encode(endpointType, port));
		return ">" + elements.size() + "\r\n" + String.join("", elements);
	}

	/**
	 * Return the name and the time, without what depends on the connection.
	 */
	@Override
	public String toString() {
		return (this.seconds != null) ? this.type + " in " + this.seconds + " s" : this.type;
	}

	private static long seconds(Duration time) {
		return Durations.requireNotNegative(time, "time").plusNanos(999_999_999).toSeconds();
	}

	/**
	 * Lettuce and others take the ids as one text.
	 */
	private static Tail shards(String... shards) {
		String encoded = simple(Stream.of(shards).collect(Collectors.joining("\",\"", "[\"", "\"]")));
		return (endpointType, port) -> encoded;
	}

	private static String simple(String text) {
		if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
			throw new IllegalArgumentException("A message has no line breaks in it, as this has: " + text);
		}
		return "+" + text + "\r\n";
	}

	/**
	 * The last element of a message.
	 */
	private interface Tail {

		String encode(MovingEndpointType endpointType, int port);

	}

	/**
	 * Slots that migrate from one node to another.
	 *
	 * @param source the address of the node that had them: a host, a colon and a port
	 * @param target the address of the node that has them now
	 * @param slots the slots and ranges of slots, such as {@code 123,456,789-1000}
	 * @since 0.1.0
	 */
	public record SlotMigration(String source, String target, String slots) {

	}

}
