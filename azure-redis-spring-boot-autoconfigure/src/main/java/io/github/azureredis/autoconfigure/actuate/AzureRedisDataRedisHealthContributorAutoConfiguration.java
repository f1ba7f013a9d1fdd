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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.AzureRedisNoDefaultInstanceAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.InstanceNames;
import io.github.azureredis.autoconfigure.instances.NamedInstances;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.health.DataRedisHealthIndicator;
import org.springframework.boot.data.redis.health.DataRedisReactiveHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.CompositeReactiveHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for Spring Boot's own health of
 * Redis in an application with named instances. Spring Boot's would create the connection
 * factory of every instance when the application starts, which may connect and requests a
 * token. So this one takes its place, and leaves named instances out.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		before = { DataRedisHealthContributorAutoConfiguration.class,
				DataRedisReactiveHealthContributorAutoConfiguration.class },
		after = { DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class,
				AzureRedisInstancesAutoConfiguration.class, AzureRedisNoDefaultInstanceAutoConfiguration.class })
@ConditionalOnClass({ RedisConnectionFactory.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class,
		DataRedisHealthIndicator.class })
@ConditionalOnBean(NamedInstances.class)
@ConditionalOnEnabledHealthIndicator("redis")
public final class AzureRedisDataRedisHealthContributorAutoConfiguration {

	private static <T> Map<String, T> connectionFactories(ConfigurableListableBeanFactory beanFactory, Class<T> type) {
		List<String> named = InstanceNames.defined(beanFactory)
			.stream()
			.map(InstanceNames::connectionFactoryBean)
			.toList();
		Map<String, T> connectionFactories = new LinkedHashMap<>();
		for (String name : beanFactory.getBeanNamesForType(type)) {
			if (!named.contains(name) && isAutowireCandidate(name, beanFactory)) {
				connectionFactories.put(name, beanFactory.getBean(name, type));
			}
		}
		return connectionFactories;
	}

	private static boolean isAutowireCandidate(String name, ConfigurableListableBeanFactory beanFactory) {
		return !beanFactory.containsBeanDefinition(name) || beanFactory.getBeanDefinition(name).isAutowireCandidate();
	}

	/**
	 * Configuration that comes first, as in Spring Boot.
	 */
	@Configuration(proxyBeanMethods = false)
	@Order(1)
	@ConditionalOnBean(ReactiveRedisConnectionFactory.class)
	static class ReactiveConfiguration extends
			CompositeReactiveHealthContributorConfiguration<DataRedisReactiveHealthIndicator, ReactiveRedisConnectionFactory> {

		ReactiveConfiguration() {
			super(DataRedisReactiveHealthIndicator::new);
		}

		@Bean
		@ConditionalOnMissingBean(name = { "redisHealthIndicator", "redisHealthContributor" })
		ReactiveHealthContributor redisHealthContributor(ConfigurableListableBeanFactory beanFactory) {
			return createContributor(connectionFactories(beanFactory, ReactiveRedisConnectionFactory.class));
		}

	}

	/**
	 * Configuration for a connection factory that is not reactive.
	 */
	@Configuration(proxyBeanMethods = false)
	@Order(2)
	@ConditionalOnBean(RedisConnectionFactory.class)
	static class BlockingConfiguration
			extends CompositeHealthContributorConfiguration<DataRedisHealthIndicator, RedisConnectionFactory> {

		BlockingConfiguration() {
			super(DataRedisHealthIndicator::new);
		}

		@Bean
		@ConditionalOnMissingBean(name = { "redisHealthIndicator", "redisHealthContributor" })
		HealthContributor redisHealthContributor(ConfigurableListableBeanFactory beanFactory) {
			return createContributor(connectionFactories(beanFactory, RedisConnectionFactory.class));
		}

	}

}
