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

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the emulator, which replaces the
 * Azure Redis instance.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = AzureRedisAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnClass(AzureRedisEmulator.class)
@ConditionalOnBooleanProperty("azure.redis.emulator.enabled")
@ConditionalOnBooleanProperty(name = "azure.redis.enabled", matchIfMissing = true)
@ConditionalOnMissingBean({ AzureRedisInstance.class, DataRedisConnectionDetails.class, RedisConfiguration.class,
		RedisConnectionFactory.class })
@EnableConfigurationProperties(AzureRedisProperties.class)
@ImportRuntimeHints(AzureRedisEmulatorRuntimeHints.class)
public final class AzureRedisEmulatorAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(AzureRedisEmulatorAutoConfiguration.class);

	AzureRedisEmulatorAutoConfiguration(AzureRedisProperties properties) {
		// The condition may have been evaluated when the application was built.
		if (!properties.getEmulator().isEnabled()) {
			throw new AzureRedisConfigurationException(new Problem("azure.redis.emulator.enabled",
					"'azure.redis.emulator.enabled' is not true, but the application was processed ahead of time with"
							+ " the emulator and would connect to it.",
					"To connect to 'azure.redis.host', process the application ahead of time without"
							+ " 'azure.redis.emulator.enabled'. To use the emulator, set it to true also when the"
							+ " application runs."));
		}
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	AzureRedisEmulator azureRedisEmulator(AzureRedisProperties properties) {
		AzureRedisEmulator.Builder builder = AzureRedisEmulator.builder()
			.tokenLifetime(getTokenLifetime(properties.getEmulator()))
			.clusteringPolicy(getClusteringPolicy(properties.getEmulator()));
		String accessKey = AzureRedisAuthentication.of(properties).getAccessKey();
		if (accessKey != null) {
			builder.accessKey(accessKey);
		}
		String host = properties.getHost();
		if (host != null && AzureRedisOffering.ofHost(host) == AzureRedisOffering.CACHE_FOR_REDIS) {
			builder.offering(io.github.azureredis.emulator.AzureRedisOffering.CACHE_FOR_REDIS);
		}
		return builder.start();
	}

	@Bean
	AzureRedisInstance azureRedisInstance(AzureRedisEmulator emulator, AzureRedisProperties properties) {
		String host = properties.getHost();
		if (StringUtils.hasText(host)) {
			logger.info("The emulator on {}:{} is used instead of azure.redis.host {}", emulator.host(),
					emulator.port(), host);
		}
		AzureRedisOffering offering = AzureRedisOffering.valueOf(emulator.offering().name());
		return AzureRedisInstance.of(emulator.host(), emulator.port(), offering,
				trusting(emulator.certificateAuthority()));
	}

	@Bean(name = AzureRedisAuthentication.EMULATOR_CREDENTIAL_BEAN_NAME, defaultCandidate = false)
	TokenCredential azureRedisEmulatorTokenCredential(AzureRedisEmulator emulator) {
		return emulator.credential();
	}

	private Duration getTokenLifetime(AzureRedisProperties.Emulator properties) {
		Duration tokenLifetime = properties.getTokenLifetime();
		if (tokenLifetime.isNegative() || tokenLifetime.isZero()) {
			throw new InvalidConfigurationPropertyValueException("azure.redis.emulator.token-lifetime", tokenLifetime,
					"The token lifetime must be positive.");
		}
		return tokenLifetime;
	}

	private io.github.azureredis.emulator.AzureRedisClusteringPolicy getClusteringPolicy(
			AzureRedisProperties.Emulator properties) {
		AzureRedisClusteringPolicy policy = properties.getClusteringPolicy();
		if (policy == AzureRedisClusteringPolicy.AUTO) {
			throw new InvalidConfigurationPropertyValueException("azure.redis.emulator.clustering-policy", "auto",
					"An instance has one of the policies oss, enterprise and none.");
		}
		return io.github.azureredis.emulator.AzureRedisClusteringPolicy.valueOf(policy.name());
	}

	private SslBundle trusting(X509Certificate certificateAuthority) {
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
