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

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the connection to Azure Redis.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class,
		beforeName = "com.azure.spring.cloud.autoconfigure.implementation.data.redis.AzureLettucePasswordlessAutoConfiguration")
@ConditionalOnLettuce
@ConditionalOnBooleanProperty(name = "azure.redis.enabled", matchIfMissing = true)
@Conditional(AzureRedisAutoConfiguration.DefaultInstanceCondition.class)
@ConditionalOnMissingBean({ DataRedisConnectionDetails.class, RedisConfiguration.class, RedisConnectionFactory.class })
@EnableConfigurationProperties({ AzureRedisProperties.class, DataRedisProperties.class })
@ImportRuntimeHints(AzureRedisRuntimeHints.class)
public final class AzureRedisAutoConfiguration {

	private final AzureRedisProperties properties;

	private final DataRedisProperties dataRedisProperties;

	private final AzureRedisConfigurationChecks checks;

	AzureRedisAutoConfiguration(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			Environment environment, ResourceLoader resourceLoader) {
		this.properties = properties;
		this.dataRedisProperties = dataRedisProperties;
		this.checks = new AzureRedisConfigurationChecks(properties, dataRedisProperties, environment,
				resourceLoader.getClassLoader());
	}

	@Bean
	@ConditionalOnMissingBean
	AzureRedisInstance azureRedisInstance(ObjectProvider<SslBundles> sslBundles) {
		this.checks.check(null);
		return AzureRedisConnectionDetails.instance(this.properties, this.dataRedisProperties, sslBundles);
	}

	@Bean
	AzureRedisAuthentication azureRedisAuthentication(AzureRedisInstance instance, BeanFactory beanFactory) {
		if (!instance.isFromProperties()) {
			this.checks.check(instance);
		}
		AzureRedisAuthentication authentication = AzureRedisAuthentication.of(this.properties);
		return beanFactory.containsBean(AzureRedisAuthentication.EMULATOR_CREDENTIAL_BEAN_NAME)
				? authentication.emulated() : authentication;
	}

	/**
	 * Lazy, since the cluster mode may have to be detected, which takes a connection.
	 */
	@Bean
	@Lazy
	AzureRedisConnectionDetails azureRedisConnectionDetails(AzureRedisInstance instance,
			AzureRedisAuthentication authentication, AzureRedisConnectionDetails.ClusterMode clusterMode) {
		return new AzureRedisConnectionDetails(instance, authentication, this.properties.getDatabase(), clusterMode);
	}

	@Bean
	AzureRedisLettuceCustomizer azureRedisLettuceCustomizer(ObjectProvider<AzureRedisClientCustomizer> customizers) {
		return new AzureRedisLettuceCustomizer(customizers::orderedStream);
	}

	/**
	 * Condition for a default instance: there is none if the application names instances
	 * and gives neither a host nor an {@link AzureRedisInstance} bean besides.
	 */
	static class DefaultInstanceCondition extends AnyNestedCondition {

		DefaultInstanceCondition() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@Conditional(ConfiguredInstanceCondition.class)
		static class Configured {

		}

		@ConditionalOnBean(AzureRedisInstance.class)
		static class OfApplication {

		}

	}

	/**
	 * Condition for a default instance that the configuration gives.
	 */
	static class ConfiguredInstanceCondition extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return AzureRedisConfigurationChecks.hasDefaultInstance(context.getEnvironment()) ? ConditionOutcome.match()
					: ConditionOutcome.noMatch("there are named instances, and no 'azure.redis.host'");
		}

	}

}
