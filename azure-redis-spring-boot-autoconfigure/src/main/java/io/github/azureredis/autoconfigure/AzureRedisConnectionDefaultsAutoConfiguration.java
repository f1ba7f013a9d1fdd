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

import io.github.azureredis.lettuce.AzureConnectionDefaults;
import io.github.azureredis.lettuce.replay.ReplayListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for defaults that suit connections
 * to Azure better than those of Lettuce. Customizers of the application come later and
 * take precedence. Named instances share the reconnect delay, and have the others as
 * parts.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class, after = AzureRedisAutoConfiguration.class,
		afterName = "io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration")
@ConditionalOnLettuce
@ConditionalOnBean(AzureRedisProperties.class)
public final class AzureRedisConnectionDefaultsAutoConfiguration {

	@Bean
	@ConditionalOnBean(AzureRedisConnectionDetails.class)
	@Order(Ordered.HIGHEST_PRECEDENCE)
	LettuceClientOptionsBuilderCustomizer azureRedisTcpUserTimeoutCustomizer() {
		return AzureConnectionDefaults::tcpUserTimeout;
	}

	@Bean
	@ConditionalOnBean(AzureRedisConnectionDetails.class)
	@Order(Ordered.HIGHEST_PRECEDENCE)
	LettuceClientOptionsBuilderCustomizer azureRedisMaintenanceNotificationsCustomizer() {
		return AzureConnectionDefaults::maintenanceNotifications;
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientResourcesBuilderCustomizer azureRedisReconnectDelayCustomizer() {
		return AzureConnectionDefaults::reconnectDelay;
	}

	@Bean
	@ConditionalOnBean(AzureRedisConnectionDetails.class)
	AzureRedisClientCustomizer azureRedisKeepAliveCustomizer() {
		return (client, resources) -> resources.keepAlive();
	}

	@Bean
	@ConditionalOnBean(AzureRedisConnectionDetails.class)
	AzureRedisClientCustomizer azureRedisReplayCustomizer(AzureRedisProperties properties,
			ObjectProvider<ReplayListener> listeners) {
		return (client, resources) -> resources.replay(properties.getReplay(),
				listeners.orderedStream().toArray(ReplayListener[]::new));
	}

}
