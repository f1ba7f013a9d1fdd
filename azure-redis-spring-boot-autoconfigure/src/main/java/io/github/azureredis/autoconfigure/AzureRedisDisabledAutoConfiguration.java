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

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an application that was
 * processed ahead of time with Azure Redis disabled. It fails if Azure Redis is enabled
 * when the application runs, which would otherwise connect to Spring Boot's default, a
 * server on this machine.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnBooleanProperty(name = "azure.redis.enabled", havingValue = false)
@ConditionalOnMissingBean({ DataRedisConnectionDetails.class, RedisConfiguration.class, RedisConnectionFactory.class })
public final class AzureRedisDisabledAutoConfiguration {

	AzureRedisDisabledAutoConfiguration(Environment environment) {
		if (environment.getProperty("azure.redis.enabled", Boolean.class, true)) {
			throw new AzureRedisConfigurationException(new Problem("azure.redis.enabled",
					"'azure.redis.enabled' is true, but the application was processed ahead of time with 'false' and"
							+ " would connect as 'spring.data.redis' says.",
					"To connect to Azure Redis, process the application ahead of time without 'azure.redis.enabled'."
							+ " Otherwise set it to false also when the application runs."));
		}
	}

}
