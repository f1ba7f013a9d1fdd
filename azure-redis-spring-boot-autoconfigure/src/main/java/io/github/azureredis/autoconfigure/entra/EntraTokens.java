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

import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.token.EntraTokenProvider;
import org.jspecify.annotations.Nullable;

/**
 * Holder for the tokens that connections authenticate with. Thread-safe.
 */
public final class EntraTokens {

	private final TokenSource source;

	private volatile @Nullable Use use;

	EntraTokens(TokenSource source) {
		this.source = source;
	}

	/**
	 * Return how connections use tokens.
	 * @return the use or {@code null} if connections do not use tokens, at least not yet
	 */
	public @Nullable Use getUse() {
		return this.use;
	}

	/**
	 * Return the token provider for a single connection. Connections of the application
	 * do not have to use it.
	 * @return the token provider
	 */
	public EntraTokenProvider borrowProvider() {
		return this.source.borrow();
	}

	/**
	 * Use an authentication for the connections of the application.
	 * @param authentication the authentication
	 * @return where the credential comes from, for messages
	 */
	String use(EntraRedisAuthentication authentication) {
		EntraTokenProvider provider = this.source.get();
		String origin = this.source.origin();
		this.use = new Use(provider, authentication, origin);
		return origin;
	}

	/**
	 * Do not use tokens for a client, whose credentials are those of the application.
	 */
	void doNotUse() {
		this.source.release();
	}

	/**
	 * Use of tokens by connections.
	 *
	 * @param provider the token provider
	 * @param authentication the authentication
	 * @param credentialOrigin where the credential comes from, for messages
	 */
	public record Use(EntraTokenProvider provider, EntraRedisAuthentication authentication, String credentialOrigin) {

	}

}
