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

import java.time.Duration;

import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.resource.ClientResources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;
import org.springframework.util.StringUtils;

/**
 * {@link LettuceClientConfigurationBuilderCustomizer} that has connections authenticated
 * with Microsoft Entra ID tokens, unless there is an access key or the application has
 * credentials of its own.
 *
 * @param properties the properties
 * @param authentication starts when it is first needed
 */
record EntraLettuceClientConfigurationBuilderCustomizer(AzureRedisProperties properties,
		LazyEntraAuthentication authentication) implements LettuceClientConfigurationBuilderCustomizer {

	private static final Logger logger = LoggerFactory
		.getLogger(EntraLettuceClientConfigurationBuilderCustomizer.class);

	/**
	 * How long Azure may try to validate a token
	 * (<a href="https://github.com/StackExchange/StackExchange.Redis/issues/3154">
	 * StackExchange.Redis#3154</a>).
	 */
	private static final Duration SLOWEST_HANDSHAKE = Duration.ofSeconds(10);

	@Override
	public void customize(LettuceClientConfigurationBuilder builder) {
		if (StringUtils.hasText(this.properties.getAccessKey())) {
			return;
		}
		LettuceClientConfiguration configuration = builder.build();
		if (configuration.getRedisCredentialsProviderFactory().isPresent()) {
			logger.info("The application sets a RedisCredentialsProviderFactory of its own, so azure.redis neither"
					+ " asks for tokens nor re-authenticates connections");
			return;
		}
		if (configuration.getCommandTimeout().compareTo(SLOWEST_HANDSHAKE) < 0) {
			logger.warn("The command timeout ('spring.data.redis.timeout') is {} ms. It also limits the handshake of a"
					+ " new connection, in which Azure may take {} s to validate a token, so connecting may fail while"
					+ " Azure is slow. Set it to {} s or more", configuration.getCommandTimeout().toMillis(),
					SLOWEST_HANDSHAKE.toSeconds(), SLOWEST_HANDSHAKE.toSeconds());
		}
		EntraRedisAuthentication entra = this.authentication.start();
		ClientResources clientResources = configuration.getClientResources().orElseThrow();
		builder.redisCredentialsProviderFactory(new EntraCredentialsProviderFactory(entra.credentialsProvider()));
		builder.clientResources(entra.reauthenticating(clientResources));
	}

	private record EntraCredentialsProviderFactory(
			RedisCredentialsProvider credentialsProvider) implements RedisCredentialsProviderFactory {

		@Override
		public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration redisConfiguration) {
			return this.credentialsProvider;
		}

	}

}
