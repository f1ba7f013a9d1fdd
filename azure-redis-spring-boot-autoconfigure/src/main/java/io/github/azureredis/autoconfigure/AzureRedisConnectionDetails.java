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

package io.github.azureredis.autoconfigure;

import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

/**
 * {@link DataRedisConnectionDetails} of an {@link AzureRedisEndpoint}. Has a user name
 * and password only with an access key.
 */
class AzureRedisConnectionDetails implements DataRedisConnectionDetails {

	private final AzureRedisEndpoint endpoint;

	private final AzureRedisProperties properties;

	private final BooleanSupplier clustered;

	/**
	 * Create connection details.
	 * @param endpoint where to connect
	 * @param properties how to authenticate without tokens
	 * @param clustered whether a cluster client is needed; asked when Boot asks
	 */
	AzureRedisConnectionDetails(AzureRedisEndpoint endpoint, AzureRedisProperties properties,
			BooleanSupplier clustered) {
		this.endpoint = endpoint;
		this.properties = properties;
		this.clustered = clustered;
	}

	@Override
	public @Nullable String getUsername() {
		String username = this.properties.getUsername();
		return (getPassword() != null && StringUtils.hasText(username)) ? username : null;
	}

	@Override
	public @Nullable String getPassword() {
		String accessKey = this.properties.getAccessKey();
		return StringUtils.hasText(accessKey) ? accessKey : null;
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		if (!this.endpoint.sslEnabled()) {
			return null;
		}
		SslBundle sslBundle = this.endpoint.sslBundle();
		return (sslBundle != null) ? sslBundle : SslBundle.systemDefault();
	}

	@Override
	public Standalone getStandalone() {
		return Standalone.of(this.endpoint.host(), this.endpoint.port(), this.properties.getDatabase());
	}

	@Override
	public @Nullable Cluster getCluster() {
		List<Node> seeds = List.of(new Node(this.endpoint.host(), this.endpoint.port()));
		return this.clustered.getAsBoolean() ? () -> seeds : null;
	}

}
