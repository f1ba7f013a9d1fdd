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
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;

import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;

/**
 * What a cluster client needs in addition. Runs after the customizers of the application.
 *
 * @param clustering whether there is a cluster client
 * @param endpoint where its nodes are reached
 * @param topology how it keeps its topology up to date
 */
record ClusterLettuceClientConfigurationBuilderCustomizer(AzureRedisClustering clustering, AzureRedisEndpoint endpoint,
		ClusterTopologyCustomizer topology) implements LettuceClientConfigurationBuilderCustomizer {

	@Override
	public void customize(LettuceClientConfigurationBuilder builder) {
		if (!this.clustering.needsClusterClient()) {
			return;
		}
		LettuceClientConfiguration configuration = builder.build();
		builder.clientResources(AzureConnectionDefaults
			.nodesAtEndpoint(configuration.getClientResources().orElseThrow(), this.endpoint.host()));
		ClientOptions options = configuration.getClientOptions().orElseThrow();
		// A customizer may have replaced Boot's options. Spring Data would make cluster
		// options of them that never refresh.
		if (!(options instanceof ClusterClientOptions)) {
			ClusterClientOptions.Builder clusterOptions = ClusterClientOptions.builder(options);
			this.topology.customize(clusterOptions);
			builder.clientOptions(clusterOptions.build());
		}
	}

}
