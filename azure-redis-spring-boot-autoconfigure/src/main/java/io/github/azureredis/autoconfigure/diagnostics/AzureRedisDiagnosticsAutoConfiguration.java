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

import java.time.Clock;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.diagnostics.ConnectionFacts.TokenIdentity;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the explanation of connection
 * failures.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class, after = AzureRedisAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnBean(AzureRedisConnectionDetails.class)
public final class AzureRedisDiagnosticsAutoConfiguration {

	@Bean
	TokenIdentity azureRedisTokenIdentity() {
		return new TokenIdentity();
	}

	@Bean(ConnectionFailureExplainer.BEAN_NAME)
	ConnectionFailureExplainer azureRedisConnectionFailureExplainer(AzureRedisInstance instance,
			AzureRedisAuthentication authentication, AzureRedisProperties properties, TokenIdentity tokenIdentity,
			Environment environment) {
		return new ConnectionFailureExplainer(new ConnectionFacts(instance, authentication,
				properties.getSsl().getBundle(), tokenIdentity::getObjectId, tokenIdentity::isExpired), environment);
	}

	@Bean
	ConnectionFailureReporter azureRedisConnectionFailureReporter(ConnectionFailureExplainer explainer) {
		return new ConnectionFailureReporter(explainer, Clock.systemUTC());
	}

	@Bean
	AzureRedisClientCustomizer azureRedisConnectionFailureCustomizer(ConfigurableListableBeanFactory beanFactory,
			ConnectionFailureExplainer explainer, ConnectionFailureReporter reporter) {
		return (client, resources) -> {
			explainer.keepIn(beanFactory.getBeanDefinition(ConnectionFailureExplainer.BEAN_NAME));
			resources.attemptListener(reporter);
		};
	}

}
