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

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * Subscription to the maintenance events of Azure Cache for Redis, on a connection of its
 * own. Lettuce keeps a subscription for as long as the client lives, and Spring Data
 * creates a new client whenever the connection factory is started again, so a thread
 * checks every few seconds whether the current client has the subscription. The message
 * listener container of Spring Data does not notice a new client, and its start waits and
 * fails while Redis is down.
 */
class MaintenanceEventSubscription implements SmartLifecycle {

	static final String CHANNEL = "AzureRedisEvents";

	private static final Logger logger = LoggerFactory.getLogger(MaintenanceEventSubscription.class);

	private static final long CHECK_SECONDS = 5;

	/**
	 * Each attempt takes a connection and an authentication.
	 */
	private static final long CHECK_SECONDS_AFTER_REFUSAL = 60;

	private final boolean enabled;

	private final AzureRedisInstance instance;

	private final Supplier<? extends @Nullable AbstractRedisClient> clients;

	private final Supplier<List<MaintenanceEventListener>> listeners;

	private @Nullable ScheduledThreadPoolExecutor executor;

	private @Nullable AbstractRedisClient client;

	private @Nullable AbstractRedisClient refusedClient;

	private @Nullable StatefulRedisPubSubConnection<String, String> connection;

	/**
	 * Create a subscription.
	 * @param enabled whether to subscribe
	 * @param instance the instance
	 * @param clients supplier of the current client, {@code null} if there is none
	 * @param listeners supplier of the listeners to notify
	 */
	MaintenanceEventSubscription(boolean enabled, AzureRedisInstance instance,
			Supplier<? extends @Nullable AbstractRedisClient> clients,
			Supplier<List<MaintenanceEventListener>> listeners) {
		this.enabled = enabled;
		this.instance = instance;
		this.clients = clients;
		this.listeners = listeners;
	}

	@Override
	public synchronized void start() {
		if (!this.enabled || this.executor != null) {
			return;
		}
		if (this.instance.getOffering() == AzureRedisOffering.MANAGED_REDIS) {
			logger.warn(
					"'azure.redis.maintenance-events.enabled' has no effect: {} is an instance of Azure Managed Redis,"
							+ " which publishes no maintenance events. Remove the property",
					this.instance);
			return;
		}
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1,
				MaintenanceEventSubscription::newThread);
		this.executor = executor;
		executor.execute(() -> check(executor));
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "azure-redis-maintenance");
		thread.setDaemon(true);
		return thread;
	}

	private void check(ScheduledThreadPoolExecutor executor) {
		long delay = CHECK_SECONDS;
		try {
			AbstractRedisClient client = this.clients.get();
			if (client != null && !isSubscribed(client)) {
				delay = subscribe(client, executor) ? CHECK_SECONDS : CHECK_SECONDS_AFTER_REFUSAL;
			}
		}
		catch (RuntimeException ex) {
			// Failures to connect are reported for all connections in one place.
			logger.debug("No subscription for maintenance events of {} yet", this.instance, ex);
		}
		try {
			executor.schedule(() -> check(executor), delay, TimeUnit.SECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The subscription has been stopped.
		}
	}

	private synchronized boolean isSubscribed(AbstractRedisClient client) {
		return this.connection != null && this.client == client
				&& (this.connection.isOpen() || client.getOptions().isAutoReconnect());
	}

	/**
	 * Subscribe with a client.
	 * @param client the client
	 * @param executor the executor that ends with the subscription
	 * @return whether the server has not refused the subscription
	 */
	boolean subscribe(AbstractRedisClient client, ScheduledThreadPoolExecutor executor) {
		try {
			connectAndSubscribe(client, executor);
			return true;
		}
		catch (RedisCommandExecutionException ex) {
			refused(client, ex);
			return false;
		}
	}

	private synchronized void refused(AbstractRedisClient client, RedisCommandExecutionException ex) {
		logger.atLevel((client != this.refusedClient) ? Level.WARN : Level.DEBUG)
			.log("Azure Redis at {} refuses the subscription to '{}' ({}) and will be asked again every minute. Allow the"
					+ " identity to subscribe to that channel, or remove 'azure.redis.maintenance-events.enabled'",
					this.instance, CHANNEL, ex.getMessage());
		this.refusedClient = client;
	}

	private void connectAndSubscribe(AbstractRedisClient client, ScheduledThreadPoolExecutor executor) {
		StatefulRedisPubSubConnection<String, String> connection = connect(client);
		try {
			connection.addListener(new Dispatcher(this.listeners.get()));
			connection.sync().subscribe(CHANNEL);
		}
		catch (RuntimeException ex) {
			connection.closeAsync();
			throw ex;
		}
		synchronized (this) {
			if (executor.isShutdown()) {
				connection.closeAsync();
				return;
			}
			closeConnection();
			this.client = client;
			this.connection = connection;
		}
		logger.info("Subscribed to the maintenance events of Azure Redis at {}", this.instance);
	}

	private static StatefulRedisPubSubConnection<String, String> connect(AbstractRedisClient client) {
		if (client instanceof RedisClusterClient clusterClient) {
			return clusterClient.connectPubSub(StringCodec.UTF8);
		}
		Assert.state(client instanceof RedisClient, "The client is of an unknown kind");
		return ((RedisClient) client).connectPubSub(StringCodec.UTF8);
	}

	private void closeConnection() {
		if (this.connection != null) {
			this.connection.closeAsync();
			this.connection = null;
			this.client = null;
		}
	}

	@Override
	public synchronized void stop() {
		if (this.executor != null) {
			this.executor.shutdownNow();
			this.executor = null;
			this.refusedClient = null;
			closeConnection();
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

	/**
	 * Pub/sub listener that passes events to {@link MaintenanceEventListener listeners}.
	 */
	static final class Dispatcher extends RedisPubSubAdapter<String, String> {

		private final List<MaintenanceEventListener> listeners;

		Dispatcher(List<MaintenanceEventListener> listeners) {
			this.listeners = listeners;
		}

		@Override
		public void message(String channel, String message) {
			AzureRedisMaintenanceEvent event = MaintenanceEventParser.parse(message);
			if (event == null) {
				logger.debug("A message on {} is no maintenance event: {}", channel, message);
				return;
			}
			this.listeners.forEach((listener) -> tell(listener, event));
		}

		private static void tell(MaintenanceEventListener listener, AzureRedisMaintenanceEvent event) {
			try {
				listener.onMaintenance(event);
			}
			catch (RuntimeException ex) {
				logger.warn("A maintenance event listener failed", ex);
			}
		}

	}

}
