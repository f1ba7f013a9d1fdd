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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What an {@link AzureRedisEmulator} tells its clients of maintenance, and maintenance
 * that is told. {@link EmulatorFaults#reset()} does not change it. Thread-safe.
 *
 * @since 0.1.0
 * @see AzureRedisEmulator#maintenance()
 */
public final class EmulatorMaintenance {

	private static final Duration FAILOVER_TIME = Duration.ofSeconds(10);

	private final Supplier<AzureRedisEmulator.Instance> instance;

	private final Connections connections;

	private final MaintenanceRequests requests;

	private final ScheduledExecutorService timer;

	private final List<Future<?>> endings = new ArrayList<>();

	private long sequence;

	EmulatorMaintenance(Supplier<AzureRedisEmulator.Instance> instance, Connections connections,
			MaintenanceRequests requests, ScheduledExecutorService timer) {
		this.instance = instance;
		this.connections = connections;
		this.requests = requests;
		this.timer = timer;
	}

	/**
	 * Take {@code CLIENT MAINT_NOTIFICATIONS ON|OFF [moving-endpoint-type <type>]} from
	 * now on, as Redis Software does. A connection has to speak RESP3 for it, and keeps
	 * the notifications until it turns them off, speaks RESP2 or is {@code RESET}.
	 * Without a type it gets {@code external-fqdn}.
	 * <p>
	 * Until then the server answers that it does not know the subcommand, as in Azure.
	 */
	public void enableNotifications() {
		this.requests.enabled(true);
	}

	/**
	 * Send a notification to all connections that have asked for notifications. It comes
	 * between two replies to a connection, and all get it with the same sequence number.
	 * @param notification the notification
	 * @return how many connections get it, unless they are closed first
	 */
	public int send(MaintenanceNotification notification) {
		return send(notification, (connection) -> true);
	}

	/**
	 * Send a notification to some of the connections that have asked for notifications.
	 * @param notification the notification
	 * @param recipients which connections, such as those of a certain
	 * {@link EmulatorConnection#port()}
	 * @return how many connections get it, unless they are closed first
	 */
	public synchronized int send(MaintenanceNotification notification, Predicate<EmulatorConnection> recipients) {
		this.sequence++;
		int count = 0;
		for (ClientConnection connection : this.connections.open()) {
			EmulatorConnection snapshot = connection.snapshot();
			if (snapshot.movingEndpointType() != null && recipients.test(snapshot)) {
				connection.send(notification, this.sequence);
				count++;
			}
		}
		return count;
	}

	/**
	 * Move the endpoint, as Redis Software does when a node is to be replaced: send
	 * {@link MaintenanceNotification#moving(Duration)}, and after that time close the
	 * connections that were open at its beginning, whether or not they got the
	 * notification. It returns at once.
	 * @param time how long clients have to connect anew, not negative
	 * @return how many connections get the notification
	 */
	public synchronized int move(Duration time) {
		List<ClientConnection> old = this.connections.open();
		int count = send(MaintenanceNotification.moving(time));
		this.endings.removeIf(Future::isDone);
		this.endings
			.add(this.timer.schedule(() -> old.forEach(ClientConnection::close), time.toNanos(), TimeUnit.NANOSECONDS));
		return count;
	}

	/**
	 * Move slots with their keys as {@link EmulatorCluster#moveSlots} does, with
	 * {@link MaintenanceNotification#slotsMigrating} before and
	 * {@link MaintenanceNotification#slotsMigrated} after it, to all connections. Nothing
	 * is sent if the target has all of the slots already.
	 * @param firstSlot the first slot, 0 to 16383
	 * @param lastSlot the last slot, not less than the first one
	 * @param target a master
	 * @throws IllegalStateException if there is no cluster, or for the same reasons as
	 * from {@link EmulatorCluster}
	 * @throws IllegalArgumentException if the target is no master, or there are no such
	 * slots
	 */
	public void moveSlots(int firstSlot, int lastSlot, EmulatorNode target) {
		SlotMove move = cluster().beginMove(firstSlot, lastSlot, target);
		List<MaintenanceNotification.SlotMigration> migrations = move.migrations();
		if (!migrations.isEmpty()) {
			send(MaintenanceNotification.slotsMigrating(migrations.stream()
				.map(MaintenanceNotification.SlotMigration::slots)
				.collect(Collectors.joining(","))));
			move.finish();
			send(MaintenanceNotification.slotsMigrated(migrations));
		}
	}

	/**
	 * Let a replica and its master change roles as {@link EmulatorCluster#failOver} does,
	 * with {@link MaintenanceNotification#failingOver} before and
	 * {@link MaintenanceNotification#failedOver} after it, to all connections. The id of
	 * the shard is the position of its master in {@link EmulatorCluster#nodes()}, from 1.
	 * @param master a master with slots and a replica
	 * @throws IllegalStateException if there is no cluster, or for the same reasons as
	 * from {@link EmulatorCluster}
	 * @throws IllegalArgumentException if it is no master, or has no slots or no replica
	 * that runs
	 */
	public void failOver(EmulatorNode master) {
		EmulatorCluster cluster = cluster();
		String shard = Integer
			.toString(cluster.nodes().stream().map(EmulatorNode::id).toList().indexOf(master.id()) + 1);
		send(MaintenanceNotification.failingOver(FAILOVER_TIME, shard));
		cluster.failOver(master);
		send(MaintenanceNotification.failedOver(shard));
	}

	/**
	 * Publish an event on the channel {@link AzureRedisEvent#CHANNEL}, in a cluster to
	 * the subscribers of all nodes.
	 * @param event the event
	 * @throws IllegalStateException if the emulator does not stand in for
	 * {@link AzureRedisOffering#CACHE_FOR_REDIS}, the only service that publishes events,
	 * or no server runs
	 */
	public void publish(AzureRedisEvent event) {
		AzureRedisEmulator.Instance current = this.instance.get();
		if (current.offering() != AzureRedisOffering.CACHE_FOR_REDIS) {
			throw new IllegalStateException("Azure Managed Redis does not publish events on " + AzureRedisEvent.CHANNEL
					+ ", Azure Cache for Redis does");
		}
		RedisServer server = current.backend().running();
		if (server == null) {
			throw new IllegalStateException("No server runs");
		}
		try (AdminConnection connection = new AdminConnection(server.address(), current.user())) {
			connection.call("PUBLISH", AzureRedisEvent.CHANNEL, event.message());
		}
		catch (IOException ex) {
			throw new IllegalStateException("The server does not answer", ex);
		}
	}

	/**
	 * Return to how the emulator starts: notifications are refused, no connection has any
	 * turned on, and {@link #move(Duration)} closes no more connections.
	 */
	public synchronized void reset() {
		this.requests.enabled(false);
		this.endings.forEach((ending) -> ending.cancel(false));
		this.endings.clear();
		this.connections.open().forEach(ClientConnection::endNotifications);
	}

	private EmulatorCluster cluster() {
		if (this.instance.get().backend() instanceof ClusterBackend cluster) {
			return new EmulatorCluster(cluster);
		}
		throw new IllegalStateException("There is no cluster that this could happen to");
	}

}
