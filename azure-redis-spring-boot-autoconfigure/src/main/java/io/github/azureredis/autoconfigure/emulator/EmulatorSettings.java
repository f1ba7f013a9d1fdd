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

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * Settings of an emulator from the properties of the instance that it stands in for, and
 * the other way round.
 */
final class EmulatorSettings {

	private EmulatorSettings() {
	}

	static void requireEnabled(AzureRedisProperties.Emulator emulator) {
		// The condition may have been evaluated when the application was built.
		if (!emulator.isEnabled()) {
			throw new AzureRedisConfigurationException(new Problem("azure.redis.emulator.enabled",
					"'azure.redis.emulator.enabled' is not true, but the application was processed ahead of time with"
							+ " the emulator and would connect to it.",
					"To connect to 'azure.redis.host', process the application ahead of time without"
							+ " 'azure.redis.emulator.enabled'. To use the emulator, set it to true also when the"
							+ " application runs."));
		}
	}

	/**
	 * Return a builder of an emulator for an instance, without its clustering policy.
	 * @param properties the properties of the instance
	 * @param emulator the properties of all emulators
	 * @return the builder
	 */
	static AzureRedisEmulator.Builder builder(AzureRedisProperties properties, AzureRedisProperties.Emulator emulator) {
		AzureRedisEmulator.Builder builder = AzureRedisEmulator.builder().tokenLifetime(tokenLifetime(emulator));
		String accessKey = AzureRedisAuthentication.of(properties).getAccessKey();
		if (accessKey != null) {
			builder.accessKey(accessKey);
		}
		String host = properties.getHost();
		if (host != null && AzureRedisOffering.ofHost(host) == AzureRedisOffering.CACHE_FOR_REDIS) {
			builder.offering(io.github.azureredis.emulator.AzureRedisOffering.CACHE_FOR_REDIS);
		}
		return builder;
	}

	private static Duration tokenLifetime(AzureRedisProperties.Emulator emulator) {
		Duration tokenLifetime = emulator.getTokenLifetime();
		if (tokenLifetime.isNegative() || tokenLifetime.isZero()) {
			throw new InvalidConfigurationPropertyValueException("azure.redis.emulator.token-lifetime", tokenLifetime,
					"The token lifetime must be positive.");
		}
		return tokenLifetime;
	}

	static AzureRedisClusteringPolicy clusteringPolicy(AzureRedisProperties.Emulator emulator) {
		var policy = emulator.getClusteringPolicy();
		if (policy == io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy.AUTO) {
			throw new InvalidConfigurationPropertyValueException("azure.redis.emulator.clustering-policy", "auto",
					"An instance has one of the policies oss, enterprise and none.");
		}
		return AzureRedisClusteringPolicy.valueOf(policy.name());
	}

	static AzureRedisInstance address(AzureRedisEmulator emulator) {
		AzureRedisOffering offering = AzureRedisOffering.valueOf(emulator.offering().name());
		return AzureRedisInstance.of(emulator.host(), emulator.port(), offering,
				trusting(emulator.certificateAuthority()));
	}

	private static SslBundle trusting(X509Certificate certificateAuthority) {
		try {
			KeyStore trustStore = KeyStore.getInstance(KeyStore.getDefaultType());
			trustStore.load(null, null);
			trustStore.setCertificateEntry("azure-redis-emulator", certificateAuthority);
			return SslBundle.of(SslStoreBundle.of(null, null, trustStore));
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("Unable to trust the emulator's certificate", ex);
		}
	}

}
