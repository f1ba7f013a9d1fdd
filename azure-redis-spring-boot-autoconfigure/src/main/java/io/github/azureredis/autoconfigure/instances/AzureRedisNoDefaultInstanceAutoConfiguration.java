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

import io.github.azureredis.autoconfigure.AzureRedisConfigurationChecks;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an application that has named
 * instances and no default one. Spring Boot would define a connection factory for a
 * server on this machine, so its definitions are removed, before those conditions are
 * evaluated that ask for them.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { DataRedisAutoConfiguration.class, AzureRedisInstancesAutoConfiguration.class })
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE)
@ConditionalOnLettuce
@Conditional(AzureRedisNoDefaultInstanceAutoConfiguration.NoHostCondition.class)
@ConditionalOnBean(NamedInstances.class)
@ConditionalOnMissingBean(AzureRedisConnectionDetails.class)
@Import(DefaultInstanceRemoval.class)
public final class AzureRedisNoDefaultInstanceAutoConfiguration {

	AzureRedisNoDefaultInstanceAutoConfiguration(Environment environment) {
		// The condition may have been evaluated when the application was built.
		if (AzureRedisConfigurationChecks.isHostSet(environment)) {
			throw new AzureRedisConfigurationException(new Problem("azure.redis.host",
					"'azure.redis.host' is set, but the application was processed ahead of time without it, with named"
							+ " instances alone.",
					"Set it also when the application is processed ahead of time, or remove it."));
		}
	}

	/**
	 * Condition for an application without {@code azure.redis.host}.
	 */
	static class NoHostCondition extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return new ConditionOutcome(!AzureRedisConfigurationChecks.isHostSet(context.getEnvironment()),
					"'azure.redis.host'");
		}

	}

}
