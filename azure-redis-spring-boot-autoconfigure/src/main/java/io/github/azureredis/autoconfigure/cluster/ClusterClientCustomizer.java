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

import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.lettuce.AzureRedisClientResources;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;

/**
 * {@link AzureRedisClientCustomizer} for cluster clients, and for clients that do not fit
 * the clustering policy of the instance any more.
 */
class ClusterClientCustomizer implements AzureRedisClientCustomizer {

	private final Supplier<ClusterDecision> decision;

	private final AzureRedisInstance instance;

	private final ClusterTopologyCustomizer topology;

	private final TopologyRefresh refresh;

	private final ClusterPolicyMonitor policyMonitor;

	ClusterClientCustomizer(Supplier<ClusterDecision> decision, AzureRedisInstance instance,
			ClusterTopologyCustomizer topology, TopologyRefresh refresh, ClusterPolicyMonitor policyMonitor) {
		this.decision = decision;
		this.instance = instance;
		this.topology = topology;
		this.refresh = refresh;
		this.policyMonitor = policyMonitor;
	}

	@Override
	public void customize(LettuceClientConfigurationBuilder client, AzureRedisClientResources.Builder resources) {
		boolean clustered = this.decision.get().isClustered();
		resources.commandFailureListener(this.policyMonitor);
		if (clustered) {
			resources.nodesAtEndpoint(this.instance.getHost());
			refreshTopology(client);
			if (this.topology.isAdaptive()) {
				this.refresh.install(resources);
			}
			else {
				this.refresh.countReads(resources);
			}
		}
	}

	private void refreshTopology(LettuceClientConfigurationBuilder client) {
		ClientOptions options = client.build().getClientOptions().orElseThrow();
		// A customizer may have replaced Boot's options. Spring Data would make cluster
		// options of them that never refresh.
		if (!(options instanceof ClusterClientOptions)) {
			ClusterClientOptions.Builder clusterOptions = ClusterClientOptions.builder(options);
			this.topology.customize(clusterOptions);
			client.clientOptions(clusterOptions.build());
		}
	}

}
