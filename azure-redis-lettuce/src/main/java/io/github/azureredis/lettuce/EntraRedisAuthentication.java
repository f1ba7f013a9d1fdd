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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.azureredis.token.EntraToken;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TokenRenewedEvent;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.resource.ClientResources;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates the connections of Lettuce clients with the tokens of one identity:
 * {@link #credentialsProvider()} when a connection is made, and
 * {@link #reauthenticating(ClientResources)} whenever the token is renewed while the
 * connection lives. A client needs both.
 * <p>
 * Thread-safe. Has no threads of its own.
 *
 * @since 0.1.0
 */
public final class EntraRedisAuthentication implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(EntraRedisAuthentication.class);

	private final EntraTokenProvider tokens;

	private final EntraCredentials credentials;

	private final Duration spread;

	private final List<ReauthenticationListener> listeners;

	private final Set<ReauthenticationHandler> connections = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean warnedOfResp2 = new AtomicBoolean();

	private final AtomicBoolean warnedOfBlockedConnection = new AtomicBoolean();

	private final AtomicBoolean warnedOfTracing = new AtomicBoolean();

	private final EntraTokenListener renewals = new EntraTokenListener() {

		@Override
		public void onTokenRenewed(TokenRenewedEvent event) {
			EntraRedisAuthentication.this.connections.forEach(ReauthenticationHandler::tokenRenewed);
		}

	};

	private EntraRedisAuthentication(Builder builder) {
		this.tokens = builder.tokens;
		this.credentials = new EntraCredentials(builder.tokens, builder.username);
		this.spread = builder.spread;
		this.listeners = List.copyOf(builder.listeners);
		this.tokens.addListener(this.renewals);
	}

	/**
	 * Start building an authentication.
	 * @param tokens where the tokens come from; stays the caller's to close
	 * @return a builder
	 */
	public static Builder builder(EntraTokenProvider tokens) {
		return new Builder(tokens);
	}

	/**
	 * The credentials for the handshake of a connection. The same provider may serve any
	 * number of clients.
	 * @return the provider
	 */
	public RedisCredentialsProvider credentialsProvider() {
		return this.credentials;
	}

	/**
	 * Decorate the resources of a client, so that all of its connections are
	 * re-authenticated.
	 * @param resources the resources to decorate; stay the caller's to shut down
	 * @return resources that differ only in their Netty customizer, which first calls the
	 * given ones'
	 */
	public ClientResources reauthenticating(ClientResources resources) {
		if (resources.tracing().isEnabled() && resources.tracing().includeCommandArgsInSpanTags()
				&& this.warnedOfTracing.compareAndSet(false, true)) {
			logger.warn("Tracing is set to show the arguments of commands, and so the spans of handshakes will show"
					+ " tokens. Switch that off in the Tracing of the ClientResources");
		}
		return new DecoratedClientResources(resources,
				new HandlerNettyCustomizer(resources.nettyCustomizer(), (commands) -> commands
					.addHandler(ReauthenticationHandler.NAME, new ReauthenticationHandler(commands, this))));
	}

	/**
	 * How many connections are open and authenticated with a token of this identity.
	 * @return the number
	 */
	public int connectionCount() {
		return this.connections.size();
	}

	/**
	 * End re-authentication. Connections that are still open live until their token ends.
	 */
	@Override
	public void close() {
		this.tokens.removeListener(this.renewals);
		this.connections.clear();
	}

	void add(ReauthenticationHandler connection) {
		this.connections.add(connection);
	}

	void remove(ReauthenticationHandler connection) {
		this.connections.remove(connection);
	}

	@Nullable EntraToken currentToken() {
		return this.tokens.currentToken();
	}

	EntraCredentials credentials() {
		return this.credentials;
	}

	Duration spread() {
		return this.spread;
	}

	void reauthenticated(ConnectionReauthenticatedEvent event) {
		tell((listener) -> listener.onReauthenticated(event));
	}

	void reauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		tell((listener) -> listener.onReauthenticationFailed(event));
	}

	void warnOfResp2() {
		if (this.warnedOfResp2.compareAndSet(false, true)) {
			logger.warn("A subscribed connection uses RESP2, which does not allow to re-authenticate it. It will be"
					+ " closed and made anew whenever its token ends, and messages that are published meanwhile are"
					+ " lost. Remove protocolVersion(ProtocolVersion.RESP2) from the client options to use RESP3");
		}
	}

	void warnOfBlockedConnection(SocketAddress localAddress, Duration remaining) {
		if (this.warnedOfBlockedConnection.compareAndSet(false, true)) {
			logger.warn("AUTH on connection {} has not been answered for half of the {} that its token had left. Either"
					+ " Azure is slow, or the connection is lost, or a command before it blocks (BLPOP, XREAD BLOCK)."
					+ " One that blocks longer than the margin of the renewal lets its connection be closed when the"
					+ " token ends; let it block for less", localAddress, remaining);
		}
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

	/**
	 * Builds an {@link EntraRedisAuthentication}. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final EntraTokenProvider tokens;

		private final List<ReauthenticationListener> listeners = new ArrayList<>();

		private @Nullable String username;

		private Duration spread = Duration.ofSeconds(5);

		private Builder(EntraTokenProvider tokens) {
			this.tokens = tokens;
		}

		/**
		 * Set the user name.
		 * @param username the object id of the identity, {@code null} to take it from the
		 * token
		 * @return this builder
		 */
		public Builder username(@Nullable String username) {
			this.username = username;
			return this;
		}

		/**
		 * Set the time over which the connections are re-authenticated after a renewal,
		 * each at a random moment. Never more than a tenth of what is left of the old
		 * token is used.
		 * @param spread a duration, 5 seconds by default, zero for all at once
		 * @return this builder
		 */
		public Builder reauthenticationSpread(Duration spread) {
			if (spread.isNegative()) {
				throw new IllegalArgumentException("The spread must not be negative: " + spread);
			}
			this.spread = spread;
			return this;
		}

		/**
		 * Add a listener.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(ReauthenticationListener listener) {
			this.listeners.add(listener);
			return this;
		}

		/**
		 * Build the authentication.
		 * @return a new authentication, to be closed by the caller
		 */
		public EntraRedisAuthentication build() {
			return new EntraRedisAuthentication(this);
		}

	}

}
