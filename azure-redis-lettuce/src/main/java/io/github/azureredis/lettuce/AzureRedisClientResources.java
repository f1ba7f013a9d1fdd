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

import io.lettuce.core.resource.ClientResources;
import org.jspecify.annotations.Nullable;

/**
 * {@link ClientResources} for clients of Azure Redis.
 *
 * @since 0.1.0
 */
public final class AzureRedisClientResources {

	private AzureRedisClientResources() {
	}

	/**
	 * Start decorating the resources of a client.
	 * @param resources the resources to decorate; stay the caller's to shut down
	 * @return a builder
	 */
	public static Builder builder(ClientResources resources) {
		return new Builder(resources);
	}

	/**
	 * Builder for decorated {@link ClientResources}. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final ClientResources resources;

		private @Nullable EntraRedisAuthentication authentication;

		private boolean keepAlive;

		private @Nullable String endpointHost;

		private @Nullable ConnectionAttemptListener attemptListener;

		private Builder(ClientResources resources) {
			this.resources = resources;
		}

		/**
		 * Authenticate connections with the tokens of an authentication, and
		 * re-authenticate them when the token is renewed.
		 * @param authentication the authentication, whose
		 * {@link EntraRedisAuthentication#credentialsProvider() credentials provider} the
		 * clients use as well
		 * @return this builder
		 */
		public Builder authentication(EntraRedisAuthentication authentication) {
			this.authentication = authentication;
			return this;
		}

		/**
		 * Send PING on connections that have sent nothing for 5 minutes.
		 * @return this builder
		 */
		public Builder keepAlive() {
			this.keepAlive = true;
			return this;
		}

		/**
		 * Connect to cluster nodes that have an IP address under the name of the
		 * endpoint.
		 * @param endpointHost the host name of the endpoint
		 * @return this builder
		 */
		public Builder nodesAtEndpoint(String endpointHost) {
			this.endpointHost = endpointHost;
			return this;
		}

		/**
		 * Set the listener for attempts to connect.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder attemptListener(ConnectionAttemptListener listener) {
			this.attemptListener = listener;
			return this;
		}

		/**
		 * Build the decorated resources.
		 * @return resources that differ from the given ones only in what has been asked
		 * for
		 */
		public ClientResources build() {
			ClientResources decorated = this.resources;
			if (this.authentication != null) {
				decorated = this.authentication.reauthenticating(decorated);
			}
			if (this.keepAlive) {
				decorated = AzureConnectionDefaults.keepAlive(decorated);
			}
			if (this.endpointHost != null) {
				decorated = AzureConnectionDefaults.nodesAtEndpoint(decorated, this.endpointHost);
			}
			if (this.attemptListener != null) {
				decorated = ConnectionAttemptListener.listening(decorated, this.attemptListener);
			}
			return decorated;
		}

	}

}
