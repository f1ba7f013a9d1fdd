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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A server of a cluster, and the port that clients know it by.
 */
final class ClusterNode {

	private final String id;

	private final RedisBackend server;

	private final InternalUser user;

	private final ClientPort port;

	private volatile @Nullable String successorId;

	private volatile boolean leaving;

	ClusterNode(String id, RedisBackend server, InternalUser user, ClientPort port) {
		this.id = id;
		this.server = server;
		this.user = user;
		this.port = port;
	}

	String id() {
		return this.id;
	}

	RedisBackend server() {
		return this.server;
	}

	int busPort() {
		return this.server.port() + ServerPorts.BUS_OFFSET;
	}

	ClientPort port() {
		return this.port;
	}

	/**
	 * Returns the id of the replica that has taken the place of this master since it was
	 * stopped.
	 */
	@Nullable String successorId() {
		return this.successorId;
	}

	void successorId(@Nullable String successorId) {
		this.successorId = successorId;
	}

	/**
	 * Returns whether others have taken its place, and it is about to be shut down.
	 */
	boolean isLeaving() {
		return this.leaving;
	}

	void leaving(boolean leaving) {
		this.leaving = leaving;
	}

	boolean isRunning() {
		return this.server.running() != null;
	}

	/**
	 * Returns the command by which another server gets to know this one.
	 */
	List<String> introduction() {
		return List.of("CLUSTER", "MEET", "127.0.0.1", Integer.toString(this.port.number()),
				Integer.toString(busPort()));
	}

	/**
	 * Opens a connection.
	 * @throws IllegalStateException if the server does not run
	 */
	AdminConnection connect() throws IOException {
		RedisServer running = this.server.running();
		if (running == null) {
			throw new IllegalStateException(this + " does not run");
		}
		return new AdminConnection(running.address(), this.user);
	}

	/**
	 * Sends a command.
	 * @return its reply
	 * @throws IllegalStateException if the server does not run, or answers with an error
	 */
	Object call(List<String> command) {
		return callAll(List.of(command)).get(0);
	}

	List<Object> callAll(List<List<String>> commands) {
		try (AdminConnection connection = connect()) {
			return connection.callAll(commands);
		}
		catch (IOException ex) {
			throw new IllegalStateException(this + " does not answer", ex);
		}
	}

	/**
	 * Returns the name and the password by which the server takes commands.
	 */
	List<String> credentials() {
		return List.of(InternalUser.NAME, this.user.secret());
	}

	@Override
	public String toString() {
		return "The node " + this.id + " at port " + this.port.number();
	}

}
