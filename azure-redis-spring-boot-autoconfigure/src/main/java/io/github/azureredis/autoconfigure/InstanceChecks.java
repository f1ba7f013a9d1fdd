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

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NativeDetector;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Checks of the properties that tell which instance to connect to.
 */
final class InstanceChecks {

	static final Problem NO_HOST = new Problem(AzureRedisHostName.PROPERTY,
			"'azure.redis.host' is not set, so there is no Redis to connect to.",
			"Set 'azure.redis.host' to the host name of the Azure Redis instance, or 'azure.redis.enabled' to false to"
					+ " connect as 'spring.data.redis' says.");

	private static final String EMULATOR_CLASS = "io.github.azureredis.emulator.AzureRedisEmulator";

	private InstanceChecks() {
	}

	/**
	 * Check the properties that an instance is made from.
	 * @param properties the properties
	 * @param classLoader the class loader of the application
	 * @return the problems
	 */
	static List<Problem> check(AzureRedisProperties properties, @Nullable ClassLoader classLoader) {
		List<Problem> problems = new ArrayList<>(checkEnabled(properties));
		if (properties.getEmulator().isEnabled()) {
			problems.add(emulatorNotInForce(classLoader));
		}
		String host = properties.getHost();
		if (StringUtils.hasText(host)) {
			problems.addAll(checkHost(host, properties));
		}
		else if (problems.isEmpty()) {
			problems.add(NO_HOST);
		}
		Integer port = properties.getPort();
		if (port != null && (port < 1 || port > 65535)) {
			problems.add(new Problem("azure.redis.port",
					"'azure.redis.port' must be between 1 and 65535 but is " + port + ".",
					"Set 'azure.redis.port' to a number from 1 to 65535, or remove it to use the port that belongs to the"
							+ " host name."));
		}
		return problems;
	}

	/**
	 * Check the properties that apply to an instance that a bean gives.
	 * @param properties the properties
	 * @param instance the instance
	 * @return the problems
	 */
	static List<Problem> check(AzureRedisProperties properties, AzureRedisInstance instance) {
		List<Problem> problems = new ArrayList<>(checkEnabled(properties));
		problems.addAll(checkPlaintext(properties, instance.getHost(), instance.isSslEnabled()));
		problems.addAll(checkDatabase(properties, instance.getOffering()));
		return problems;
	}

	private static List<Problem> checkEnabled(AzureRedisProperties properties) {
		// The condition may have been evaluated when the application was built.
		return properties.isEnabled() ? List.of() : List.of(new Problem("azure.redis.enabled",
				"'azure.redis.enabled' is false, but the application was processed ahead of time to connect to Azure"
						+ " Redis.",
				"Remove it, or set it to false also when the application is processed ahead of time."));
	}

	private static Problem emulatorNotInForce(@Nullable ClassLoader classLoader) {
		// A native image does not have the classes that it has no use for.
		if (!NativeDetector.inNativeImage() && !ClassUtils.isPresent(EMULATOR_CLASS, classLoader)) {
			return new Problem("azure.redis.emulator.enabled",
					"'azure.redis.emulator.enabled' is true, but the emulator is not on the class path.",
					"Add the dependency io.github.azureredis:azure-redis-emulator, or set"
							+ " 'azure.redis.emulator.enabled' to false.");
		}
		return new Problem("azure.redis.emulator.enabled",
				"'azure.redis.emulator.enabled' is true, but the emulator's auto-configuration has not run, so the"
						+ " application would connect to 'azure.redis.host'.",
				"Do not exclude AzureRedisEmulatorAutoConfiguration, and set 'azure.redis.emulator.enabled' also when"
						+ " the application is processed ahead of time. To connect to 'azure.redis.host', set it to"
						+ " false.");
	}

	private static List<Problem> checkHost(String host, AzureRedisProperties properties) {
		Problem problem = new AzureRedisHostName(host).problem();
		if (problem != null) {
			return List.of(problem);
		}
		List<Problem> problems = new ArrayList<>();
		AzureRedisOffering offering = AzureRedisOffering.ofHost(host);
		if (properties.getPort() == null && offering.defaultPort() == null) {
			problems.add(new Problem("azure.redis.port",
					"'azure.redis.host' is '" + host + "', which does not end like the host name of an Azure Redis"
							+ " instance and so does not tell its port.",
					"Set 'azure.redis.port': " + AzureRedisOffering.describePorts() + "."));
		}
		problems.addAll(checkPlaintext(properties, host, properties.getSsl().isEnabled()));
		problems.addAll(checkDatabase(properties, offering));
		return problems;
	}

	private static List<Problem> checkPlaintext(AzureRedisProperties properties, String host, boolean sslEnabled) {
		if (sslEnabled || AzureRedisAuthentication.of(properties).usesAccessKey() || isLoopback(host)) {
			return List.of();
		}
		return List
			.of(new Problem("azure.redis.ssl.enabled",
					"'azure.redis.ssl.enabled' is false, which would send Microsoft Entra ID tokens to '" + host
							+ "' unencrypted.",
					"Remove 'azure.redis.ssl.enabled'. Azure accepts tokens over TLS only."));
	}

	private static boolean isLoopback(String host) {
		return host.equalsIgnoreCase("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("::1");
	}

	private static List<Problem> checkDatabase(AzureRedisProperties properties, AzureRedisOffering offering) {
		int database = properties.getDatabase();
		if (database < 0) {
			return List.of(new Problem("azure.redis.database",
					"'azure.redis.database' must not be negative but is " + database + ".",
					"Set 'azure.redis.database' to 0 or more."));
		}
		if (database > 0 && offering == AzureRedisOffering.MANAGED_REDIS) {
			return List.of(new Problem("azure.redis.database",
					"'azure.redis.database' is " + database + ", but Azure Managed Redis has only database 0.",
					"Remove 'azure.redis.database'."));
		}
		return List.of();
	}

}
