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

package io.github.azureredis.autoconfigure.diagnostics;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.SpringDataRedisChecks;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link FailureAnalyzer} for an application that asks for Jedis and does not have it.
 * Nothing defines a connection factory then, so that what needs one fails before
 * {@link SpringDataRedisChecks} can say that Jedis would not do.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnsupportedClientFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String SPRING_DATA_REDIS = "org.springframework.data.redis.";

	private final BeanFactory beanFactory;

	private final Environment environment;

	UnsupportedClientFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		if (!isOfSpringDataRedis(cause) || !isJedisRequested() || !isAzureRedisDefined()) {
			return null;
		}
		Problem problem = SpringDataRedisChecks.UNSUPPORTED_CLIENT;
		return new FailureAnalysis(problem.description(), problem.action(), cause);
	}

	private boolean isOfSpringDataRedis(NoSuchBeanDefinitionException cause) {
		return (cause.getResolvableType() != null)
				? cause.getResolvableType().toClass().getName().startsWith(SPRING_DATA_REDIS)
				: "redisTemplate".equals(cause.getBeanName());
	}

	private boolean isJedisRequested() {
		return "jedis".equalsIgnoreCase(this.environment.getProperty("spring.data.redis.client-type"));
	}

	private boolean isAzureRedisDefined() {
		return this.beanFactory instanceof ListableBeanFactory listableBeanFactory
				&& listableBeanFactory.getBeanNamesForType(AzureRedisConnectionDetails.class, true, false).length > 0;
	}

}
