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
import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationChecks;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the emulator, which replaces the
 * default instance.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = AzureRedisAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnClass(AzureRedisEmulator.class)
@ConditionalOnBooleanProperty("azure.redis.emulator.enabled")
@ConditionalOnBooleanProperty(name = "azure.redis.enabled", matchIfMissing = true)
@Conditional(AzureRedisEmulatorAutoConfiguration.DefaultInstanceCondition.class)
@ConditionalOnMissingBean({ AzureRedisInstance.class, DataRedisConnectionDetails.class, RedisConfiguration.class,
		RedisConnectionFactory.class })
@EnableConfigurationProperties(AzureRedisProperties.class)
@ImportRuntimeHints(AzureRedisEmulatorRuntimeHints.class)
public final class AzureRedisEmulatorAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(AzureRedisEmulatorAutoConfiguration.class);

	AzureRedisEmulatorAutoConfiguration(AzureRedisProperties properties) {
		EmulatorSettings.requireEnabled(properties.getEmulator());
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	AzureRedisEmulator azureRedisEmulator(AzureRedisProperties properties) {
		AzureRedisProperties.Emulator emulator = properties.getEmulator();
		return EmulatorSettings.builder(properties, emulator)
			.clusteringPolicy(EmulatorSettings.clusteringPolicy(emulator))
			.start();
	}

	@Bean
	AzureRedisInstance azureRedisInstance(AzureRedisEmulator emulator, AzureRedisProperties properties) {
		String host = properties.getHost();
		if (StringUtils.hasText(host)) {
			logger.info("The emulator on {}:{} is used instead of azure.redis.host {}", emulator.host(),
					emulator.port(), host);
		}
		return EmulatorSettings.address(emulator);
	}

	@Bean(name = AzureRedisAuthentication.EMULATOR_CREDENTIAL_BEAN_NAME, defaultCandidate = false)
	TokenCredential azureRedisEmulatorTokenCredential(AzureRedisEmulator emulator) {
		return emulator.credential();
	}

	/**
	 * Condition for a default instance.
	 */
	static class DefaultInstanceCondition extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return AzureRedisConfigurationChecks.hasDefaultInstance(context.getEnvironment()) ? ConditionOutcome.match()
					: ConditionOutcome.noMatch("there are named instances, and no 'azure.redis.host'");
		}

	}

}
