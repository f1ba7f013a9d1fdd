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

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.cluster.ClusterPolicyMonitor;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.EntraTokens;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.InstanceFeature;
import io.github.azureredis.autoconfigure.instances.NamedInstance;
import io.github.azureredis.autoconfigure.instances.NamedInstances;
import io.github.azureredis.lettuce.topology.TopologyRefresh;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for events and the status of Azure
 * Redis.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { AzureRedisClusterAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
		AzureRedisInstancesAutoConfiguration.class })
@ConditionalOnLettuce
@ConditionalOnBean(AzureRedisProperties.class)
public final class AzureRedisMonitorAutoConfiguration {

	@Bean
	@Conditional(AnyInstanceCondition.class)
	AzureRedisEventPublisher azureRedisEventPublisher(ApplicationEventPublisher applicationEventPublisher) {
		return new AzureRedisEventPublisher(applicationEventPublisher);
	}

	@Bean
	CountedRenewals azureRedisCountedRenewals() {
		return new CountedRenewals();
	}

	@Bean
	@Conditional(AnyInstanceCondition.class)
	DefaultAzureRedisMonitor azureRedisMonitor(ObjectProvider<InstanceMonitor> defaultInstance,
			ObjectProvider<NamedInstances> namedInstances) {
		Map<String, InstanceMonitor> monitors = new LinkedHashMap<>();
		namedInstances.ifAvailable((instances) -> instances.stream()
			.forEach((instance) -> monitors.put(instance.getName(), monitor(instance))));
		return new DefaultAzureRedisMonitor(defaultInstance.getIfAvailable(), monitors);
	}

	private static InstanceMonitor monitor(NamedInstance instance) {
		return new InstanceMonitor(instance.getInstance(), instance.getAuthentication(),
				instance.get(EntraTokens.class), instance.get(ClusterPolicyMonitor.class),
				instance.get(AzureRedisEventRecorder.class), instance.get(ConnectionRecorder.class));
	}

	/**
	 * Configuration for the default instance.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean({ AzureRedisConnectionDetails.class, ClusterPolicyMonitor.class, EntraTokens.class,
			TopologyRefresh.class })
	static class DefaultInstanceConfiguration {

		@Bean
		AzureRedisEventRecorder azureRedisEventRecorder(CountedRenewals countedRenewals) {
			return new AzureRedisEventRecorder(countedRenewals);
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
		InstanceMonitor azureRedisDefaultInstanceMonitor(AzureRedisInstance instance,
				AzureRedisAuthentication authentication, EntraTokens tokens, ClusterPolicyMonitor policyMonitor,
				AzureRedisEventRecorder recorder, ConnectionRecorder connectionRecorder) {
			return new InstanceMonitor(instance, authentication, tokens, policyMonitor, recorder, connectionRecorder);
		}

	}

	/**
	 * Configuration for named instances.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(NamedInstances.class)
	static class NamedInstancesConfiguration {

		@Bean
		InstanceFeature azureRedisMonitorInstanceFeature(CountedRenewals countedRenewals) {
			return (instance) -> {
				ConnectionRecorder recorder = new ConnectionRecorder(
						() -> instance.get(TopologyRefresh.class).getReadCount());
				AzureRedisClientCustomizer customizer = (client, resources) -> resources.attemptListener(recorder);
				instance.add(new AzureRedisEventRecorder(countedRenewals));
				instance.add(recorder);
				instance.add(customizer);
			};
		}

	}

	/**
	 * Condition for an instance of either kind.
	 */
	static class AnyInstanceCondition extends AnyNestedCondition {

		AnyInstanceCondition() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(InstanceMonitor.class)
		static class DefaultInstance {

		}

		@ConditionalOnBean(NamedInstances.class)
		static class Named {

		}

	}

}
