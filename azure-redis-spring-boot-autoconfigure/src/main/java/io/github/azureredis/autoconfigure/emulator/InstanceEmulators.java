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

package io.github.azureredis.autoconfigure.emulator;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Instance;
import io.github.azureredis.autoconfigure.instances.InstanceInheritance;
import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * Starter of the emulators for named instances. One of all emulators issues the tokens,
 * and the others accept them.
 */
final class InstanceEmulators {

	private static final Logger logger = LoggerFactory.getLogger(InstanceEmulators.class);

	private final AzureRedisInstancesProperties instances;

	private final InstanceInheritance inheritance;

	private final AzureRedisProperties.Emulator settings;

	InstanceEmulators(AzureRedisInstancesProperties instances, InstanceInheritance inheritance,
			AzureRedisProperties.Emulator settings) {
		this.instances = instances;
		this.inheritance = inheritance;
		this.settings = settings;
	}

	/**
	 * Start the emulator that issues the tokens.
	 */
	static AzureRedisEmulator issuer(String name, InstanceEmulators emulators) {
		return emulators.start(name, null);
	}

	/**
	 * Start an emulator that accepts the tokens of another one.
	 */
	static AzureRedisEmulator emulator(String name, InstanceEmulators emulators, AzureRedisEmulator issuer) {
		return emulators.start(name, issuer);
	}

	static AzureRedisInstance address(AzureRedisEmulator emulator) {
		return EmulatorSettings.address(emulator);
	}

	static TokenCredential credential(AzureRedisEmulator issuer) {
		return issuer.credential();
	}

	private AzureRedisEmulator start(String name, @Nullable AzureRedisEmulator issuer) {
		AzureRedisProperties properties = this.inheritance
			.azureRedis(this.instances.getInstances().getOrDefault(name, new Instance()));
		AzureRedisEmulator.Builder builder = EmulatorSettings.builder(properties, this.settings)
			.clusteringPolicy(clusteringPolicy(properties));
		if (issuer != null) {
			builder.tokensOf(issuer);
		}
		AzureRedisEmulator emulator = builder.start();
		String host = properties.getHost();
		logger.info("The emulator on {}:{} is used as instance '{}'{}", emulator.host(), emulator.port(), name,
				StringUtils.hasText(host) ? " instead of " + host : "");
		return emulator;
	}

	private AzureRedisClusteringPolicy clusteringPolicy(AzureRedisProperties properties) {
		return switch (properties.getClusteringPolicy()) {
			case OSS -> AzureRedisClusteringPolicy.OSS;
			case ENTERPRISE -> AzureRedisClusteringPolicy.ENTERPRISE;
			case NONE -> AzureRedisClusteringPolicy.NONE;
			case AUTO -> EmulatorSettings.clusteringPolicy(this.settings);
		};
	}

}
