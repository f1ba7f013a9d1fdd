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
import java.time.Duration;
import java.time.Instant;

/**
 * Events of connections for tests. In this package because only the library itself
 * creates them.
 */
public final class ReauthenticationFixtures {

	private ReauthenticationFixtures() {
	}

	public static ConnectionReauthenticatedEvent reauthenticated(SocketAddress localAddress,
			SocketAddress remoteAddress, Instant expiresAt) {
		return new ConnectionReauthenticatedEvent(null, localAddress, remoteAddress, expiresAt, Duration.ZERO);
	}

	public static ConnectionReauthenticationFailedEvent reauthenticationFailed(SocketAddress localAddress,
			SocketAddress remoteAddress, Throwable cause, Instant currentExpiresAt) {
		return new ConnectionReauthenticationFailedEvent(null, localAddress, remoteAddress, cause, 1, currentExpiresAt,
				Duration.ofSeconds(1));
	}

}
