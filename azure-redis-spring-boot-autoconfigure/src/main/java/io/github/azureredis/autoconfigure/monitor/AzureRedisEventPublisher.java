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

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.azureredis.autoconfigure.maintenance.AzureRedisMaintenanceEvent;
import io.github.azureredis.autoconfigure.maintenance.MaintenanceEventListener;
import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.ConnectionReauthenticationFailedEvent;
import io.github.azureredis.lettuce.ReauthenticationListener;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.TokenRenewalFailedEvent;
import io.github.azureredis.token.TokenRenewedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Publisher for events of tokens, connections and maintenance in the application context.
 * It has a thread of its own, so that listeners of the application may be slow or fail
 * without any effect on the renewal. Events from before the start of the application wait
 * until its listeners are there.
 */
class AzureRedisEventPublisher
		implements EntraTokenListener, ReauthenticationListener, MaintenanceEventListener, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(AzureRedisEventPublisher.class);

	private static final int CAPACITY = 1024;

	private final ApplicationEventPublisher applicationEventPublisher;

	private final ThreadFactory threadFactory;

	private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>(CAPACITY);

	private final AtomicBoolean warned = new AtomicBoolean();

	private @Nullable ThreadPoolExecutor executor;

	AzureRedisEventPublisher(ApplicationEventPublisher applicationEventPublisher) {
		this(applicationEventPublisher, AzureRedisEventPublisher::newThread);
	}

	AzureRedisEventPublisher(ApplicationEventPublisher applicationEventPublisher, ThreadFactory threadFactory) {
		this.applicationEventPublisher = applicationEventPublisher;
		this.threadFactory = threadFactory;
	}

	@Override
	public void onTokenRenewed(TokenRenewedEvent event) {
		publish(event);
	}

	@Override
	public void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
		publish(event);
	}

	@Override
	public void onReauthenticated(ConnectionReauthenticatedEvent event) {
		publish(event);
	}

	@Override
	public void onReauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		publish(event);
	}

	@Override
	public void onMaintenance(AzureRedisMaintenanceEvent event) {
		publish(event);
	}

	private void publish(Object event) {
		if (!this.events.offer(() -> publishEvent(event)) && this.warned.compareAndSet(false, true)) {
			logger.warn("The application's listeners are too slow: {} events of Azure Redis wait for them, and more are"
					+ " dropped from now on", CAPACITY);
		}
		startThreadIfNeeded();
	}

	private synchronized void startThreadIfNeeded() {
		if (this.executor != null && !this.events.isEmpty()) {
			this.executor.prestartCoreThread();
		}
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "azure-redis-events");
		thread.setDaemon(true);
		return thread;
	}

	private void publishEvent(Object event) {
		try {
			this.applicationEventPublisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener of the application failed on {}", event, ex);
		}
	}

	@Override
	public synchronized void start() {
		if (this.executor == null) {
			this.executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, this.events, this.threadFactory);
		}
		startThreadIfNeeded();
	}

	@Override
	public synchronized void stop() {
		if (this.executor != null) {
			// Events that wait are published after the next start.
			this.executor.shutdownNow().forEach(this.events::offer);
			this.executor = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

	@Override
	public int getPhase() {
		// Before everything that uses Redis starts, and after all of it has stopped.
		return Integer.MIN_VALUE;
	}

}
