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

package io.github.azureredis.autoconfigure.diagnostics;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.azureredis.lettuce.ConnectionAttemptListener;
import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.ConnectionReauthenticationFailedEvent;
import io.lettuce.core.RedisConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Reporter that logs why connecting or re-authentication fails and what to do: once for
 * each outage and reason, and once when the outage is over. It is silent before the
 * application is ready, since failures to start are analyzed, and while it stops.
 */
class ConnectionFailureReporter implements ConnectionAttemptListener, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionFailureReporter.class);

	private final ConnectionFailureExplainer explainer;

	private final Map<String, Outage> connecting = new HashMap<>();

	/** Until when a connection lives that has not been re-authenticated. */
	private final Map<SocketAddress, Instant> notReauthenticated = new HashMap<>();

	private @Nullable Outage reauthenticating;

	private boolean running;

	private boolean ready;

	ConnectionFailureReporter(ConnectionFailureExplainer explainer) {
		this.explainer = explainer;
	}

	@Override
	public void onConnectFailed(@Nullable SocketAddress remoteAddress, Throwable failure) {
		Explanation explanation = this.explainer.explain(RedisConnectionException.create(remoteAddress, failure));
		if (explanation != null) {
			connectFailed(name(remoteAddress), explanation);
		}
	}

	private synchronized void connectFailed(String address, Explanation explanation) {
		this.connecting.computeIfAbsent(address, (key) -> new Outage()).failed(explanation);
		report();
	}

	@Override
	public synchronized void onConnected(@Nullable SocketAddress remoteAddress) {
		String address = name(remoteAddress);
		Outage outage = this.connecting.remove(address);
		if (outage != null && outage.isReported()) {
			logger.info("Connecting to {} works again after {}", address, outage);
		}
	}

	private String name(@Nullable SocketAddress address) {
		return (address instanceof InetSocketAddress inet) ? inet.getHostString() + ":" + inet.getPort()
				: this.explainer.address();
	}

	@EventListener
	void reauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		Explanation explanation = this.explainer.explain(event.getCause());
		SocketAddress connection = event.getLocalAddress();
		if (explanation != null && connection != null) {
			Instant end = event.getCurrentExpiresAt();
			reauthenticationFailed(connection, (end != null) ? end : Instant.now(), explanation);
		}
	}

	private synchronized void reauthenticationFailed(SocketAddress connection, Instant end, Explanation explanation) {
		if (this.reauthenticating == null) {
			this.reauthenticating = new Outage();
		}
		this.reauthenticating.failed(explanation);
		this.notReauthenticated.put(connection, end);
		report();
	}

	@EventListener
	synchronized void reauthenticated(ConnectionReauthenticatedEvent event) {
		this.notReauthenticated.remove(event.getLocalAddress());
		// Azure has closed those.
		this.notReauthenticated.values().removeIf(Instant.now()::isAfter);
		Outage outage = this.reauthenticating;
		if (outage != null && this.notReauthenticated.isEmpty()) {
			this.reauthenticating = null;
			if (outage.isReported()) {
				logger.info("Re-authentication of connections works again after {}", outage);
			}
		}
	}

	private void report() {
		if (!this.running || !this.ready) {
			return;
		}
		this.connecting.forEach((address, outage) -> outage.takeUnreported()
			.forEach((explanation) -> logger.warn("Connecting to {} fails. {}", address, explanation.toLine())));
		if (this.reauthenticating != null) {
			this.reauthenticating.takeUnreported()
				.forEach((explanation) -> logger
					.warn("Re-authentication of connections fails and will be tried again. {}", explanation.toLine()));
		}
	}

	@EventListener
	synchronized void applicationReady(ApplicationReadyEvent event) {
		this.ready = true;
		report();
	}

	@Override
	public synchronized void start() {
		this.running = true;
	}

	@Override
	public synchronized void stop() {
		this.running = false;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * Series of failures. Each explanation is taken once.
	 */
	private static final class Outage {

		private final Instant since = Instant.now();

		private final Set<Explanation> known = new HashSet<>();

		private final List<Explanation> unreported = new ArrayList<>();

		private boolean reported;

		private int failures;

		void failed(Explanation explanation) {
			this.failures++;
			if (this.known.add(explanation)) {
				this.unreported.add(explanation);
			}
		}

		/**
		 * Take the explanations that are new.
		 */
		List<Explanation> takeUnreported() {
			List<Explanation> explanations = List.copyOf(this.unreported);
			this.unreported.clear();
			this.reported |= !explanations.isEmpty();
			return explanations;
		}

		boolean isReported() {
			return this.reported;
		}

		@Override
		public String toString() {
			return this.failures + ((this.failures == 1) ? " failed attempt" : " failed attempts") + " since "
					+ this.since;
		}

	}

}
