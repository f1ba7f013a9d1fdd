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

package io.github.azureredis.autoconfigure.entra;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.instances.InstanceNames;
import io.github.azureredis.lettuce.AzureRedisClientResources;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.SslVerifyMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

/**
 * {@link AzureRedisClientCustomizer} for authentication with tokens, unless there is an
 * access key or the application sets credentials of its own.
 */
class EntraClientCustomizer implements AzureRedisClientCustomizer {

	private static final Logger logger = LoggerFactory.getLogger(EntraClientCustomizer.class);

	/**
	 * How long Azure may try to validate a token
	 * (<a href="https://github.com/StackExchange/StackExchange.Redis/issues/3154">
	 * StackExchange.Redis#3154</a>).
	 */
	private static final Duration SLOWEST_HANDSHAKE = Duration.ofSeconds(10);

	private final AzureRedisInstance instance;

	private final AzureRedisAuthentication authentication;

	private final Supplier<EntraRedisAuthentication> entraAuthentication;

	private final EntraTokens tokens;

	EntraClientCustomizer(AzureRedisInstance instance, AzureRedisAuthentication authentication,
			Supplier<EntraRedisAuthentication> entraAuthentication, EntraTokens tokens) {
		this.instance = instance;
		this.authentication = authentication;
		this.entraAuthentication = entraAuthentication;
		this.tokens = tokens;
	}

	@Override
	public void customize(LettuceClientConfigurationBuilder client, AzureRedisClientResources.Builder resources) {
		LettuceClientConfiguration configuration = client.build();
		if (this.authentication.usesAccessKey()) {
			return;
		}
		if (configuration.getRedisCredentialsProviderFactory().isPresent()) {
			logger.info("The application sets a RedisCredentialsProviderFactory of its own, so azure.redis neither"
					+ " asks for tokens nor re-authenticates connections to {}", this.instance);
			this.tokens.doNotUse();
			return;
		}
		EntraRedisAuthentication entraAuthentication = this.entraAuthentication.get();
		String credential = this.tokens.use(entraAuthentication);
		logger.info("Azure Redis at {}, authentication with Microsoft Entra ID tokens from {}", this.instance,
				credential);
		warn(configuration);
		client.redisCredentialsProviderFactory(
				new EntraCredentialsProviderFactory(entraAuthentication.credentialsProvider()));
		resources.authentication(entraAuthentication);
	}

	private void warn(LettuceClientConfiguration configuration) {
		Duration commandTimeout = configuration.getCommandTimeout();
		if (commandTimeout.compareTo(SLOWEST_HANDSHAKE) < 0) {
			logger.warn("The command timeout ('{}') is {} ms. It also limits the handshake of a"
					+ " new connection, in which Azure may take {} s to validate a token, so connecting may fail while"
					+ " Azure is slow. Set it to {} s or more", timeoutProperty(), commandTimeout.toMillis(),
					SLOWEST_HANDSHAKE.toSeconds(), SLOWEST_HANDSHAKE.toSeconds());
		}
		if (configuration.isUseSsl() && configuration.getVerifyMode() != SslVerifyMode.FULL) {
			logger.warn("The certificate of Azure Redis is not verified in full, since a customizer has set the verify"
					+ " mode {}. Whoever can redirect a connection gets the token that is sent on it. Do not call"
					+ " disablePeerVerification(), and configure trust in an SSL bundle ('azure.redis.ssl.bundle')",
					configuration.getVerifyMode());
		}
	}

	private String timeoutProperty() {
		String name = this.instance.getName();
		return (name != null) ? InstanceNames.inProperties(name, "azure.redis.timeout") : "spring.data.redis.timeout";
	}

	/**
	 * {@link RedisCredentialsProviderFactory} that always returns the same provider.
	 *
	 * @param credentialsProvider the provider
	 */
	private record EntraCredentialsProviderFactory(
			RedisCredentialsProvider credentialsProvider) implements RedisCredentialsProviderFactory {

		@Override
		public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration redisConfiguration) {
			return this.credentialsProvider;
		}

	}

}
