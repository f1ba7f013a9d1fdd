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

package io.github.azureredis.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Checks of the whole configuration. They run before the first connection, and report all
 * problems at once.
 */
public final class AzureRedisConfigurationChecks {

	/**
	 * Problem of an instance without a host.
	 */
	public static final Problem NO_HOST = InstanceChecks.NO_HOST;

	private final AzureRedisProperties properties;

	private final DataRedisProperties dataRedisProperties;

	private final Environment environment;

	private final @Nullable ClassLoader classLoader;

	AzureRedisConfigurationChecks(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			Environment environment, @Nullable ClassLoader classLoader) {
		this.properties = properties;
		this.dataRedisProperties = dataRedisProperties;
		this.environment = environment;
		this.classLoader = classLoader;
	}

	/**
	 * Return whether there is a host of a default instance. A placeholder that has no
	 * value yet, as when an application is processed ahead of time, counts as one.
	 * @param environment the environment of the application
	 * @return whether {@code azure.redis.host} is set
	 */
	public static boolean isHostSet(Environment environment) {
		try {
			return StringUtils.hasText(environment.getProperty(AzureRedisHostName.PROPERTY));
		}
		catch (IllegalArgumentException ex) {
			return true;
		}
	}

	/**
	 * Return whether the configuration gives a default instance: it does not if it names
	 * instances and has no host besides. A bean may give one all the same.
	 * @param environment the environment of the application
	 * @return whether the configuration gives a default instance
	 */
	public static boolean hasDefaultInstance(Environment environment) {
		// Without placeholders, which may only have values when the application runs.
		boolean named = !new Binder(ConfigurationPropertySources.get(environment))
			.bind("azure.redis.instances", Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of())
			.isEmpty();
		return !named || isHostSet(environment);
	}

	/**
	 * Check the properties of a named instance, which are those of {@code azure.redis}
	 * with the values of the instance.
	 * @param properties the properties
	 * @param instance the instance if a bean gives it, {@code null} if it is to be made
	 * from the properties
	 * @param classLoader the class loader of the application
	 * @return the problems, with the property names of the default instance
	 */
	public static List<Problem> checkInstance(AzureRedisProperties properties, @Nullable AzureRedisInstance instance,
			@Nullable ClassLoader classLoader) {
		List<Problem> problems = new ArrayList<>();
		problems.addAll((instance != null) ? InstanceChecks.check(properties, instance)
				: InstanceChecks.check(properties, classLoader));
		problems.addAll(AuthenticationChecks.check(properties));
		return problems;
	}

	/**
	 * Check the configuration.
	 * @param instance the instance if a bean gives it, {@code null} if it is to be made
	 * from the properties
	 * @throws AzureRedisConfigurationException if there is a problem
	 */
	void check(@Nullable AzureRedisInstance instance) {
		List<Problem> problems = checkInstance(this.properties, instance, this.classLoader);
		problems.addAll(SpringDataRedisChecks.check(this.properties, this.dataRedisProperties, this.environment));
		if (!problems.isEmpty()) {
			throw new AzureRedisConfigurationException(problems);
		}
	}

}
