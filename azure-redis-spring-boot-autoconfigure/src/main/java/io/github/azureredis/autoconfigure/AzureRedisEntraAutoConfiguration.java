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

import com.azure.core.credential.TokenCredential;
import io.lettuce.core.RedisClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.RedisOperations;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the authentication at Azure Redis
 * with Microsoft Entra ID tokens.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class, after = AzureRedisAutoConfiguration.class,
		afterName = "com.azure.spring.cloud.autoconfigure.implementation.context.AzureTokenCredentialAutoConfiguration")
@ConditionalOnClass({ RedisClient.class, RedisOperations.class, DataRedisAutoConfiguration.class })
@ConditionalOnBean(AzureRedisConnectionDetails.class)
public final class AzureRedisEntraAutoConfiguration {

	@Bean
	AzureRedisEventPublisher azureRedisEventPublisher(ApplicationEventPublisher applicationEventPublisher) {
		return new AzureRedisEventPublisher(applicationEventPublisher);
	}

	@Bean(destroyMethod = "close")
	LazyEntraAuthentication lazyEntraAuthentication(AzureRedisProperties properties, AzureRedisEndpoint endpoint,
			AzureRedisEventPublisher eventPublisher, ObjectProvider<TokenCredential> azureRedisTokenCredential,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		// Spring prefers a bean that is named like the parameter, so it is named like
		// the one that is preferred in any case.
		AzureRedisCredentialResolver credentialResolver = new AzureRedisCredentialResolver(properties.getCredential(),
				EntraAuthority.of(environment, endpoint.host()), azureRedisTokenCredential, beanFactory);
		return new LazyEntraAuthentication(properties, endpoint, credentialResolver, eventPublisher);
	}

	@Bean
	DefaultAzureRedisMonitor azureRedisMonitor(AzureRedisProperties properties, AzureRedisEndpoint endpoint,
			LazyEntraAuthentication authentication, AzureRedisClustering clustering) {
		return new DefaultAzureRedisMonitor(properties, endpoint, authentication, clustering);
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	EntraLettuceClientConfigurationBuilderCustomizer entraLettuceClientConfigurationBuilderCustomizer(
			AzureRedisProperties properties, LazyEntraAuthentication authentication) {
		return new EntraLettuceClientConfigurationBuilderCustomizer(properties, authentication);
	}

}
