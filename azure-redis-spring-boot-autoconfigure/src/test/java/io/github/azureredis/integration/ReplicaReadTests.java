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

package io.github.azureredis.integration;

import java.util.List;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.AzureRedisOffering;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.emulator.EmulatorNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads from the replicas of a clustered Azure Cache for Redis.
 */
@SpringBootTest(properties = { "azure.redis.emulator.enabled=true", "spring.data.redis.lettuce.read-from=replica" })
@Tag("slow")
class ReplicaReadTests {

	@Autowired
	private StringRedisTemplate redis;

	@Autowired
	private AzureRedisEmulator emulator;

	@Test
	void whenReplicasAreToBeReadThenTheyAreReached() {
		this.redis.opsForValue().set("key", "value");
		await().until(() -> "value".equals(this.redis.opsForValue().get("key")));
		String master = this.emulator.cluster().masterOf("key").id();
		List<Integer> replicas = this.emulator.cluster()
			.nodes()
			.stream()
			.filter((node) -> master.equals(node.masterId()))
			.map(EmulatorNode::port)
			.toList();
		assertThat(this.emulator.connections()).extracting(EmulatorConnection::port).containsAnyElementsOf(replicas);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		AzureRedisEmulator emulator() {
			return AzureRedisEmulator.builder()
				.offering(AzureRedisOffering.CACHE_FOR_REDIS)
				.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
				.replicas(true)
				.start();
		}

	}

}
