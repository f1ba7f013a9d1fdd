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

import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.diagnostics.ConnectionFacts.TokenIdentity;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.InstanceFeature;
import io.github.azureredis.autoconfigure.instances.InstanceNames;
import io.github.azureredis.autoconfigure.instances.NamedInstances;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the explanation of failures of
 * connections to named instances.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = AzureRedisInstancesAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnBean(NamedInstances.class)
public final class AzureRedisDiagnosticsInstancesAutoConfiguration {

	@Bean
	InstanceFailureReporters azureRedisInstanceFailureReporters() {
		return new InstanceFailureReporters();
	}

	@Bean
	InstanceFeature azureRedisDiagnosticsInstanceFeature(InstanceFailureReporters reporters,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		return (instance) -> {
			TokenIdentity tokenIdentity = new TokenIdentity();
			ConnectionFailureExplainer explainer = new ConnectionFailureExplainer(new ConnectionFacts(
					instance.getInstance(), instance.getAuthentication(), instance.getProperties().getSsl().getBundle(),
					tokenIdentity::getObjectId, tokenIdentity::isExpired), environment);
			ConnectionFailureReporter reporter = new ConnectionFailureReporter(explainer, Clock.systemUTC());
			AzureRedisClientCustomizer customizer = (client, resources) -> {
				explainer
					.keepIn(beanFactory.getBeanDefinition(InstanceNames.connectionFactoryBean(instance.getName())));
				resources.attemptListener(reporter);
			};
			instance.add(tokenIdentity);
			instance.add(customizer);
			reporters.add(reporter);
		};
	}

}
