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

import org.jspecify.annotations.Nullable;

/**
 * Listener for the outcome of each attempt to connect, the first one of a connection and
 * those that repeat it, and for connections that are lost. Lettuce's own events tell of
 * repeated attempts only. Called on the event loop of the connection, and must not block.
 *
 * @since 0.1.0
 */
public interface ConnectionAttemptListener {

	/**
	 * Called when a connection has been made and its handshake has succeeded.
	 * @param remoteAddress the address of the server, {@code null} if it is not known
	 */
	void onConnected(@Nullable SocketAddress remoteAddress);

	/**
	 * Called when a connection could not be made, or its handshake has failed.
	 * @param remoteAddress the address of the server, {@code null} if its name has none
	 * @param cause the reason, which may hold what the server answered
	 */
	void onConnectFailed(@Nullable SocketAddress remoteAddress, Throwable cause);

	/**
	 * Called when an established connection ends without having been closed by the
	 * client.
	 * @param remoteAddress the address of the server, {@code null} if it is not known
	 */
	default void onConnectionLost(@Nullable SocketAddress remoteAddress) {
	}

}
