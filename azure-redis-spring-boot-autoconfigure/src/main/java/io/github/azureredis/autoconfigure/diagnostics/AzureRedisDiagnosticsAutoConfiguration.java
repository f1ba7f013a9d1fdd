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

package io.github.azureredis.autoconfigure.diagnostics;

import io.github.azureredis.autoconfigure.AzureRedisEndpoint;
import io.github.azureredis.autoconfigure.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.lettuce.ConnectionAttemptListener;
import io.github.azureredis.token.EntraTokenStatus;
import io.lettuce.core.RedisClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.RedisOperations;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of what explains connections to
 * Azure Redis that fail.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class, after = AzureRedisEntraAutoConfiguration.class)
@ConditionalOnClass({ RedisClient.class, RedisOperations.class, DataRedisAutoConfiguration.class })
@ConditionalOnBean(name = "azureRedisConnectionDetails", value = AzureRedisMonitor.class)
public final class AzureRedisDiagnosticsAutoConfiguration {

	@Bean
	ConnectionFailureExplainer azureRedisConnectionFailureExplainer(AzureRedisEndpoint endpoint,
			AzureRedisProperties properties, AzureRedisMonitor monitor, Environment environment) {
		return new ConnectionFailureExplainer(new ConnectionFacts(endpoint, properties, () -> objectId(monitor)),
				environment);
	}

	@Bean
	ConnectionFailureReporter azureRedisConnectionFailureReporter(ConnectionFailureExplainer explainer) {
		return new ConnectionFailureReporter(explainer);
	}

	// Last, to decorate the resources that the application may have set.
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	LettuceClientConfigurationBuilderCustomizer azureRedisConnectionFailureCustomizer(
			ConfigurableListableBeanFactory beanFactory, ConnectionFailureExplainer explainer,
			ConnectionFailureReporter reporter) {
		return (builder) -> {
			ExplainerReference.set(beanFactory, explainer);
			builder.clientResources(
					ConnectionAttemptListener.listening(builder.build().getClientResources().orElseThrow(), reporter));
		};
	}

	private static @Nullable String objectId(AzureRedisMonitor monitor) {
		EntraTokenStatus token = monitor.status().token();
		return (token != null) ? token.getObjectId() : null;
	}

}
