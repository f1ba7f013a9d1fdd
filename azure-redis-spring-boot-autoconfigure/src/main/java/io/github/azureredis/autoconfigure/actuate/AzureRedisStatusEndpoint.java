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
import io.github.azureredis.autoconfigure.AzureRedisEndpoint;
import io.github.azureredis.autoconfigure.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisStatus;
import io.github.azureredis.autoconfigure.AzureRedisStatus.Authentication;
import io.github.azureredis.autoconfigure.AzureRedisStatus.Event;
import io.github.azureredis.token.EntraTokenStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@link Endpoint @Endpoint} that shows how the connection to Azure Redis is configured,
 * what has been derived from that, how its token stands, and what has happened last.
 * <p>
 * What it shows is a fixed list, in which there is no secret, so values are not hidden as
 * those of arbitrary properties are. Object ids and host names are not for everybody all
 * the same: like any other endpoint, it is not exposed over HTTP unless the application
 * says so.
 *
 * @since 0.1.0
 */
@Endpoint(id = "azureredis")
public class AzureRedisStatusEndpoint {

	private final List<AzureRedisMonitor> monitors;

	/**
	 * Create an endpoint.
	 * @param monitors what to show, one for each instance of Azure Redis
	 */
	public AzureRedisStatusEndpoint(List<AzureRedisMonitor> monitors) {
		this.monitors = List.copyOf(monitors);
	}

	/**
	 * Show how each instance stands.
	 * @return what is known of them
	 */
	@ReadOperation
	public AzureRedisDescriptor azureRedis() {
		return new AzureRedisDescriptor(
				this.monitors.stream().map((monitor) -> InstanceDescriptor.of(monitor.status())).toList());
	}

	/**
	 * What is known of Azure Redis.
	 *
	 * @param instances one for each instance that the application uses
	 */
	public record AzureRedisDescriptor(List<InstanceDescriptor> instances) implements OperationResponseBody {

	}

	/**
	 * What is known of one instance of Azure Redis.
	 *
	 * @param endpoint where it is
	 * @param clusteringPolicy the clustering policy, {@code null} if it is not known
	 * @param authentication how connections are authenticated
	 * @param token how the token stands, {@code null} if no credential is in use
	 * @param connections how many open connections are authenticated with a token
	 * @param events what has happened last, the latest first
	 */
	public record InstanceDescriptor(EndpointDescriptor endpoint, @Nullable ClusteringPolicyDescriptor clusteringPolicy,
			AuthenticationDescriptor authentication, @Nullable TokenDescriptor token, int connections,
			List<Event> events) {

		private static InstanceDescriptor of(AzureRedisStatus status) {
			return new InstanceDescriptor(EndpointDescriptor.of(status), ClusteringPolicyDescriptor.of(status),
					AuthenticationDescriptor.of(status), TokenDescriptor.of(status.token()), status.connections(),
					latestFirst(status.events()));
		}

		private static List<Event> latestFirst(List<Event> events) {
			List<Event> reversed = new ArrayList<>(events);
			Collections.reverse(reversed);
			return reversed;
		}

	}

	/**
	 * Where an instance is.
	 *
	 * @param host its host name
	 * @param port its port
	 * @param portReason where the port comes from
	 * @param offering what Azure offers it as
	 * @param ssl whether TLS is used
	 */
	public record EndpointDescriptor(String host, int port, String portReason, AzureRedisOffering offering,
			boolean ssl) {

		private static EndpointDescriptor of(AzureRedisStatus status) {
			AzureRedisEndpoint endpoint = status.endpoint();
			return new EndpointDescriptor(endpoint.host(), endpoint.port(), status.portReason(), endpoint.offering(),
					endpoint.sslEnabled());
		}

	}

	/**
	 * The clustering policy that connections are made for.
	 *
	 * @param name its name
	 * @param reason where it comes from, {@code null} if it is not known
	 */
	public record ClusteringPolicyDescriptor(AzureRedisClusteringPolicy name, @Nullable String reason) {

		private static @Nullable ClusteringPolicyDescriptor of(AzureRedisStatus status) {
			AzureRedisClusteringPolicy name = status.clusteringPolicy();
			return (name != null) ? new ClusteringPolicyDescriptor(name, status.clusteringPolicyReason()) : null;
		}

	}

	/**
	 * How connections are authenticated.
	 *
	 * @param method with what
	 * @param credential where the credential comes from, {@code null} if none is in use
	 * @param scope what tokens are asked for, {@code null} if no credential is in use
	 * @param user who connections are authenticated as, {@code null} if it is not known
	 */
	public record AuthenticationDescriptor(Authentication method, @Nullable String credential, @Nullable String scope,
			@Nullable String user) {

		private static AuthenticationDescriptor of(AzureRedisStatus status) {
			EntraTokenStatus token = status.token();
			return new AuthenticationDescriptor(status.authentication(), status.credential(),
					(token != null) ? token.getScope() : null, status.username());
		}

	}

	/**
	 * How the token stands.
	 *
	 * @param issuedAt when it was issued, {@code null} if there has been none
	 * @param renewedAt when it was obtained, {@code null} if there has been none
	 * @param expiresAt when it ends or ended, {@code null} if there has been none
	 * @param nextRequestAt when the credential will be asked next
	 * @param failingSince when renewal began to fail, {@code null} while it works
	 * @param failures how many requests have failed since then
	 * @param reasons why the last of them failed
	 */
	public record TokenDescriptor(@Nullable Instant issuedAt, @Nullable Instant renewedAt, @Nullable Instant expiresAt,
			Instant nextRequestAt, @Nullable Instant failingSince, int failures, List<String> reasons) {

		private static @Nullable TokenDescriptor of(@Nullable EntraTokenStatus token) {
			return (token != null) ? new TokenDescriptor(token.getIssuedAt(), token.getRenewedAt(),
					token.getExpiresAt(), token.getNextRequestAt(), token.getFailingSince(), token.getFailureCount(),
					token.getReasons()) : null;
		}

	}

}
