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

package io.github.azureredis.autoconfigure.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.instances.InstanceNames;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import io.github.azureredis.token.EntraTokenStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} for the status of Azure Redis: configuration, token, and the
 * last events.
 * <p>
 * It shows a fixed list of values without any secret, so values are not sanitized. Object
 * ids and host names are sensitive all the same: like other endpoints, this one must be
 * exposed over HTTP explicitly.
 *
 * @since 0.1.0
 */
@Endpoint(id = "azureredis")
public class AzureRedisEndpoint {

	private final AzureRedisMonitor monitor;

	/**
	 * Create an endpoint.
	 * @param monitor the monitor
	 */
	public AzureRedisEndpoint(AzureRedisMonitor monitor) {
		this.monitor = monitor;
	}

	/**
	 * Return the status of each instance.
	 * @return a descriptor
	 */
	@ReadOperation
	public AzureRedisDescriptor azureRedis() {
		List<InstanceDescriptor> instances = new ArrayList<>();
		if (this.monitor.hasDefaultInstance()) {
			instances.add(defaultInstance());
		}
		this.monitor.getInstanceNames().forEach((name) -> instances.add(namedInstance(name)));
		return new AzureRedisDescriptor(instances);
	}

	/**
	 * Return the status of one instance.
	 * @param name the name of the instance, {@code default} for the one without a name
	 * @return a descriptor or {@code null} if there is no such instance
	 */
	@ReadOperation
	public @Nullable InstanceDescriptor azureRedisInstance(@Selector String name) {
		if (this.monitor.getInstanceNames().contains(name)) {
			return namedInstance(name);
		}
		return (name.equals(InstanceNames.DEFAULT) && this.monitor.hasDefaultInstance()) ? defaultInstance() : null;
	}

	private InstanceDescriptor defaultInstance() {
		boolean alone = this.monitor.getInstanceNames().isEmpty();
		return InstanceDescriptor.of(alone ? null : InstanceNames.DEFAULT, this.monitor.getStatus());
	}

	private InstanceDescriptor namedInstance(String name) {
		return InstanceDescriptor.of(name, this.monitor.getStatus(name));
	}

	/**
	 * Description of Azure Redis.
	 *
	 * @param instances the instances that the application uses
	 */
	public record AzureRedisDescriptor(List<InstanceDescriptor> instances) implements OperationResponseBody {

	}

	/**
	 * Description of an instance.
	 *
	 * @param name the name, {@code null} if no instance has one
	 * @param endpoint the address
	 * @param clusteringPolicy the clustering policy, {@code null} if it is not known
	 * @param authentication the authentication of connections
	 * @param token the token, {@code null} if no credential is in use
	 * @param connections the number of open connections that are authenticated with a
	 * token
	 * @param events the last events, the latest first
	 */
	public record InstanceDescriptor(@Nullable String name, EndpointDescriptor endpoint,
			@Nullable ClusteringPolicyDescriptor clusteringPolicy, AuthenticationDescriptor authentication,
			@Nullable TokenDescriptor token, int connections,
			List<EventDescriptor> events) implements OperationResponseBody {

		private static InstanceDescriptor of(@Nullable String name, AzureRedisStatus status) {
			List<EventDescriptor> events = new ArrayList<>(
					status.getEvents().stream().map(EventDescriptor::of).toList());
			Collections.reverse(events);
			return new InstanceDescriptor(name, EndpointDescriptor.of(status.getInstance()),
					ClusteringPolicyDescriptor.of(status.getClustering()), AuthenticationDescriptor.of(status),
					TokenDescriptor.of(status.getToken()), status.getAuthentication().getConnectionCount(), events);
		}

	}

	/**
	 * Description of an address.
	 *
	 * @param host the host name
	 * @param port the port
	 * @param portReason where the port comes from
	 * @param offering the offering of Azure
	 * @param ssl whether connections use TLS
	 */
	public record EndpointDescriptor(String host, int port, String portReason, AzureRedisOffering offering,
			boolean ssl) {

		private static EndpointDescriptor of(AzureRedisInstance instance) {
			return new EndpointDescriptor(instance.getHost(), instance.getPort(), instance.getPortReason(),
					instance.getOffering(), instance.isSslEnabled());
		}

	}

	/**
	 * Description of the clustering policy in force.
	 *
	 * @param name the policy
	 * @param reason where the policy comes from
	 * @param problem what has happened if the instance has another policy, {@code null}
	 * otherwise
	 */
	public record ClusteringPolicyDescriptor(AzureRedisClusteringPolicy name, String reason, @Nullable String problem) {

		private static @Nullable ClusteringPolicyDescriptor of(AzureRedisStatus.@Nullable Clustering clustering) {
			return (clustering != null) ? new ClusteringPolicyDescriptor(clustering.getPolicy(), clustering.getReason(),
					clustering.getProblem()) : null;
		}

	}

	/**
	 * Description of the authentication.
	 *
	 * @param method the method
	 * @param credential where the credential comes from, {@code null} if none is in use
	 * @param scope the scope of tokens, {@code null} if no credential is in use
	 * @param user the user that connections authenticate as, {@code null} if it is not
	 * known
	 */
	public record AuthenticationDescriptor(AuthenticationMethod method, @Nullable String credential,
			@Nullable String scope, @Nullable String user) {

		private static AuthenticationDescriptor of(AzureRedisStatus status) {
			EntraTokenStatus token = status.getToken();
			AzureRedisStatus.Authentication authentication = status.getAuthentication();
			return new AuthenticationDescriptor(authentication.getMethod(), authentication.getCredential(),
					(token != null) ? token.getScope() : null, authentication.getUsername());
		}

	}

	/**
	 * Description of a token.
	 *
	 * @param issuedAt when it was issued, {@code null} if there has been none
	 * @param renewedAt when it was obtained, {@code null} if there has been none
	 * @param expiresAt when it expires or expired, {@code null} if there has been none
	 * @param nextRequestAt when the next token is requested, {@code null} while renewal
	 * is stopped
	 * @param failingSince when renewal began to fail, {@code null} while it works
	 * @param failures the number of failed requests since then
	 * @param reasons the reasons of the last failure
	 */
	public record TokenDescriptor(@Nullable Instant issuedAt, @Nullable Instant renewedAt, @Nullable Instant expiresAt,
			@Nullable Instant nextRequestAt, @Nullable Instant failingSince, int failures, List<String> reasons) {

		private static @Nullable TokenDescriptor of(@Nullable EntraTokenStatus token) {
			return (token != null) ? new TokenDescriptor(token.getIssuedAt(), token.getRenewedAt(),
					token.getExpiresAt(), token.getNextRequestAt(), token.getFailingSince(), token.getFailureCount(),
					token.getReasons()) : null;
		}

	}

	/**
	 * Description of an event.
	 *
	 * @param type the type
	 * @param description the description of the last time
	 * @param count how often it has happened
	 * @param firstAt when it happened for the first time
	 * @param lastAt when it happened for the last time
	 */
	public record EventDescriptor(EventType type, String description, int count, Instant firstAt, Instant lastAt) {

		private static EventDescriptor of(AzureRedisStatus.Event event) {
			return new EventDescriptor(event.getType(), event.getDescription(), event.getCount(), event.getFirstAt(),
					event.getLastAt());
		}

	}

}
