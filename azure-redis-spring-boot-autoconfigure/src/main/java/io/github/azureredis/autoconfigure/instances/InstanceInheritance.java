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

package io.github.azureredis.autoconfigure.instances;

import java.util.List;
import java.util.function.Consumer;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.SpringDataRedisChecks;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Credential;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Instance;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Lettuce;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Pool;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Refresh;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Token;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Inheritance of properties: what an instance leaves open is that of {@code azure.redis}
 * and {@code spring.data.redis}, except the address.
 * <p>
 * An instance that says how it authenticates inherits no other way to do so: with an
 * access key of its own no credential, with a credential of its own no access key, and
 * with a credential of another kind nothing that belongs to the first kind alone. In
 * these cases the user name, which belongs to an identity, is not inherited either.
 */
public final class InstanceInheritance {

	private final AzureRedisProperties outer;

	private final DataRedisProperties outerDataRedis;

	InstanceInheritance(AzureRedisProperties outer, DataRedisProperties outerDataRedis) {
		this.outer = outer;
		this.outerDataRedis = outerDataRedis;
	}

	/**
	 * Check the properties outside of instances, which nothing else checks if there is no
	 * default instance.
	 * @param environment the environment of the application
	 * @return the problems
	 */
	List<Problem> checkWithoutDefaultInstance(Environment environment) {
		return SpringDataRedisChecks.checkWithoutDefaultInstance(this.outer, this.outerDataRedis, environment);
	}

	/**
	 * Return the properties of Azure Redis for an instance that sets nothing but its
	 * address.
	 * @param instance the properties of the instance
	 * @return a new object, without emulator settings
	 */
	AzureRedisProperties inherited(Instance instance) {
		Instance address = new Instance();
		address.setHost(instance.getHost());
		address.setPort(instance.getPort());
		return azureRedis(address);
	}

	/**
	 * Return the properties of Azure Redis for an instance.
	 * @param instance the properties of the instance
	 * @return a new object, without emulator settings
	 */
	public AzureRedisProperties azureRedis(Instance instance) {
		AzureRedisProperties properties = new AzureRedisProperties();
		properties.setEnabled(this.outer.isEnabled());
		properties.getEmulator().setEnabled(this.outer.getEmulator().isEnabled());
		properties.setHost(instance.getHost());
		properties.setPort(instance.getPort());
		inherit(instance.getDatabase(), this.outer.getDatabase(), properties::setDatabase);
		inherit(instance.getClusteringPolicy(), this.outer.getClusteringPolicy(), properties::setClusteringPolicy);
		inherit(instance.getReplay(), this.outer.getReplay(), properties::setReplay);
		inherit(instance.getSsl().getEnabled(), this.outer.getSsl().isEnabled(), properties.getSsl()::setEnabled);
		inherit(instance.getSsl().getBundle(), this.outer.getSsl().getBundle(), properties.getSsl()::setBundle);
		token(instance.getToken(), this.outer.getToken(), properties.getToken());
		authentication(instance, properties);
		return properties;
	}

	private static void token(Token token, AzureRedisProperties.Token outer, AzureRedisProperties.Token properties) {
		inherit(token.getScope(), outer.getScope(), properties::setScope);
		inherit(token.getRefreshBeforeExpiry(), outer.getRefreshBeforeExpiry(), properties::setRefreshBeforeExpiry);
		inherit(token.getRequestTimeout(), outer.getRequestTimeout(), properties::setRequestTimeout);
		inherit(token.getReauthenticationSpread(), outer.getReauthenticationSpread(),
				properties::setReauthenticationSpread);
	}

	private void authentication(Instance instance, AzureRedisProperties properties) {
		boolean ownKey = StringUtils.hasText(instance.getAccessKey());
		boolean ownCredential = isSet(instance.getCredential());
		inherit(instance.getUsername(), (ownKey || ownCredential) ? null : this.outer.getUsername(),
				properties::setUsername);
		inherit(instance.getAccessKey(), ownCredential ? null : this.outer.getAccessKey(), properties::setAccessKey);
		credential(instance.getCredential(),
				ownKey ? new AzureRedisProperties.Credential() : this.outer.getCredential(),
				properties.getCredential());
	}

	private static void credential(Credential credential, AzureRedisProperties.Credential outer,
			AzureRedisProperties.Credential properties) {
		boolean secret = credential.getClientSecret() != null;
		boolean certificate = credential.getClientCertificatePath() != null;
		Boolean managed = credential.getManagedIdentityEnabled();
		boolean otherKind = (managed != null) ? managed != outer.isManagedIdentityEnabled()
				: (secret || certificate) && outer.isManagedIdentityEnabled();
		AzureRedisProperties.Credential inherited = otherKind ? new AzureRedisProperties.Credential() : outer;
		inherit(managed, inherited.isManagedIdentityEnabled(), properties::setManagedIdentityEnabled);
		inherit(credential.getClientId(), inherited.getClientId(), properties::setClientId);
		inherit(credential.getTenantId(), inherited.getTenantId(), properties::setTenantId);
		inherit(credential.getClientSecret(), certificate ? null : inherited.getClientSecret(),
				properties::setClientSecret);
		inherit(credential.getClientCertificatePath(), secret ? null : inherited.getClientCertificatePath(),
				properties::setClientCertificatePath);
		inherit(credential.getClientCertificatePassword(),
				(secret || certificate) ? null : inherited.getClientCertificatePassword(),
				properties::setClientCertificatePassword);
	}

	/**
	 * Return whether an instance has a credential of its own.
	 * @param credential the properties of the instance
	 * @return whether any of them is set
	 */
	public static boolean isSet(Credential credential) {
		return credential.getClientId() != null || credential.getClientSecret() != null
				|| credential.getTenantId() != null || credential.getClientCertificatePath() != null
				|| credential.getClientCertificatePassword() != null || credential.getManagedIdentityEnabled() != null;
	}

	/**
	 * Return the properties of Spring Data Redis that belong to a connection.
	 * @param instance the properties of the instance
	 * @return a new object, without an address
	 */
	DataRedisProperties dataRedis(Instance instance) {
		DataRedisProperties outer = this.outerDataRedis;
		DataRedisProperties properties = new DataRedisProperties();
		inherit(instance.getTimeout(), outer.getTimeout(), properties::setTimeout);
		inherit(instance.getConnectTimeout(), outer.getConnectTimeout(), properties::setConnectTimeout);
		inherit(instance.getClientName(), outer.getClientName(), properties::setClientName);
		inherit(null, outer.getSsl().getBundle(), properties.getSsl()::setBundle);
		DataRedisProperties.Cluster cluster = outer.getCluster();
		if (cluster != null && cluster.getMaxRedirects() != null) {
			DataRedisProperties.Cluster inherited = new DataRedisProperties.Cluster();
			inherited.setMaxRedirects(cluster.getMaxRedirects());
			properties.setCluster(inherited);
		}
		lettuce(instance.getLettuce(), outer.getLettuce(), properties.getLettuce());
		return properties;
	}

	private static void lettuce(Lettuce lettuce, DataRedisProperties.Lettuce outer,
			DataRedisProperties.Lettuce properties) {
		inherit(null, outer.getShutdownTimeout(), properties::setShutdownTimeout);
		inherit(lettuce.getReadFrom(), outer.getReadFrom(), properties::setReadFrom);
		pool(lettuce.getPool(), outer.getPool(), properties.getPool());
		Refresh refresh = lettuce.getCluster().getRefresh();
		DataRedisProperties.Lettuce.Cluster.Refresh outerRefresh = outer.getCluster().getRefresh();
		inherit(refresh.getDynamicRefreshSources(), outerRefresh.isDynamicRefreshSources(),
				properties.getCluster().getRefresh()::setDynamicRefreshSources);
		inherit(refresh.getPeriod(), outerRefresh.getPeriod(), properties.getCluster().getRefresh()::setPeriod);
	}

	private static void pool(Pool pool, DataRedisProperties.Pool outer, DataRedisProperties.Pool properties) {
		inherit(pool.getEnabled(), outer.getEnabled(), properties::setEnabled);
		inherit(pool.getMaxIdle(), outer.getMaxIdle(), properties::setMaxIdle);
		inherit(pool.getMinIdle(), outer.getMinIdle(), properties::setMinIdle);
		inherit(pool.getMaxActive(), outer.getMaxActive(), properties::setMaxActive);
		inherit(pool.getMaxWait(), outer.getMaxWait(), properties::setMaxWait);
		inherit(pool.getTimeBetweenEvictionRuns(), outer.getTimeBetweenEvictionRuns(),
				properties::setTimeBetweenEvictionRuns);
	}

	private static <T> void inherit(@Nullable T own, @Nullable T inherited, Consumer<T> target) {
		T value = (own != null) ? own : inherited;
		if (value != null) {
			target.accept(value);
		}
	}

}
