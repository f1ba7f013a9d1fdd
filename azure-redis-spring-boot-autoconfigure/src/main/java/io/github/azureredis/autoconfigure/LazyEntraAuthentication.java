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

import io.github.azureredis.autoconfigure.AzureRedisCredentialResolver.ResolvedCredential;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.token.EntraTokenProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * Owns what renews tokens and re-authenticates connections. Nothing of it exists, and no
 * token is asked for, before the first connection factory needs it.
 */
class LazyEntraAuthentication implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LazyEntraAuthentication.class);

	private final AzureRedisProperties properties;

	private final AzureRedisEndpoint endpoint;

	private final AzureRedisCredentialResolver credentialResolver;

	private final AzureRedisEventPublisher eventPublisher;

	private @Nullable EntraTokenProvider tokens;

	private @Nullable EntraRedisAuthentication entra;

	LazyEntraAuthentication(AzureRedisProperties properties, AzureRedisEndpoint endpoint,
			AzureRedisCredentialResolver credentialResolver, AzureRedisEventPublisher eventPublisher) {
		this.properties = properties;
		this.endpoint = endpoint;
		this.credentialResolver = credentialResolver;
		this.eventPublisher = eventPublisher;
	}

	synchronized EntraRedisAuthentication start() {
		if (this.entra == null) {
			ResolvedCredential credential = this.credentialResolver.resolve();
			logger.info("Azure Redis at {}:{}, authentication with Microsoft Entra ID tokens from {}",
					this.endpoint.host(), this.endpoint.port(), credential.origin());
			this.tokens = createTokens(credential);
			this.entra = createEntra(this.tokens, credential);
		}
		return this.entra;
	}

	private EntraTokenProvider createTokens(ResolvedCredential credential) {
		AzureRedisProperties.Token token = this.properties.getToken();
		return EntraTokenProvider.builder(credential.credential())
			.scope(token.getScope())
			.refreshBeforeExpiry(token.getRefreshBeforeExpiry())
			.requestTimeout(token.getRequestTimeout())
			.listener(this.eventPublisher)
			.build();
	}

	private EntraRedisAuthentication createEntra(EntraTokenProvider tokens, ResolvedCredential credential) {
		String username = this.properties.getUsername();
		return EntraRedisAuthentication.builder(tokens)
			.username((StringUtils.hasText(username) && !credential.emulated()) ? username : null)
			.reauthenticationSpread(this.properties.getToken().getReauthenticationSpread())
			.listener(this.eventPublisher)
			.build();
	}

	@Override
	public synchronized void close() {
		if (this.entra != null) {
			this.entra.close();
		}
		if (this.tokens != null) {
			this.tokens.close();
		}
	}

}
