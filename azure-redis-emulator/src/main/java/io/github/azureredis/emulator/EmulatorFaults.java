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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong in an {@link AzureRedisEmulator} on demand. A fault applies from the
 * moment of the call, also to connections that are open, until it is changed or
 * {@link #reset()}. Thread-safe.
 *
 * @since 0.1.0
 * @see AzureRedisEmulator#faults()
 */
public final class EmulatorFaults {

	private final TokenEndpoint tokenEndpoint;

	private final Connections connections;

	private final ClientPorts ports = new ClientPorts();

	private final FrozenServers frozenServers = new FrozenServers();

	private final AtomicInteger refusals = new AtomicInteger();

	private final Map<String, AtomicInteger> cutsBeforeReply = new ConcurrentHashMap<>();

	private volatile Duration authenticationDelay = Duration.ZERO;

	EmulatorFaults(TokenEndpoint tokenEndpoint, Connections connections) {
		this.tokenEndpoint = tokenEndpoint;
		this.connections = connections;
	}

	/**
	 * Lets every request for a token fail: with status 500 over HTTP, with a
	 * {@link com.azure.core.exception.ClientAuthenticationException} in a credential.
	 */
	public void tokenEndpointDown() {
		this.tokenEndpoint.down();
	}

	/**
	 * Lets every request for a token take this long.
	 * @param delay how long, not negative
	 */
	public void tokenEndpointSlow(Duration delay) {
		this.tokenEndpoint.slow(Durations.requireNotNegative(delay, "delay"));
	}

	/**
	 * Lets no request for a token be answered. Those that have not been cancelled are
	 * answered when the fault ends.
	 */
	public void tokenEndpointHung() {
		this.tokenEndpoint.hung();
	}

	/**
	 * Ends {@link #tokenEndpointDown()}, {@link #tokenEndpointSlow(Duration)} and
	 * {@link #tokenEndpointHung()}.
	 */
	public void tokenEndpointUp() {
		this.tokenEndpoint.up();
	}

	/**
	 * Answers a request for a token with the last one of that object id while that lives
	 * longer than the given time, as the caches of azure-identity do until 5 minutes
	 * before its end.
	 * @param remaining the remaining life from which on there is a new token
	 */
	public void repeatTokenUntil(Duration remaining) {
		this.tokenEndpoint.repeatUntil(remaining);
	}

	/**
	 * Reports another expiry to those who request a token than the one in its claims, as
	 * a client sees it whose clock is wrong. Connections end with the claims.
	 * @param skew added to the true expiry, may be negative
	 */
	public void tokenExpirySkew(Duration skew) {
		this.tokenEndpoint.expirySkew(skew);
	}

	/**
	 * Lets every {@code AUTH} and {@code HELLO ... AUTH} take this long, inside
	 * {@code MULTI} before it is queued. Later commands of the connection wait for it.
	 * @param delay how long, not negative
	 */
	public void authenticationSlow(Duration delay) {
		this.authenticationDelay = Durations.requireNotNegative(delay, "delay");
	}

	/**
	 * Refuses the next {@code AUTH} and {@code HELLO ... AUTH}, of whichever connection,
	 * with {@code WRONGPASS}. Inside {@code MULTI} the queued one counts, whether or not
	 * it is executed.
	 * @param count how many, replaces what is left of an earlier number
	 */
	public void refuseAuthentications(int count) {
		this.refusals.set(count);
	}

	/**
	 * Closes all client connections, without an error reply.
	 * @return how many were closed
	 */
	public int cutConnections() {
		return cutConnections(Integer.MAX_VALUE);
	}

	/**
	 * Closes the oldest client connections, without an error reply.
	 * @param count at most how many, not negative
	 * @return how many were closed
	 */
	public int cutConnections(int count) {
		return this.connections.cut(count);
	}

	/**
	 * Closes the connection of the next commands of a name, of whichever authenticated
	 * connection, after the server has executed them and before their reply. Replies to
	 * earlier commands that have not reached the client are lost too.
	 * @param command the name of the command, not {@code AUTH} or {@code HELLO}
	 * @param count how many, not negative, replaces what is left of an earlier number
	 */
	public void cutBeforeReply(String command, int count) {
		String name = command.toUpperCase(Locale.ROOT);
		if (name.equals("AUTH") || name.equals("HELLO")) {
			throw new IllegalArgumentException("'command' must not be part of a handshake but is " + command);
		}
		if (count < 0) {
			throw new IllegalArgumentException("'count' must not be negative but is " + count);
		}
		this.cutsBeforeReply.put(name, new AtomicInteger(count));
	}

	/**
	 * Closes connections that have not sent anything for a time; Azure does so after 10
	 * minutes.
	 * @param idleTime how long, positive
	 */
	public void closeIdleAfter(Duration idleTime) {
		this.connections.closeIdleAfter(Durations.requirePositive(idleTime, "idleTime"));
	}

	/**
	 * Leaves new connections to the port of the emulator without an answer, as a network
	 * that drops their packets does: a client waits until its connect timeout. Open
	 * connections stay, and so do the ports of a cluster's nodes. This works where the
	 * system drops attempts for which its queue has no room, such as on Linux.
	 */
	public void endpointUnreachable() {
		this.ports.forEndpoint(ClientPort::ignore);
	}

	/**
	 * Refuses new connections to the port of the emulator. Open connections stay, and so
	 * do the ports of a cluster's nodes.
	 */
	public void endpointRefused() {
		this.ports.forEndpoint(ClientPort::refuse);
	}

	/**
	 * End {@link #endpointUnreachable()} and {@link #endpointRefused()}.
	 */
	public void endpointReachable() {
		this.ports.forEndpoint(ClientPort::admit);
	}

	/**
	 * Closes all connections and refuses new ones at each port, those of a cluster's
	 * nodes too. The data stays, as in an outage of the network before the instance.
	 * {@link AzureRedisEmulator#stopServer()} is the outage after which the instance is
	 * empty.
	 */
	public void instanceDown() {
		this.ports.forEach(ClientPort::refuse);
		this.ports.forEach(ClientPort::cut);
	}

	/**
	 * End {@link #instanceDown()}, and what is wrong with the port of the emulator alone.
	 */
	public void instanceUp() {
		this.ports.forEach(ClientPort::admit);
	}

	/**
	 * Ends all faults, and {@link EmulatorCluster#freeze(EmulatorNode)}. What a fault has
	 * done already, such as a closed connection, is not undone.
	 */
	public void reset() {
		this.tokenEndpoint.up();
		this.tokenEndpoint.repeatUntil(null);
		this.tokenEndpoint.expirySkew(Duration.ZERO);
		this.authenticationDelay = Duration.ZERO;
		this.refusals.set(0);
		this.cutsBeforeReply.clear();
		this.connections.closeIdleAfter(null);
		instanceUp();
		this.frozenServers.thawAll();
	}

	ClientPorts ports() {
		return this.ports;
	}

	FrozenServers frozenServers() {
		return this.frozenServers;
	}

	Duration authenticationDelay() {
		return this.authenticationDelay;
	}

	/**
	 * Takes one of the refusals, if any are left.
	 */
	boolean refusesAuthentication() {
		return this.refusals.getAndUpdate((count) -> Math.max(0, count - 1)) > 0;
	}

	/**
	 * Returns the commands whose connections are to be cut.
	 */
	Set<String> commandsCutBeforeReply() {
		return this.cutsBeforeReply.keySet();
	}

	/**
	 * Takes one of the cuts for a command, if any are left.
	 */
	boolean cutsBeforeReply(String command) {
		AtomicInteger left = this.cutsBeforeReply.get(command);
		return left != null && left.getAndUpdate((count) -> Math.max(0, count - 1)) > 0;
	}

}
