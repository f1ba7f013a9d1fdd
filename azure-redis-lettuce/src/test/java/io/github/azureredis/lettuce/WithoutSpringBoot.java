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

package io.github.azureredis.lettuce;

import java.util.function.Consumer;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.lettuce.core.resource.ClientResources;

/**
 * The code of {@code docs/without-spring-boot.md}.
 */
final class WithoutSpringBoot {

	private WithoutSpringBoot() {
	}

	static void run(String host, int port, TokenCredential credential, ClientOptions.Builder options,
			Consumer<RedisCommands<String, String>> application) {
		// tag::connect[]
		ClientResources shared = ClientResources.create();
		EntraTokenProvider tokens = EntraTokenProvider.builder(credential).build();
		EntraRedisAuthentication authentication = EntraRedisAuthentication.builder(tokens).build();
		ClientResources resources = AzureRedisClientResources.builder(shared)
			.authentication(authentication)
			.keepAlive()
			.build();
		RedisURI uri = RedisURI.builder()
			.withHost(host)
			.withPort(port)
			.withSsl(true)
			.withAuthentication(authentication.credentialsProvider())
			.build();
		AzureConnectionDefaults.tcpUserTimeout(options);
		RedisClient client = RedisClient.create(resources, uri);
		client.setOptions(options.build());

		application.accept(client.connect().sync());

		client.shutdown();
		authentication.close();
		tokens.close();
		shared.shutdown();
		// end::connect[]
	}

	static void runCluster(String host, RedisURI uri, ClientResources shared, EntraRedisAuthentication authentication,
			ClusterClientOptions.Builder options, Consumer<RedisAdvancedClusterCommands<String, String>> application) {
		// tag::cluster[]
		TopologyRefresh topology = new TopologyRefresh();
		AzureRedisClientResources.Builder resources = AzureRedisClientResources.builder(shared)
			.authentication(authentication)
			.keepAlive()
			.nodesAtEndpoint(host);
		topology.install(resources);
		RedisClusterClient client = RedisClusterClient.create(resources.build(), uri);
		options.topologyRefreshOptions(AzureConnectionDefaults.topologyRefresh(true).build());
		topology.withoutFailedNodes(options);
		AzureConnectionDefaults.maintenanceNotifications(options);
		client.setOptions(options.build());
		topology.setClient(client);

		application.accept(client.connect().sync());

		topology.close();
		client.shutdown();
		// end::cluster[]
	}

}
