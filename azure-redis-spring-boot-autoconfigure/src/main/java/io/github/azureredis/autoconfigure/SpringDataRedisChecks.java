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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties.ClientType;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Checks of properties of Spring Data Redis that contradict {@code azure.redis}.
 */
public final class SpringDataRedisChecks {

	/**
	 * Problem of an application that asks for Jedis.
	 */
	public static final Problem UNSUPPORTED_CLIENT = new Problem("spring.data.redis.client-type",
			"'spring.data.redis.client-type' is jedis, which cannot renew Microsoft Entra ID tokens.",
			"Remove 'spring.data.redis.client-type' to use Lettuce, or set 'azure.redis.enabled' to false.");

	private static final String HOST = "spring.data.redis.host";

	private static final String PASSWORDLESS = "spring.data.redis.azure.passwordless-enabled";

	private SpringDataRedisChecks() {
	}

	/**
	 * Check the properties of an application that has named instances and no default one,
	 * so that nothing connects to an address of Spring Data Redis.
	 * @param properties the properties of Azure Redis
	 * @param dataRedisProperties the properties of Spring Data Redis
	 * @param environment the environment of the application
	 * @return the problems
	 */
	public static List<Problem> checkWithoutDefaultInstance(AzureRedisProperties properties,
			DataRedisProperties dataRedisProperties, Environment environment) {
		List<Problem> problems = new ArrayList<>();
		Set<String> addresses = new LinkedHashSet<>();
		if (StringUtils.hasText(environment.getProperty(HOST))) {
			addresses.add(HOST);
		}
		addresses.addAll(addresses(dataRedisProperties));
		addresses.forEach((property) -> problems.add(new Problem(property,
				"'" + property + "' is set, but the addresses of Redis come from 'azure.redis.instances'.",
				"Remove '" + property + "'. If there is to be a default instance, set 'azure.redis.host'.")));
		problems.addAll(checkOthers(properties, dataRedisProperties, environment));
		return problems;
	}

	/**
	 * Check the properties.
	 * @param properties the properties of Azure Redis
	 * @param dataRedisProperties the properties of Spring Data Redis
	 * @param environment the environment of the application
	 * @return the problems
	 */
	static List<Problem> check(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			Environment environment) {
		List<Problem> problems = new ArrayList<>();
		addresses(dataRedisProperties).forEach((property) -> problems.add(new Problem(property,
				"'" + property + "' is set, but the address of Redis comes from 'azure.redis.host'.",
				"Remove '" + property + "', or set 'azure.redis.enabled' to false to connect as it says.")));
		problems.addAll(checkOthers(properties, dataRedisProperties, environment));
		return problems;
	}

	private static List<Problem> checkOthers(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			Environment environment) {
		List<Problem> problems = new ArrayList<>();
		int database = properties.getDatabase();
		int otherDatabase = dataRedisProperties.getDatabase();
		if (otherDatabase != 0 && otherDatabase != database) {
			problems.add(new Problem("spring.data.redis.database",
					"'spring.data.redis.database' is " + otherDatabase
							+ ", but the database comes from 'azure.redis.database', which is " + database + ".",
					"Remove 'spring.data.redis.database', and set 'azure.redis.database' to the one to use. Azure"
							+ " Managed Redis has only database 0."));
		}
		if (dataRedisProperties.getClientType() == ClientType.JEDIS) {
			problems.add(UNSUPPORTED_CLIENT);
		}
		if ("true".equalsIgnoreCase(environment.getProperty(PASSWORDLESS))) {
			problems.add(new Problem(PASSWORDLESS,
					"'" + PASSWORDLESS
							+ "' is true, so Spring Cloud Azure would set credentials for the same connections.",
					"Remove '" + PASSWORDLESS + "', which 'azure.redis' does not need."));
		}
		return problems;
	}

	private static Set<String> addresses(DataRedisProperties properties) {
		Map<String, @Nullable Object> addresses = new LinkedHashMap<>();
		addresses.put("spring.data.redis.url", properties.getUrl());
		addresses.put("spring.data.redis.sentinel", properties.getSentinel());
		addresses.put("spring.data.redis.masterreplica", properties.getMasterreplica());
		DataRedisProperties.Cluster cluster = properties.getCluster();
		addresses.put("spring.data.redis.cluster.nodes", (cluster != null) ? cluster.getNodes() : null);
		addresses.values().removeIf((value) -> value == null || "".equals(value));
		return addresses.keySet();
	}

}
