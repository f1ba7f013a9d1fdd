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
import java.util.function.Consumer;

import io.github.azureredis.lettuce.maintenance.EndpointMoves;
import io.github.azureredis.lettuce.replay.CommandReplay;
import io.github.azureredis.lettuce.replay.ReplayListener;
import io.github.azureredis.lettuce.replay.ReplayPolicy;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Factory for {@link ClientResources} that add to others what connections to Azure Redis
 * need. The others stay as they are, and the caller's to shut down. Their Netty
 * customizer and their resolver of addresses remain in force.
 *
 * @since 0.1.0
 */
public final class AzureRedisClientResources {

	private AzureRedisClientResources() {
	}

	/**
	 * Create a builder.
	 * @param resources the resources to decorate
	 * @return a builder
	 */
	public static Builder builder(ClientResources resources) {
		return new Builder(resources);
	}

	/**
	 * Builder for decorated {@link ClientResources}. The order of the calls does not
	 * matter. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofMinutes(5);

		private final ClientResources resources;

		private @Nullable EntraRedisAuthentication authentication;

		private @Nullable Duration keepAliveInterval;

		private final List<ConnectionAttemptListener> attemptListeners = new ArrayList<>();

		private final List<Consumer<Channel>> handlers = new ArrayList<>();

		private @Nullable CommandFailureListener failureListener;

		private CommandReplay replay = new CommandReplay(ReplayPolicy.ALL);

		private @Nullable String endpointHost;

		private Builder(ClientResources resources) {
			this.resources = resources;
		}

		/**
		 * Authenticate connections with the tokens of an authentication: hold their
		 * handshake back until there is a token, and re-authenticate them whenever it is
		 * renewed. Connections whose {@code RedisURI} has other credentials than the
		 * {@link EntraRedisAuthentication#credentialsProvider() provider} of the
		 * authentication are left alone.
		 * @param authentication the authentication
		 * @return this builder
		 */
		public Builder authentication(EntraRedisAuthentication authentication) {
			this.authentication = authentication;
			return this;
		}

		/**
		 * Send PING on a connection that has sent nothing for 5 minutes. Azure closes it
		 * after 10.
		 * @return this builder
		 */
		public Builder keepAlive() {
			return keepAlive(KEEP_ALIVE_INTERVAL);
		}

		Builder keepAlive(Duration interval) {
			this.keepAliveInterval = interval;
			return this;
		}

		/**
		 * Add a listener for the outcome of each attempt to connect and for lost
		 * connections.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder attemptListener(ConnectionAttemptListener listener) {
			this.attemptListeners.add(listener);
			return this;
		}

		/**
		 * Add handlers to the pipeline of each connection, after those of the other
		 * features and in the order of the calls.
		 * @param handlers adds handlers to a channel, which has those of Lettuce
		 * @return this builder
		 */
		public Builder handlers(Consumer<Channel> handlers) {
			this.handlers.add(handlers);
			return this;
		}

		/**
		 * Tell a listener which commands the server answers with an error.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder commandFailureListener(CommandFailureListener listener) {
			this.failureListener = listener;
			return this;
		}

		/**
		 * Set which commands are sent again if their connection is lost before the reply.
		 * By default, all of them are.
		 * @param policy the policy
		 * @param listeners the listeners for commands that are sent again or fail
		 * @return this builder
		 */
		public Builder replay(ReplayPolicy policy, ReplayListener... listeners) {
			this.replay = new CommandReplay(policy, listeners);
			return this;
		}

		/**
		 * Connect to the nodes of a cluster that have an IP address under the name of the
		 * endpoint, and at their own port. This is for cluster clients, and lets the
		 * certificates of the nodes be verified in full.
		 * @param endpointHost the host name of the endpoint; if it is an IP address,
		 * nothing changes
		 * @return this builder
		 */
		public Builder nodesAtEndpoint(String endpointHost) {
			this.endpointHost = endpointHost;
			return this;
		}

		/**
		 * Build the decorated resources.
		 * @return the resources
		 */
		public ClientResources build() {
			return new DecoratedClientResources(this.resources,
					new PipelineCustomizer(this.resources.nettyCustomizer(), handlers()), addressResolver());
		}

		private List<Consumer<Channel>> handlers() {
			List<Consumer<Channel>> handlers = new ArrayList<>();
			handlers.add(EndpointMoves::install);
			EntraRedisAuthentication authentication = this.authentication;
			if (authentication != null) {
				handlers.add(authentication::install);
			}
			Duration keepAliveInterval = this.keepAliveInterval;
			if (keepAliveInterval != null) {
				handlers.add((channel) -> {
					ConnectionCommands commands = ConnectionCommands.of(channel);
					commands.addHandler(new KeepAliveHandler(commands, keepAliveInterval));
				});
			}
			// After those that cancel commands of their own when a connection ends.
			handlers.add(this.replay::install);
			if (!this.attemptListeners.isEmpty()) {
				List<ConnectionAttemptListener> attemptListeners = List.copyOf(this.attemptListeners);
				handlers.add((channel) -> ConnectionAttemptHandler.install(channel, attemptListeners));
			}
			CommandFailureListener failureListener = this.failureListener;
			if (failureListener != null) {
				handlers.add((channel) -> channel.pipeline().addLast(new CommandFailureHandler(failureListener)));
			}
			handlers.addAll(this.handlers);
			return handlers;
		}

		private SocketAddressResolver addressResolver() {
			SocketAddressResolver resolver = this.resources.socketAddressResolver();
			String endpointHost = this.endpointHost;
			return (endpointHost != null && !EndpointAddressResolver.isIpAddress(endpointHost))
					? new EndpointAddressResolver(resolver, endpointHost) : resolver;
		}

	}

	/**
	 * {@link NettyCustomizer} that adds handlers to each connection, after another
	 * customizer has had its turn.
	 */
	private static final class PipelineCustomizer implements NettyCustomizer {

		private final NettyCustomizer delegate;

		private final List<Consumer<Channel>> handlers;

		/**
		 * Create a customizer.
		 * @param delegate the other customizer
		 * @param handlers add handlers to a channel, in this order
		 */
		PipelineCustomizer(NettyCustomizer delegate, List<Consumer<Channel>> handlers) {
			this.delegate = delegate;
			this.handlers = List.copyOf(handlers);
		}

		@Override
		public void afterBootstrapInitialized(Bootstrap bootstrap) {
			this.delegate.afterBootstrapInitialized(bootstrap);
		}

		@Override
		public void afterChannelInitialized(Channel channel) {
			this.delegate.afterChannelInitialized(channel);
			this.handlers.forEach((handler) -> handler.accept(channel));
		}

	}

}
