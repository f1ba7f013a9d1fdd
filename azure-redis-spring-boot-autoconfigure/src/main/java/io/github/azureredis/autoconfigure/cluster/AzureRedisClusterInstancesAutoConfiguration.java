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

import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails.ClusterMode;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.entra.EntraTokens;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.InstanceFeature;
import io.github.azureredis.autoconfigure.instances.NamedInstance;
import io.github.azureredis.autoconfigure.instances.NamedInstances;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.lettuce.core.cluster.RedisClusterClient;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the clustering policies of named
 * instances.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = AzureRedisInstancesAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnBean(NamedInstances.class)
public final class AzureRedisClusterInstancesAutoConfiguration {

	@Bean
	InstanceFeature azureRedisClusterInstanceFeature(Environment environment) {
		return (instance) -> {
			ClusterPolicyMonitor policyMonitor = new ClusterPolicyMonitor(instance.getInstance());
			TopologyRefresh refresh = new TopologyRefresh();
			refresh.setClient(() -> (instance.getClient() instanceof RedisClusterClient client) ? client : null);
			ClusterTopologyCustomizer topology = new ClusterTopologyCustomizer(environment, refresh,
					instance.getOwnProperties().getLettuce().getCluster().getRefresh());
			SingletonSupplier<ClusterDecision> decision = SingletonSupplier.of(() -> decide(instance, policyMonitor));
			ClusterMode mode = () -> decision.obtain().isClustered();
			instance.add(policyMonitor);
			instance.add(refresh);
			instance.add(topology);
			instance.add(mode);
			instance.add(new ClusterClientCustomizer(decision::obtain, instance.getInstance(), topology, refresh,
					policyMonitor));
		};
	}

	private static ClusterDecision decide(NamedInstance instance, ClusterPolicyMonitor policyMonitor) {
		EntraTokens tokens = instance.get(EntraTokens.class);
		ClusterProbe probe = new ClusterProbe(instance.getInstance(), instance.getAuthentication(),
				tokens::borrowProvider, instance.getProperties().getToken().getRequestTimeout(),
				instance.getDataRedisProperties().getConnectTimeout());
		ClusterDecision decision = new ClusterDetection(instance.getProperties(), instance.getDataRedisProperties(),
				instance.getInstance(), probe)
			.detect();
		policyMonitor.setDecision(decision);
		return decision;
	}

}
