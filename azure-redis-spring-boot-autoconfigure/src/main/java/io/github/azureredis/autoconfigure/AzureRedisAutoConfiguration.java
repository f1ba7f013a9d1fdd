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

import io.lettuce.core.RedisClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of where Azure Redis is.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class,
		beforeName = "com.azure.spring.cloud.autoconfigure.implementation.data.redis.AzureLettucePasswordlessAutoConfiguration")
@ConditionalOnClass({ RedisClient.class, RedisOperations.class, DataRedisAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "azure.redis.enabled", matchIfMissing = true)
@ConditionalOnMissingBean({ DataRedisConnectionDetails.class, RedisConfiguration.class, RedisConnectionFactory.class })
@EnableConfigurationProperties({ AzureRedisProperties.class, DataRedisProperties.class })
@ImportRuntimeHints(AzureRedisRuntimeHints.class)
public final class AzureRedisAutoConfiguration {

	private final AzureRedisProperties properties;

	private final DataRedisProperties dataRedisProperties;

	AzureRedisAutoConfiguration(AzureRedisProperties properties, DataRedisProperties dataRedisProperties) {
		this.properties = properties;
		this.dataRedisProperties = dataRedisProperties;
	}

	@Bean
	@ConditionalOnMissingBean
	AzureRedisEndpoint azureRedisEndpoint(ObjectProvider<SslBundles> sslBundles, Environment environment,
			ResourceLoader resourceLoader) {
		checks(environment, resourceLoader).checkProperties();
		String host = this.properties.getHost();
		Assert.state(host != null, "'host' must not be null");
		return AzureRedisEndpoint.of(host, this.properties.getPort(), getSslBundle(sslBundles));
	}

	@Bean
	AzureRedisClustering azureRedisClustering(AzureRedisEndpoint endpoint, ListableBeanFactory beanFactory) {
		ProbeClientFactory clients = new ProbeClientFactory(
				new AzureRedisConnectionDetails(endpoint, this.properties, () -> false), this.dataRedisProperties,
				beanFactory);
		return new AzureRedisClustering(this.properties, this.dataRedisProperties, endpoint,
				new ClusteringPolicyProbe(endpoint.offering(), clients));
	}

	@Bean
	AzureRedisConnectionDetails azureRedisConnectionDetails(AzureRedisEndpoint endpoint,
			AzureRedisClustering clustering, Environment environment, ResourceLoader resourceLoader) {
		checks(environment, resourceLoader).checkWithEndpoint(endpoint);
		return new AzureRedisConnectionDetails(endpoint, this.properties, clustering::needsClusterClient);
	}

	private AzureRedisConfigurationChecks checks(Environment environment, ResourceLoader resourceLoader) {
		return new AzureRedisConfigurationChecks(this.properties, this.dataRedisProperties, environment,
				resourceLoader.getClassLoader());
	}

	private @Nullable SslBundle getSslBundle(ObjectProvider<SslBundles> sslBundles) {
		if (!this.properties.getSsl().isEnabled()) {
			return null;
		}
		String name = this.properties.getSsl().getBundle();
		if (!StringUtils.hasLength(name)) {
			name = this.dataRedisProperties.getSsl().getBundle();
		}
		return StringUtils.hasLength(name) ? sslBundles.getObject().getBundle(name) : SslBundle.systemDefault();
	}

}
