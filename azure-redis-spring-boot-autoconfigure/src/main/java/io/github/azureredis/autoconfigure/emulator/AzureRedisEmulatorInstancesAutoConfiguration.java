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

import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties;
import io.github.azureredis.autoconfigure.instances.InstanceInheritance;
import io.github.azureredis.autoconfigure.instances.NamedInstances;
import io.github.azureredis.emulator.AzureRedisEmulator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the emulators that replace named
 * instances, one for each.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { AzureRedisInstancesAutoConfiguration.class, AzureRedisEmulatorAutoConfiguration.class })
@ConditionalOnLettuce
@ConditionalOnClass(AzureRedisEmulator.class)
@ConditionalOnBooleanProperty("azure.redis.emulator.enabled")
@ConditionalOnBean(NamedInstances.class)
@Import(InstanceEmulatorRegistrar.class)
@ImportRuntimeHints(AzureRedisEmulatorRuntimeHints.class)
public final class AzureRedisEmulatorInstancesAutoConfiguration {

	AzureRedisEmulatorInstancesAutoConfiguration(AzureRedisProperties properties) {
		EmulatorSettings.requireEnabled(properties.getEmulator());
	}

	@Bean
	InstanceEmulators azureRedisInstanceEmulators(AzureRedisInstancesProperties instances,
			InstanceInheritance inheritance, AzureRedisProperties properties) {
		return new InstanceEmulators(instances, inheritance, properties.getEmulator());
	}

}
