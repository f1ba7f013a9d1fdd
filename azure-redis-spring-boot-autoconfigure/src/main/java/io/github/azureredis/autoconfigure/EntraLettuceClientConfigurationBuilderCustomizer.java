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
import java.util.concurrent.atomic.AtomicBoolean;

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
 */
class EntraLettuceClientConfigurationBuilderCustomizer implements LettuceClientConfigurationBuilderCustomizer {

	private static final Logger logger = LoggerFactory
		.getLogger(EntraLettuceClientConfigurationBuilderCustomizer.class);

	/**
	 * How long Azure may try to validate a token
	 * (<a href="https://github.com/StackExchange/StackExchange.Redis/issues/3154">
	 * StackExchange.Redis#3154</a>).
	 */
	private static final Duration SLOWEST_HANDSHAKE = Duration.ofSeconds(10);

	private final AzureRedisProperties properties;

	private final LazyEntraAuthentication authentication;

	/** There may be a client that probes, and the application's. */
	private final AtomicBoolean remarked = new AtomicBoolean();

	EntraLettuceClientConfigurationBuilderCustomizer(AzureRedisProperties properties,
			LazyEntraAuthentication authentication) {
		this.properties = properties;
		this.authentication = authentication;
	}

	@Override
	public void customize(LettuceClientConfigurationBuilder builder) {
		if (StringUtils.hasText(this.properties.getAccessKey())) {
			return;
		}
		LettuceClientConfiguration configuration = builder.build();
		boolean ownCredentials = configuration.getRedisCredentialsProviderFactory().isPresent();
		if (this.remarked.compareAndSet(false, true)) {
			remark(ownCredentials, configuration.getCommandTimeout());
		}
		if (ownCredentials) {
			return;
		}
		EntraRedisAuthentication entra = this.authentication.start();
		ClientResources clientResources = configuration.getClientResources().orElseThrow();
		builder.redisCredentialsProviderFactory(new EntraCredentialsProviderFactory(entra.credentialsProvider()));
		builder.clientResources(entra.reauthenticating(clientResources));
	}

	private void remark(boolean ownCredentials, Duration commandTimeout) {
		if (ownCredentials) {
			logger.info("The application sets a RedisCredentialsProviderFactory of its own, so azure.redis neither"
					+ " asks for tokens nor re-authenticates connections");
		}
		else if (commandTimeout.compareTo(SLOWEST_HANDSHAKE) < 0) {
			logger.warn("The command timeout ('spring.data.redis.timeout') is {} ms. It also limits the handshake of a"
					+ " new connection, in which Azure may take {} s to validate a token, so connecting may fail while"
					+ " Azure is slow. Set it to {} s or more", commandTimeout.toMillis(),
					SLOWEST_HANDSHAKE.toSeconds(), SLOWEST_HANDSHAKE.toSeconds());
		}
	}

	private record EntraCredentialsProviderFactory(
			RedisCredentialsProvider credentialsProvider) implements RedisCredentialsProviderFactory {

		@Override
		public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration redisConfiguration) {
			return this.credentialsProvider;
		}

	}

}
