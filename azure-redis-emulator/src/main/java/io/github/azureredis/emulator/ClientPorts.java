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

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The open ports for clients.
 */
final class ClientPorts {

	private final Set<ClientPort> ports = ConcurrentHashMap.newKeySet();

	private final List<EmulatorRetiredPort> retired = new CopyOnWriteArrayList<>();

	private volatile @Nullable ClientPort endpoint;

	private volatile boolean watchRetired;

	/**
	 * Adds the port that clients are told, which leads to some server.
	 */
	void addEndpoint(ClientPort port) {
		this.endpoint = port;
		add(port);
	}

	void add(ClientPort port) {
		this.ports.add(port);
	}

	private void close(ClientPort port) {
		port.close();
		this.ports.remove(port);
	}

	/**
	 * Lets retired ports not be closed, but record who connects.
	 */
	void watchRetired() {
		this.watchRetired = true;
	}

	List<EmulatorRetiredPort> retired() {
		return List.copyOf(this.retired);
	}

	/**
	 * Closes the port of a node that has left, or watches it.
	 */
	void retire(ClientPort port) {
		if (this.watchRetired) {
			this.retired.add(port.retire());
		}
		else {
			close(port);
		}
	}

	void close() {
		this.ports.forEach(this::close);
	}

	void forEndpoint(Consumer<ClientPort> action) {
		ClientPort port = this.endpoint;
		if (port != null) {
			action.accept(port);
		}
	}

	void forEach(Consumer<ClientPort> action) {
		this.ports.forEach(action);
	}

}
