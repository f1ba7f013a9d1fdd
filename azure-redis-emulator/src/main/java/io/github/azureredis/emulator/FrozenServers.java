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

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.util.concurrent.Future;

/**
 * The servers whose clients get no answer, as if the machine was frozen.
 */
final class FrozenServers {

	private final Set<InetSocketAddress> servers = ConcurrentHashMap.newKeySet();

	private final Set<FreezeGate> gates = ConcurrentHashMap.newKeySet();

	boolean contains(InetSocketAddress server) {
		return this.servers.contains(server);
	}

	/**
	 * Freezes a server. When it returns, nothing is answered any more.
	 */
	void freeze(InetSocketAddress server) {
		this.servers.add(server);
		updateGates();
	}

	/**
	 * Lets a server go on with what it has been sent meanwhile.
	 */
	void thaw(InetSocketAddress server) {
		this.servers.remove(server);
		updateGates();
	}

	void thawAll() {
		this.servers.clear();
		updateGates();
	}

	void add(FreezeGate gate) {
		this.gates.add(gate);
	}

	void remove(FreezeGate gate) {
		this.gates.remove(gate);
	}

	private void updateGates() {
		this.gates.stream().map(FreezeGate::update).toList().forEach(Future::awaitUninterruptibly);
	}

}
