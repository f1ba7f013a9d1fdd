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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * {@link DataRedisConnectionDetails} for an {@link AzureRedisInstance}. They have a user
 * name and a password only with an access key.
 */
public final class AzureRedisConnectionDetails implements DataRedisConnectionDetails {

	private final AzureRedisInstance instance;

	private final AzureRedisAuthentication authentication;

	private final int database;

	private final ClusterMode clusterMode;

	AzureRedisConnectionDetails(AzureRedisInstance instance, AzureRedisAuthentication authentication, int database,
			ClusterMode clusterMode) {
		this.instance = instance;
		this.authentication = authentication;
		this.database = database;
		this.clusterMode = clusterMode;
	}

	@Override
	public @Nullable String getUsername() {
		return this.authentication.usesAccessKey() ? this.authentication.getUsername() : null;
	}

	@Override
	public @Nullable String getPassword() {
		return this.authentication.getAccessKey();
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		return this.instance.getSslBundle();
	}

	@Override
	public Standalone getStandalone() {
		return Standalone.of(this.instance.getHost(), this.instance.getPort(), this.database);
	}

	@Override
	public @Nullable Cluster getCluster() {
		List<Node> seeds = List.of(new Node(this.instance.getHost(), this.instance.getPort()));
		return this.clusterMode.isClustered() ? () -> seeds : null;
	}

}
