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

package io.github.azureredis.autoconfigure.instances;

import java.util.List;
import java.util.stream.Collectors;

import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;

/**
 * {@link FailureAnalyzer} for an application that has named instances alone, and asks for
 * a bean of Spring Data Redis without saying which of them it is to be.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class NoDefaultInstanceFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String SPRING_DATA_REDIS = "org.springframework.data.redis.";

	private static final List<String> BEANS_OF_BOOT = List.of("redisConnectionFactory", "redisTemplate",
			"stringRedisTemplate", "reactiveRedisTemplate", "reactiveStringRedisTemplate");

	private final BeanFactory beanFactory;

	NoDefaultInstanceFailureAnalyzer(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		String missing = missing(cause);
		if (missing == null || !(this.beanFactory instanceof ListableBeanFactory listable)
				|| listable.getBeanNamesForType(AzureRedisConnectionDetails.class, true, false).length > 0) {
			return null;
		}
		List<String> names = InstanceNames.defined(listable);
		if (names.isEmpty()) {
			return null;
		}
		String list = names.stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
		return new FailureAnalysis(
				injectionPoint(rootFailure) + " requires " + missing
						+ " of the default instance, and there is none, since 'azure.redis.host' is not set. The"
						+ " application has named instances only: " + list + ".",
				"Write which instance it is to be, as in @Qualifier(\"" + names.get(0) + "\") "
						+ (BEANS_OF_BOOT.contains(missing) ? "StringRedisTemplate" : missing)
						+ ", or set 'azure.redis.host' to the host name of a default instance.",
				cause);
	}

	private static @Nullable String missing(NoSuchBeanDefinitionException cause) {
		if (cause.getResolvableType() == null) {
			return BEANS_OF_BOOT.contains(String.valueOf(cause.getBeanName())) ? cause.getBeanName() : null;
		}
		Class<?> type = cause.getResolvableType().toClass();
		return type.getName().startsWith(SPRING_DATA_REDIS) ? ClassUtils.getShortName(type) : null;
	}

	private static String injectionPoint(Throwable rootFailure) {
		String description = "The application";
		for (Throwable failure = rootFailure; failure != null; failure = failure.getCause()) {
			if (failure instanceof UnsatisfiedDependencyException unsatisfied) {
				InjectionPoint point = unsatisfied.getInjectionPoint();
				description = (point != null) ? "Bean '" + unsatisfied.getBeanName() + "' ("
						+ ClassUtils.getShortName(point.getMember().getDeclaringClass()) + ")" : description;
			}
		}
		return description;
	}

}
