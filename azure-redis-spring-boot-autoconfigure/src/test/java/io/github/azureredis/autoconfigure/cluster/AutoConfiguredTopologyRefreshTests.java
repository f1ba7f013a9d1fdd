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

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorNode;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TopologyRefresh} with the client of Spring Boot.
 */
@Tag("slow")
class AutoConfiguredTopologyRefreshTests {

	@Test
	void whenNodesAreReplacedThenClientFollowsWithoutACommandAlsoAfterARestart() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run("--azure.redis.emulator.enabled=true", "--azure.redis.emulator.clustering-policy=oss")) {
			assertThatClientFollows(context);
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			factory.stop();
			factory.start();
			assertThatClientFollows(context);
		}
	}

	private static void assertThatClientFollows(ConfigurableApplicationContext context) {
		AzureRedisEmulator emulator = context.getBean(AzureRedisEmulator.class);
		StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
		IntStream.range(0, 30).forEach((key) -> redis.opsForValue().increment("key-" + key));
		RedisClusterClient client = (RedisClusterClient) context.getBean(LettuceConnectionFactory.class)
			.getRequiredNativeClient();
		emulator.cluster().replaceNodes();
		Set<Integer> ports = emulator.cluster()
			.nodes()
			.stream()
			.map(EmulatorNode::port)
			.collect(Collectors.toUnmodifiableSet());
		await().untilAsserted(() -> assertThat(client.getPartitions()).extracting((node) -> node.getUri().getPort())
			.containsExactlyInAnyOrderElementsOf(ports));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		/**
		 * Lettuce alone would not read the topology again.
		 */
		@Bean
		LettuceClientOptionsBuilderCustomizer noRefresh() {
			return (options) -> ((ClusterClientOptions.Builder) options)
				.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
					.disableAllAdaptiveRefreshTriggers()
					.dynamicRefreshSources(false)
					.build());
		}

	}

}
