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

package io.github.azureredis.autoconfigure.actuate;

import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.NamedInstances;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.health.DataRedisHealthIndicator;
import org.springframework.boot.data.redis.health.DataRedisReactiveHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AzureRedisDataRedisHealthContributorAutoConfiguration}.
 */
@Tag("slow")
class AzureRedisDataRedisHealthContributorAutoConfigurationTests {

	private static final String CONTRIBUTOR = "redisHealthContributor";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("azure.redis.access-key=key", "azure.redis.clustering-policy=none");

	private final ApplicationContextRunner withName = this.contextRunner
		.withPropertyValues("azure.redis.instances.cache.host=cache.redis.azure.net");

	@Test
	void whenThereAreNamedInstancesThenTheyAreNeitherInHealthNorCreated() {
		this.withName.withPropertyValues("azure.redis.host=default.redis.azure.net").run((context) -> {
			assertThat(context.getBean(CONTRIBUTOR)).isInstanceOf(DataRedisReactiveHealthIndicator.class);
			assertThat(context.getBean(NamedInstances.class).find("cache").isUsed()).isFalse();
		});
	}

	@Test
	void whenThereAreNoNamedInstancesThenHealthIsThatOfSpringBoot() {
		this.contextRunner.withPropertyValues("azure.redis.host=default.redis.azure.net")
			.run((context) -> assertThat(context).hasBean(CONTRIBUTOR)
				.doesNotHaveBean(AzureRedisDataRedisHealthContributorAutoConfiguration.class));
	}

	@Test
	void whenThereIsNoDefaultInstanceThenThereIsNoHealth() {
		this.withName.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CONTRIBUTOR));
	}

	@Test
	void whenApplicationHasConnectionFactoriesThatAreNotReactiveThenTheyAreInHealth() {
		this.withName.withPropertyValues("spring.data.redis.repositories.enabled=false")
			.withBean("first", RedisConnectionFactory.class, () -> mock())
			.withBean("second", RedisConnectionFactory.class, () -> mock())
			.withBean("none", RedisConnectionFactory.class, () -> mock(),
					(definition) -> definition.setAutowireCandidate(false))
			.run((context) -> {
				CompositeHealthContributor contributor = context.getBean(CONTRIBUTOR, CompositeHealthContributor.class);
				assertThat(contributor).extracting(HealthContributors.Entry::name).containsExactly("first", "second");
				assertThat(contributor.getContributor("first")).isInstanceOf(DataRedisHealthIndicator.class);
			});
	}

	@Test
	void whenApplicationHasItsOwnHealthThenThatIsUsed() {
		this.withName.withPropertyValues("azure.redis.host=default.redis.azure.net")
			.withBean("redisHealthIndicator", HealthIndicator.class, () -> mock())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CONTRIBUTOR));
	}

	@Test
	void whenSwitchedOffThenThereIsNoHealth() {
		this.withName
			.withPropertyValues("azure.redis.host=default.redis.azure.net", "management.health.redis.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CONTRIBUTOR));
	}

	@Test
	void whenActuatorIsMissingThenApplicationStarts() {
		new ApplicationContextRunner().withUserConfiguration(AutoConfigured.class)
			.withPropertyValues("azure.redis.instances.cache.host=cache.redis.azure.net")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasSingleBean(NamedInstances.class).doesNotHaveBean(CONTRIBUTOR));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AzureRedisInstancesAutoConfiguration.class,
			AzureRedisDataRedisHealthContributorAutoConfiguration.class })
	static class AutoConfigured {

	}

}
