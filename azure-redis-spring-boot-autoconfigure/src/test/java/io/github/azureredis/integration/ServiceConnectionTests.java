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

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test container turns the starter off. Skipped where no container engine runs; the
 * same without one is in {@link UserConnectionDetailsTests}.
 */
@Testcontainers
@EnabledIf(value = "containerEngine", disabledReason = "No container engine runs here")
@SpringBootTest(properties = "azure.redis.host=not-used.redis.azure.net")
@Tag("slow")
class ServiceConnectionTests {

	@Container
	@ServiceConnection(name = "redis")
	static final GenericContainer<?> redis = new GenericContainer<>("redis:7.4-alpine").withExposedPorts(6379);

	@Test
	void whenContainerIsThereThenApplicationTalksToIt(@Autowired StringRedisTemplate template,
			@Autowired ApplicationContext context) {
		template.opsForValue().set("key", "value");
		assertThat(template.opsForValue().get("key")).isEqualTo("value");
		assertThat(context.containsBean("azureRedisConnectionDetails")).isFalse();
	}

	static boolean containerEngine() {
		boolean available = DockerClientFactory.instance().isDockerAvailable();
		if (!available) {
			System.out.println("Skipped, since no container engine runs here: ServiceConnectionTests");
		}
		return available;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
