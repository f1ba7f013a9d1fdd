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
import io.lettuce.core.resource.ClientResources;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link LettuceClientConfigurationBuilderCustomizer} that calls every
 * {@link AzureRedisClientCustomizer} and decorates the {@link ClientResources} once. It
 * comes last, since the application may set resources of its own.
 */
class AzureRedisLettuceCustomizer implements LettuceClientConfigurationBuilderCustomizer, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(AzureRedisLettuceCustomizer.class);

	private final ObjectProvider<AzureRedisClientCustomizer> customizers;

	private volatile @Nullable LettuceClientConfigurationBuilder unchecked;

	AzureRedisLettuceCustomizer(ObjectProvider<AzureRedisClientCustomizer> customizers) {
		this.customizers = customizers;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(LettuceClientConfigurationBuilder client) {
		AzureRedisClientResources.Builder resources = AzureRedisClientResources.builder(resources(client));
		this.customizers.orderedStream().forEach((customizer) -> customizer.customize(client, resources));
		client.clientResources(resources.build());
		this.unchecked = client;
	}

	private static ClientResources resources(LettuceClientConfigurationBuilder client) {
		return client.build().getClientResources().orElseThrow();
	}

	private static boolean isDecorated(ClientResources resources) {
		return resources.getClass().getPackage().equals(AzureRedisClientResources.class.getPackage());
	}

	private void checkDecoration() {
		LettuceClientConfigurationBuilder client = this.unchecked;
		this.unchecked = null;
		if (client != null && !isDecorated(resources(client))) {
			logger.warn("A LettuceClientConfigurationBuilderCustomizer has replaced the ClientResources of Azure Redis"
					+ " after this library has decorated them. Connections are neither re-authenticated nor kept"
					+ " alive. Give that customizer a higher precedence with @Order, or declare its resources as a"
					+ " ClientResources bean");
		}
	}

	/**
	 * {@link BeanPostProcessor} that checks a connection factory when all customizers
	 * have been called.
	 */
	static class DecorationCheck implements BeanPostProcessor {

		private final ObjectProvider<AzureRedisLettuceCustomizer> customizer;

		DecorationCheck(ObjectProvider<AzureRedisLettuceCustomizer> customizer) {
			this.customizer = customizer;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (bean instanceof LettuceConnectionFactory) {
				this.customizer.ifAvailable(AzureRedisLettuceCustomizer::checkDecoration);
			}
			return bean;
		}

	}

}
