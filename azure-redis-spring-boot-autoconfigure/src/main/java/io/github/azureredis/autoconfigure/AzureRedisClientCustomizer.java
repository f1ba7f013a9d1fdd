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

import io.github.azureredis.lettuce.AzureRedisClientResources;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;

/**
 * Callback interface for beans that add their part to the clients of Azure Redis. They
 * are called in their order, after the customizers of the application, and once for each
 * connection factory.
 */
@FunctionalInterface
public interface AzureRedisClientCustomizer {

	/**
	 * Customize a client.
	 * @param client the builder for the configuration of the client
	 * @param resources the builder for the resources of the client
	 */
	void customize(LettuceClientConfigurationBuilder client, AzureRedisClientResources.Builder resources);

}
