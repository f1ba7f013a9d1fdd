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
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reporter for what happens to the connections of an {@link EntraRedisAuthentication}:
 * tells its listeners, and warns once for each kind of trouble. Thread-safe.
 */
final class ReauthenticationReporter {

	private static final Logger logger = LoggerFactory.getLogger(EntraRedisAuthentication.class);

	private final @Nullable String instanceName;

	private final List<ReauthenticationListener> listeners;

	private final AtomicBoolean warnedOfResp2 = new AtomicBoolean();

	private final AtomicBoolean warnedOfLateAuthentication = new AtomicBoolean();

	ReauthenticationReporter(@Nullable String instanceName, List<ReauthenticationListener> listeners) {
		this.instanceName = instanceName;
		this.listeners = List.copyOf(listeners);
	}

	@Nullable String instanceName() {
		return this.instanceName;
	}

	void reauthenticated(ConnectionReauthenticatedEvent event) {
		tell((listener) -> listener.onReauthenticated(event));
	}

	void reauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		tell((listener) -> listener.onReauthenticationFailed(event));
	}

	private void tell(Consumer<ReauthenticationListener> message) {
		for (ReauthenticationListener listener : this.listeners) {
			try {
				message.accept(listener);
			}
			catch (Throwable ex) {
				logger.warn("A re-authentication listener failed", ex);
			}
		}
	}

	void warnOfResp2() {
		if (this.warnedOfResp2.compareAndSet(false, true)) {
			logger.warn("A subscribed connection uses RESP2, which does not allow re-authentication. Redis closes it"
					+ " whenever its token expires, and messages that are published before it is back are lost. Use"
					+ " RESP3: remove protocolVersion(ProtocolVersion.RESP2) from the client options, if it is set");
		}
	}

	void warnOfLateAuthentication(SocketAddress localAddress, Duration remaining) {
		if (this.warnedOfLateAuthentication.compareAndSet(false, true)) {
			logger.warn("Connection {} has not been re-authenticated for half of the {} that its token had left. Either"
					+ " a transaction stays open, or a command blocks (BLPOP, XREAD BLOCK), or Azure is slow, or the"
					+ " connection is lost. Redis closes the connection when the token expires. Let transactions and"
					+ " commands end sooner than 'refresh-before-expiry'", localAddress, remaining);
		}
	}

}
