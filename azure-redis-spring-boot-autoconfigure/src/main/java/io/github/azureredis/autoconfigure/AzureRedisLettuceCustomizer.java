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

import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.azureredis.lettuce.AzureRedisClientResources;
import io.lettuce.core.resource.ClientResources;

import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;

/**
 * {@link LettuceClientConfigurationBuilderCustomizer} that calls every
 * {@link AzureRedisClientCustomizer} and decorates the {@link ClientResources} once. It
 * comes last, since the application may set resources of its own.
 */
public final class AzureRedisLettuceCustomizer
		implements LettuceClientConfigurationBuilderCustomizer, Ordered, DefaultInstanceOnly {

	private final Supplier<Stream<AzureRedisClientCustomizer>> customizers;

	/**
	 * Create a customizer.
	 * @param customizers supplier of the customizers, in their order
	 */
	public AzureRedisLettuceCustomizer(Supplier<Stream<AzureRedisClientCustomizer>> customizers) {
		this.customizers = customizers;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(LettuceClientConfigurationBuilder client) {
		AzureRedisClientResources.Builder resources = AzureRedisClientResources.builder(resources(client));
		this.customizers.get().forEach((customizer) -> customizer.customize(client, resources));
		client.clientResources(resources.build());
	}

	private static ClientResources resources(LettuceClientConfigurationBuilder client) {
		return client.build().getClientResources().orElseThrow();
	}

}
