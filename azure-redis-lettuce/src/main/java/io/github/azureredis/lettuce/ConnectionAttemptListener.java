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

package io.github.azureredis.lettuce;

import java.net.SocketAddress;

import io.lettuce.core.resource.ClientResources;
import org.jspecify.annotations.Nullable;

/**
 * Is told the outcome of each attempt to connect, the first one of a connection and those
 * that repeat it. Lettuce's own events tell of the latter only. Called on the
 * connection's event loop, and must not block.
 *
 * @since 0.1.0
 */
public interface ConnectionAttemptListener {

	/**
	 * A connection has been made, and its handshake has succeeded.
	 * @param remoteAddress where it leads
	 */
	void onConnected(@Nullable SocketAddress remoteAddress);

	/**
	 * A connection could not be made, or its handshake has failed.
	 * @param remoteAddress where it was to lead, {@code null} if that has no address
	 * @param cause why, which may hold what the server answered
	 */
	void onConnectFailed(@Nullable SocketAddress remoteAddress, Throwable cause);

	/**
	 * Decorate the resources of a client, so that a listener is told of all its attempts
	 * to connect.
	 * @param resources the resources to decorate; stay the caller's to shut down
	 * @param listener the listener
	 * @return resources that differ only in their Netty customizer, which first calls the
	 * given ones'
	 */
	static ClientResources listening(ClientResources resources, ConnectionAttemptListener listener) {
		return new DecoratedClientResources(resources, new ConnectionAttempts(resources.nettyCustomizer(), listener));
	}

}
