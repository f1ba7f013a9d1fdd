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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * each outage and solution, and once when the outage is over. The nodes of a cluster
 * share their outages, and nothing is said of them while the endpoint has one. It is
 * silent before the application is ready, since failures to start are analyzed, and while
 * it stops.
 */
class ConnectionFailureReporter implements ConnectionAttemptListener, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionFailureReporter.class);

	/**
	 * A node that has left is never connected to again.
	 */
	private static final Duration NODE_LEFT = Duration.ofMinutes(5);

	private final ConnectionFailureExplainer explainer;

	private final Clock clock;

	/** When connecting to a node last failed. */
	private final Map<String, Instant> failingNodes = new HashMap<>();

	/** Until when a connection lives that has not been re-authenticated. */
	private final Map<SocketAddress, Instant> notReauthenticated = new HashMap<>();

	private @Nullable Outage endpointOutage;

	private @Nullable Outage nodeOutage;

	private @Nullable Outage reauthenticating;

	private volatile boolean connectedBefore;

	private boolean running;

	private boolean ready;

	ConnectionFailureReporter(ConnectionFailureExplainer explainer, Clock clock) {
		this.explainer = explainer;
		this.clock = clock;
	}

	@Override
	public void onConnectFailed(@Nullable SocketAddress remoteAddress, Throwable failure) {
		Explanation explanation = this.explainer.explain(RedisConnectionException.create(remoteAddress, failure),
				this.connectedBefore);
		if (explanation != null) {
			connectFailed(name(remoteAddress), explanation);
		}
	}

	private synchronized void connectFailed(String address, Explanation explanation) {
		String line = "Connecting to " + address + " fails. ";
		if (isEndpoint(address)) {
			this.endpointOutage = failed(this.endpointOutage, line, explanation);
		}
		else {
			forgetNodesThatHaveLeft();
			this.nodeOutage = failed(this.nodeOutage, line, explanation);
			this.failingNodes.put(address, this.clock.instant());
		}
		report();
	}

	private Outage failed(@Nullable Outage current, String line, Explanation explanation) {
		Outage outage = (current != null) ? current : new Outage(this.clock.instant());
		outage.failed(line, explanation);
		return outage;
	}

	@Override
	public synchronized void onConnected(@Nullable SocketAddress remoteAddress) {
		String address = name(remoteAddress);
		if (isEndpoint(address)) {
			this.connectedBefore = true;
			connectingWorks(address, this.endpointOutage);
			this.endpointOutage = null;
			return;
		}
		forgetNodesThatHaveLeft();
		if (this.failingNodes.remove(address) != null && this.failingNodes.isEmpty()) {
			connectingWorks("all nodes of " + this.explainer.address(), this.nodeOutage);
			this.nodeOutage = null;
		}
	}

	private void connectingWorks(String address, @Nullable Outage outage) {
		if (outage != null && outage.isReported()) {
			logger.info("Connecting to {} works again after {}", address, outage);
		}
	}

	private void forgetNodesThatHaveLeft() {
		this.failingNodes.values().removeIf(this.clock.instant().minus(NODE_LEFT)::isAfter);
		if (this.failingNodes.isEmpty()) {
			this.nodeOutage = null;
		}
	}

	private boolean isEndpoint(String address) {
		return address.equalsIgnoreCase(this.explainer.address());
	}

	private String name(@Nullable SocketAddress address) {
		return (address instanceof InetSocketAddress inet) ? inet.getHostString() + ":" + inet.getPort()
				: this.explainer.address();
	}

	@EventListener
	void reauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		if (!Objects.equals(event.getInstanceName(), this.explainer.instanceName())) {
			return;
		}
		Explanation explanation = this.explainer.explain(event.getCause());
		SocketAddress connection = event.getLocalAddress();
		if (explanation != null && connection != null) {
			Instant end = event.getCurrentExpiresAt();
			reauthenticationFailed(connection, (end != null) ? end : this.clock.instant(), explanation);
		}
	}

	private synchronized void reauthenticationFailed(SocketAddress connection, Instant end, Explanation explanation) {
		this.reauthenticating = failed(this.reauthenticating,
				"Re-authentication of connections fails and will be tried again. ", explanation);
		this.notReauthenticated.put(connection, end);
		report();
	}

	@EventListener
	synchronized void reauthenticated(ConnectionReauthenticatedEvent event) {
		if (!Objects.equals(event.getInstanceName(), this.explainer.instanceName())) {
			return;
		}
		this.notReauthenticated.remove(event.getLocalAddress());
		// Azure has closed those.
		this.notReauthenticated.values().removeIf(this.clock.instant()::isAfter);
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
		report(this.endpointOutage);
		if (this.endpointOutage == null) {
			report(this.nodeOutage);
		}
		report(this.reauthenticating);
	}

	private static void report(@Nullable Outage outage) {
		if (outage != null) {
			outage.takeUnreported().forEach(logger::warn);
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
	 * Series of failures. Each solution is reported once.
	 */
	private static final class Outage {

		private final Instant since;

		private final Set<String> actions = new HashSet<>();

		private final List<String> unreported = new ArrayList<>();

		private boolean reported;

		private int failures;

		Outage(Instant since) {
			this.since = since.truncatedTo(ChronoUnit.SECONDS);
		}

		void failed(String line, Explanation explanation) {
			this.failures++;
			if (this.actions.add(explanation.action())) {
				this.unreported.add(line + explanation.toLine());
			}
		}

		/**
		 * Take the lines that are new.
		 */
		List<String> takeUnreported() {
			List<String> lines = List.copyOf(this.unreported);
			this.unreported.clear();
			this.reported |= !lines.isEmpty();
			return lines;
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
