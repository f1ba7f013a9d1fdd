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

package io.github.azureredis.autoconfigure.maintenance;

import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.client.AutoConfiguredClient;
import io.github.azureredis.lettuce.topology.TopologyRefresh;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for maintenance that Azure Cache for
 * Redis announces. Whether to subscribe is no condition, but decided when the
 * subscription starts, so that an application that was processed ahead of time can be
 * configured at run time.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = AzureRedisAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnBean(AzureRedisConnectionDetails.class)
public final class AzureRedisMaintenanceAutoConfiguration {

	@Bean
	MaintenanceEventSubscription azureRedisMaintenanceEventSubscription(AzureRedisProperties properties,
			AzureRedisInstance instance, ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MaintenanceEventListener> listeners) {
		return new MaintenanceEventSubscription(properties.getMaintenanceEvents().isEnabled(), instance,
				new AutoConfiguredClient(beanFactory), () -> listeners.orderedStream().toList());
	}

	@Bean
	MaintenanceEventListener azureRedisMaintenanceTopologyListener(ObjectProvider<TopologyRefresh> refresh) {
		return (event) -> {
			if (event.getType().isChange()) {
				refresh.ifAvailable(TopologyRefresh::request);
			}
		};
	}

}
