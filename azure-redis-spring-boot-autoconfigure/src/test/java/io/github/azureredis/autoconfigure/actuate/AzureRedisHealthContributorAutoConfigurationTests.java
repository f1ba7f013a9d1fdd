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

import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

/**
 * Tests for {@link AzureRedisHealthContributorAutoConfiguration} and
 * {@link AzureRedisReactiveHealthContributorAutoConfiguration}.
 */
@Tag("slow")
class AzureRedisHealthContributorAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(
			AzureRedisHealthContributorAutoConfiguration.class,
			AzureRedisReactiveHealthContributorAutoConfiguration.class,
			HealthContributorRegistryAutoConfiguration.class);

	private final RedisConnection connection = mock();

	private final RedisConnectionFactory connectionFactory = mock();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withBean(RedisConnectionFactory.class, () -> this.connectionFactory)
		.withBean(AzureRedisMonitor.class, StubMonitor::new);

	private final ReactiveWebApplicationContextRunner reactiveContextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withBean(AzureRedisMonitor.class, StubMonitor::new);

	@Test
	void whenStarterIsInForceThenHealthIsNamedAzureRedis() {
		this.contextRunner
			.run((context) -> assertThat(context.getBean(HealthContributorRegistry.class).getContributor("azureRedis"))
				.isInstanceOf(AzureRedisHealthIndicator.class));
	}

	@Test
	void whenApplicationIsNotReactiveThenNoReactiveConnectionIsMade() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(AzureRedisHealthIndicator.class)
			.doesNotHaveBean(AzureRedisReactiveHealthIndicator.class));
	}

	@Test
	void whenAskedThenSendsNothingButPingAndReleasesTheConnection() {
		given(this.connectionFactory.getConnection()).willReturn(this.connection);
		given(this.connection.ping()).willReturn("PONG");
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(HealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
			verify(this.connection).ping();
			verify(this.connection).close();
			verifyNoMoreInteractions(this.connection);
		});
	}

	@Test
	void whenNobodyAsksThenConnectionFactoryIsNotCreated() {
		this.contextRunner.withBean(LazyInitializationBeanFactoryPostProcessor.class).run((context) -> {
			assertThat(context.getBean("azureRedisHealthContributor")).isInstanceOf(AzureRedisHealthIndicator.class);
			String name = context.getBeanNamesForType(RedisConnectionFactory.class)[0];
			assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton(name)).isFalse();
		});
	}

	@Test
	void whenStarterIsNotInForceThenThereIsNoHealth() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withBean(RedisConnectionFactory.class, () -> this.connectionFactory)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("azureRedisHealthContributor"));
	}

	@Test
	void whenSwitchedOffThenThereIsNoHealth() {
		this.contextRunner.withPropertyValues("management.health.azureredis.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("azureRedisHealthContributor"));
		this.reactiveContextRunner.withPropertyValues("management.health.azureredis.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("azureRedisHealthContributor"));
	}

	@Test
	void whenDefaultsAreSwitchedOffThenThereIsNoHealth() {
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("azureRedisHealthContributor"));
	}

	@Test
	void whenActuatorIsMissingThenApplicationStarts() {
		new ApplicationContextRunner().withUserConfiguration(AutoConfigured.class)
			.withBean(AzureRedisMonitor.class, StubMonitor::new)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("azureRedisHealthContributor"));
	}

	@Test
	void whenApplicationHasItsOwnThenThatIsUsed() {
		this.contextRunner
			.withBean("azureRedisHealthIndicator", HealthIndicator.class, () -> mock(HealthIndicator.class))
			.run((context) -> assertThat(context).doesNotHaveBean(AzureRedisHealthIndicator.class));
	}

	@Test
	void whenWebApplicationIsReactiveThenHealthIsThatOfTheReactiveConnection() {
		ReactiveRedisConnection connection = mock();
		ReactiveRedisConnectionFactory connectionFactory = mock();
		given(connectionFactory.getReactiveConnection()).willReturn(connection);
		given(connection.ping()).willReturn(Mono.just("PONG"));
		given(connection.closeLater()).willReturn(Mono.empty());
		this.reactiveContextRunner.withBean(ReactiveRedisConnectionFactory.class, () -> connectionFactory)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(AzureRedisHealthIndicator.class);
				assertThat(context.getBean(ReactiveHealthContributorRegistry.class).getContributor("azureRedis"))
					.isInstanceOf(AzureRedisReactiveHealthIndicator.class);
				assertThat(context.getBean(ReactiveHealthIndicator.class).health().block().getStatus())
					.isEqualTo(Status.UP);
				verify(connection).ping();
				verify(connection).closeLater();
				verifyNoMoreInteractions(connection);
			});
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AzureRedisHealthContributorAutoConfiguration.class,
			AzureRedisReactiveHealthContributorAutoConfiguration.class })
	static class AutoConfigured {

	}

}
