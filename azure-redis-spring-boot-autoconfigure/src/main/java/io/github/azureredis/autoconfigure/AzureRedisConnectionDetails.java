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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * {@link DataRedisConnectionDetails} for an {@link AzureRedisInstance}. They have a user
 * name and a password only with an access key.
 */
public final class AzureRedisConnectionDetails implements DataRedisConnectionDetails {

	private final AzureRedisInstance instance;

	private final AzureRedisAuthentication authentication;

	private final int database;

	private final ClusterMode clusterMode;

	/**
	 * Create connection details.
	 * @param instance the instance
	 * @param authentication how connections authenticate
	 * @param database the database index
	 * @param clusterMode the kind of client that the instance needs
	 */
	public AzureRedisConnectionDetails(AzureRedisInstance instance, AzureRedisAuthentication authentication,
			int database, ClusterMode clusterMode) {
		this.instance = instance;
		this.authentication = authentication;
		this.database = database;
		this.clusterMode = clusterMode;
	}

	/**
	 * Return the instance that properties describe.
	 * @param properties the properties of Azure Redis, which have been checked
	 * @param dataRedisProperties the properties of Spring Data Redis
	 * @param sslBundles the SSL bundles of the application
	 * @return the instance, without a name
	 */
	public static AzureRedisInstance instance(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			ObjectProvider<SslBundles> sslBundles) {
		String host = properties.getHost();
		Assert.state(host != null, "'host' must not be null");
		return AzureRedisInstance.ofProperties(host, properties.getPort(),
				sslBundle(properties, dataRedisProperties, sslBundles));
	}

	private static @Nullable SslBundle sslBundle(AzureRedisProperties properties,
			DataRedisProperties dataRedisProperties, ObjectProvider<SslBundles> sslBundles) {
		if (!properties.getSsl().isEnabled()) {
			return null;
		}
		String name = properties.getSsl().getBundle();
		if (!StringUtils.hasLength(name)) {
			name = dataRedisProperties.getSsl().getBundle();
		}
		return StringUtils.hasLength(name) ? sslBundles.getObject().getBundle(name) : SslBundle.systemDefault();
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

	/**
	 * Kind of client that the Redis instance needs.
	 */
	@FunctionalInterface
	public interface ClusterMode {

		/**
		 * Return whether the instance needs a cluster client.
		 * @return {@code true} for a cluster client, {@code false} for a plain one
		 */
		boolean isClustered();

	}

}
