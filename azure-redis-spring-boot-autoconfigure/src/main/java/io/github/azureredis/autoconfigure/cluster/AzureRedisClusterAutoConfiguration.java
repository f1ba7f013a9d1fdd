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

package io.github.azureredis.autoconfigure.cluster;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.client.AutoConfiguredClient;
import io.github.azureredis.autoconfigure.entra.EntraTokens;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Refresh;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.lettuce.core.cluster.RedisClusterClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the clustering policy of Azure
 * Redis.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class, after = AzureRedisAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnBean(AzureRedisConnectionDetails.class)
public final class AzureRedisClusterAutoConfiguration {

	/**
	 * Lazy, since detection may connect: the decision is made when the connection details
	 * are needed.
	 */
	@Bean
	@Lazy
	ClusterDecision azureRedisClusterDecision(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			AzureRedisInstance instance, AzureRedisAuthentication authentication, ObjectProvider<EntraTokens> tokens,
			ClusterPolicyMonitor policyMonitor) {
		ClusterProbe probe = new ClusterProbe(instance, authentication, () -> tokens.getObject().borrowProvider(),
				properties.getToken().getRequestTimeout(), dataRedisProperties.getConnectTimeout());
		ClusterDecision decision = new ClusterDetection(properties, dataRedisProperties, instance, probe).detect();
		policyMonitor.setDecision(decision);
		return decision;
	}

	@Bean
	ClusterPolicyMonitor azureRedisClusterPolicyMonitor(AzureRedisInstance instance) {
		return new ClusterPolicyMonitor(instance);
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClusterTopologyCustomizer azureRedisClusterTopologyCustomizer(Environment environment, TopologyRefresh refresh) {
		return new ClusterTopologyCustomizer(environment, refresh, new Refresh());
	}

	@Bean
	TopologyRefresh azureRedisClusterTopologyRefresh(ConfigurableListableBeanFactory beanFactory) {
		AutoConfiguredClient client = new AutoConfiguredClient(beanFactory);
		TopologyRefresh refresh = new TopologyRefresh();
		refresh.setClient(() -> (client.get() instanceof RedisClusterClient clusterClient) ? clusterClient : null);
		return refresh;
	}

	@Bean
	ClusterClientCustomizer azureRedisClusterCustomizer(ObjectProvider<ClusterDecision> decision,
			AzureRedisInstance instance, ClusterTopologyCustomizer topology, TopologyRefresh refresh,
			ClusterPolicyMonitor policyMonitor) {
		return new ClusterClientCustomizer(decision::getObject, instance, topology, refresh, policyMonitor);
	}

}
