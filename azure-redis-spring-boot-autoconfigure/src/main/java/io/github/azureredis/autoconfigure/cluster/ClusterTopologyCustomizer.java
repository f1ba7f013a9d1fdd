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

import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Refresh;
import io.github.azureredis.lettuce.AzureConnectionDefaults;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.core.env.Environment;

/**
 * {@link LettuceClientOptionsBuilderCustomizer} for the topology refresh of cluster
 * clients. Properties below {@code spring.data.redis.lettuce.cluster.refresh} take
 * precedence; they are read from the environment, since the properties class of Spring
 * Boot does not tell a default from a value that was set.
 */
class ClusterTopologyCustomizer implements LettuceClientOptionsBuilderCustomizer, DefaultInstanceOnly {

	private static final String PREFIX = "spring.data.redis.lettuce.cluster.refresh.";

	private final Environment environment;

	private final TopologyRefresh refresh;

	private final Refresh properties;

	/**
	 * Create a customizer.
	 * @param environment the environment of the application
	 * @param refresh the refresh of the client
	 * @param properties the properties of the instance itself, which come first
	 */
	ClusterTopologyCustomizer(Environment environment, TopologyRefresh refresh, Refresh properties) {
		this.environment = environment;
		this.refresh = refresh;
		this.properties = properties;
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
		Boolean adaptive = property(this.properties.getAdaptive(), "adaptive", Boolean.class);
		return adaptive == null || adaptive;
	}

	private ClusterTopologyRefreshOptions refreshOptions() {
		ClusterTopologyRefreshOptions.Builder options = AzureConnectionDefaults.topologyRefresh(isAdaptive());
		Boolean dynamicRefreshSources = property(this.properties.getDynamicRefreshSources(), "dynamic-refresh-sources",
				Boolean.class);
		if (dynamicRefreshSources != null) {
			options.dynamicRefreshSources(dynamicRefreshSources);
		}
		Duration period = property(this.properties.getPeriod(), "period", Duration.class);
		if (period != null) {
			options.enablePeriodicRefresh(period);
		}
		return options.build();
	}

	private <T> @Nullable T property(@Nullable T own, String name, Class<T> type) {
		return (own != null) ? own : Binder.get(this.environment).bind(PREFIX + name, type).orElse(null);
	}

}
