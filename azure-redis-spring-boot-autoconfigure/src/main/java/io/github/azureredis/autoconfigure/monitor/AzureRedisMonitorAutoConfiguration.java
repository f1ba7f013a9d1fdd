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

package io.github.azureredis.autoconfigure.monitor;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.cluster.ClusterPolicyMonitor;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.EntraTokens;
import io.github.azureredis.lettuce.topology.TopologyRefresh;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for events and the status of Azure
 * Redis.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { AzureRedisClusterAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class })
@ConditionalOnLettuce
@ConditionalOnBean({ AzureRedisConnectionDetails.class, ClusterPolicyMonitor.class, EntraTokens.class,
		TopologyRefresh.class })
public final class AzureRedisMonitorAutoConfiguration {

	@Bean
	AzureRedisEventPublisher azureRedisEventPublisher(ApplicationEventPublisher applicationEventPublisher) {
		return new AzureRedisEventPublisher(applicationEventPublisher);
	}

	@Bean
	AzureRedisEventRecorder azureRedisEventRecorder() {
		return new AzureRedisEventRecorder();
	}

	@Bean
	ConnectionRecorder azureRedisConnectionRecorder(TopologyRefresh topologyRefresh) {
		return new ConnectionRecorder(topologyRefresh::getReadCount);
	}

	@Bean
	AzureRedisClientCustomizer azureRedisConnectionRecorderCustomizer(ConnectionRecorder recorder) {
		return (client, resources) -> resources.attemptListener(recorder);
	}

	@Bean
	DefaultAzureRedisMonitor azureRedisMonitor(AzureRedisInstance instance, AzureRedisAuthentication authentication,
			EntraTokens tokens, ClusterPolicyMonitor policyMonitor, AzureRedisEventRecorder recorder,
			ConnectionRecorder connectionRecorder) {
		return new DefaultAzureRedisMonitor(instance, authentication, tokens, policyMonitor, recorder,
				connectionRecorder);
	}

}
