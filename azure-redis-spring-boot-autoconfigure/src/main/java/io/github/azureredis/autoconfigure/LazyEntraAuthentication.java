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

	private final AzureRedisEventRecorder recorder = new AzureRedisEventRecorder();

	private volatile @Nullable Started started;

	LazyEntraAuthentication(AzureRedisProperties properties, AzureRedisEndpoint endpoint,
			AzureRedisCredentialResolver credentialResolver, AzureRedisEventPublisher eventPublisher) {
		this.properties = properties;
		this.endpoint = endpoint;
		this.credentialResolver = credentialResolver;
		this.eventPublisher = eventPublisher;
	}

	synchronized EntraRedisAuthentication start() {
		Started started = this.started;
		if (started == null) {
			ResolvedCredential credential = this.credentialResolver.resolve();
			logger.info("Azure Redis at {}:{}, authentication with Microsoft Entra ID tokens from {}",
					this.endpoint.host(), this.endpoint.port(), credential.origin());
			String username = username(credential);
			EntraTokenProvider tokens = createTokens(credential);
			started = new Started(credential.origin(), username, tokens, createEntra(tokens, username));
			this.started = started;
		}
		return started.entra();
	}

	/**
	 * What has been started. Does not wait for a start that is under way.
	 */
	@Nullable Started started() {
		return this.started;
	}

	AzureRedisEventRecorder recorder() {
		return this.recorder;
	}

	private @Nullable String username(ResolvedCredential credential) {
		String username = this.properties.getUsername();
		return (StringUtils.hasText(username) && !credential.emulated()) ? username : null;
	}

	private EntraTokenProvider createTokens(ResolvedCredential credential) {
		AzureRedisProperties.Token token = this.properties.getToken();
		return EntraTokenProvider.builder(credential.credential())
			.scope(token.getScope())
			.refreshBeforeExpiry(token.getRefreshBeforeExpiry())
			.requestTimeout(token.getRequestTimeout())
			.listener(this.recorder)
			.listener(this.eventPublisher)
			.build();
	}

	private EntraRedisAuthentication createEntra(EntraTokenProvider tokens, @Nullable String username) {
		return EntraRedisAuthentication.builder(tokens)
			.username(username)
			.reauthenticationSpread(this.properties.getToken().getReauthenticationSpread())
			.listener(this.recorder)
			.listener(this.eventPublisher)
			.build();
	}

	@Override
	public synchronized void close() {
		Started started = this.started;
		if (started != null) {
			started.entra().close();
			started.tokens().close();
		}
	}

	/**
	 * What renews tokens and re-authenticates connections.
	 *
	 * @param credential where the credential comes from
	 * @param username the user name that is configured, {@code null} to take it from the
	 * token
	 * @param tokens where the tokens come from
	 * @param entra what authenticates connections with them
	 */
	record Started(String credential, @Nullable String username, EntraTokenProvider tokens,
			EntraRedisAuthentication entra) {

	}

}
