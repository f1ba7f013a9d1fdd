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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TokenRenewedEvent;
import io.lettuce.core.RedisCredentialsProvider;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Authentication of Lettuce connections with the tokens of one identity, when a
 * connection is made and whenever the token is renewed while it lives. A client needs two
 * things: the {@link #credentialsProvider() credentials provider} in its
 * {@code RedisURI}, and
 * {@link AzureRedisClientResources.Builder#authentication(EntraRedisAuthentication)
 * decorated resources}.
 * <p>
 * A connection of such a client that authenticates with other credentials is left alone:
 * no token is sent on it.
 * <p>
 * Thread-safe. Has no threads of its own.
 *
 * @since 0.1.0
 */
public final class EntraRedisAuthentication implements AutoCloseable {

	private final EntraTokenProvider tokens;

	private final EntraCredentials credentials;

	private final Duration spread;

	private final ReauthenticationReporter reporter;

	private final FutileWait futileWait = new FutileWait();

	private final Set<ReauthenticationHandler> connections = ConcurrentHashMap.newKeySet();

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
		this.reporter = new ReauthenticationReporter(builder.instanceName, builder.listeners);
		this.tokens.addListener(this.renewals);
	}

	/**
	 * Create a builder.
	 * @param tokens the source of the tokens; stays the caller's to close
	 * @return a builder
	 */
	public static Builder builder(EntraTokenProvider tokens) {
		return new Builder(tokens);
	}

	/**
	 * Return the credentials for the handshake of a connection. The provider never waits
	 * for a token: decorated resources hold the handshake back until there is one. It may
	 * serve any number of clients.
	 * @return the provider
	 */
	public RedisCredentialsProvider credentialsProvider() {
		return this.credentials;
	}

	/**
	 * Return the number of open connections that are authenticated with a token of this
	 * identity.
	 * @return the number of connections
	 */
	public int connectionCount() {
		return this.connections.size();
	}

	/**
	 * End re-authentication. Connections that are still open live until their token
	 * expires.
	 */
	@Override
	public void close() {
		this.tokens.removeListener(this.renewals);
		this.connections.clear();
	}

	void install(Channel channel) {
		ConnectionCommands commands = ConnectionCommands.of(channel);
		TokenGate gate = TokenGate.install(channel, this.tokens, this.credentials, this.futileWait);
		commands.addHandler(
				new ReauthenticationHandler(commands, gate, this.tokens, this.spread, this.connections, this.reporter));
	}

	/**
	 * Builder for an {@link EntraRedisAuthentication}. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final EntraTokenProvider tokens;

		private final List<ReauthenticationListener> listeners = new ArrayList<>();

		private @Nullable String instanceName;

		private @Nullable String username;

		private Duration spread = Duration.ofSeconds(5);

		private Builder(EntraTokenProvider tokens) {
			this.tokens = tokens;
		}

		/**
		 * Set the name of the instance, which events tell.
		 * @param instanceName the name, {@code null} for the default instance of an
		 * application, or for the only one
		 * @return this builder
		 */
		public Builder instanceName(@Nullable String instanceName) {
			this.instanceName = instanceName;
			return this;
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
		 * each at a random moment, but at most a tenth of the old token's remaining life.
		 * @param spread a duration, 5 seconds by default, zero for all at once
		 * @return this builder
		 */
		public Builder reauthenticationSpread(Duration spread) {
			if (spread.isNegative()) {
				throw new IllegalArgumentException("'spread' must not be negative but is " + spread);
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
