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

import java.time.Duration;

import io.github.azureredis.lettuce.AzureConnectionDefaults;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.core.env.Environment;

/**
 * {@link LettuceClientOptionsBuilderCustomizer} for the topology refresh of cluster
 * clients. Properties below {@code spring.data.redis.lettuce.cluster.refresh} take
 * precedence; they are read from the environment, since the properties class of Spring
 * Boot does not tell a default from a value that was set.
 */
class ClusterTopologyCustomizer implements LettuceClientOptionsBuilderCustomizer {

	private static final String PREFIX = "spring.data.redis.lettuce.cluster.refresh.";

	private final Environment environment;

	private final TopologyRefresh refresh;

	ClusterTopologyCustomizer(Environment environment, TopologyRefresh refresh) {
		this.environment = environment;
		this.refresh = refresh;
	}

	@Override
	public void customize(ClientOptions.Builder builder) {
		if (builder instanceof ClusterClientOptions.Builder clusterOptions) {
			clusterOptions.topologyRefreshOptions(refreshOptions());
			this.refresh.withoutFailedNodes(clusterOptions);
		}
	}

	/**
	 * Return whether events lead to a refresh. The property exists only before Spring
	 * Boot 4.1.
	 * @return whether the property is not set to {@code false}
	 */
	boolean isAdaptive() {
		return Binder.get(this.environment).bind(PREFIX + "adaptive", Boolean.class).orElse(true);
	}

	private ClusterTopologyRefreshOptions refreshOptions() {
		Binder binder = Binder.get(this.environment);
		ClusterTopologyRefreshOptions.Builder options = AzureConnectionDefaults.topologyRefresh(isAdaptive());
		binder.bind(PREFIX + "dynamic-refresh-sources", Boolean.class).ifBound(options::dynamicRefreshSources);
		binder.bind(PREFIX + "period", Duration.class).ifBound(options::enablePeriodicRefresh);
		return options.build();
	}

}
