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

package io.github.azureredis.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.azureredis.autoconfigure.instances.InstanceNames;
import io.github.azureredis.autoconfigure.instances.NamedInstances;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of Azure Redis.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { AzureRedisMonitorAutoConfiguration.class,
		AzureRedisReactiveHealthContributorAutoConfiguration.class })
@ConditionalOnClass({ RedisConnectionFactory.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(AzureRedisMonitor.class)
@ConditionalOnEnabledHealthIndicator("azureredis")
public final class AzureRedisHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "azureRedisHealthIndicator", "azureRedisHealthContributor" })
	HealthContributor azureRedisHealthContributor(AzureRedisMonitor monitor,
			ObjectProvider<RedisConnectionFactory> connectionFactory, ObjectProvider<NamedInstances> namedInstances) {
		NamedInstances instances = namedInstances.getIfAvailable();
		if (instances == null) {
			return new AzureRedisHealthIndicator(monitor, connectionFactory);
		}
		Map<String, HealthContributor> contributors = new LinkedHashMap<>();
		if (monitor.hasDefaultInstance()) {
			contributors.put(InstanceNames.DEFAULT, new AzureRedisHealthIndicator(monitor, connectionFactory));
		}
		instances.stream()
			.forEach((instance) -> contributors.put(instance.getName(),
					new AzureRedisHealthIndicator(monitor, instance)));
		return CompositeHealthContributor.fromMap(contributors);
	}

}
