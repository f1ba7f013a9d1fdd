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

package io.github.azureredis.lettuce;

import io.github.azureredis.token.EntraToken;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Credentials for the handshake of a connection: the object id, or the configured name,
 * and the current token.
 */
final class EntraCredentials implements RedisCredentialsProvider {

	private final EntraTokenProvider tokens;

	private final @Nullable String username;

	EntraCredentials(EntraTokenProvider tokens, @Nullable String username) {
		this.tokens = tokens;
		this.username = username;
	}

	/**
	 * Answers from memory while there is a valid token, with a Mono that may be blocked
	 * on anywhere: Lettuce does that whenever it prints a {@code RedisURI}.
	 */
	@Override
	public Mono<RedisCredentials> resolveCredentials() {
		EntraToken token = this.tokens.currentToken();
		if (token != null && username(token) != null) {
			return Mono.just(credentials(token));
		}
		return new BlockableMono<>(this.tokens.token().map(this::credentials));
	}

	RedisCredentials credentials(EntraToken token) {
		String username = username(token);
		if (username == null) {
			throw new IllegalStateException("The token names no object id ('oid' claim), so the user name for Redis"
					+ " is not known. Configure the object id of the identity as the user name");
		}
		return RedisCredentials.just(username, token.value());
	}

	private @Nullable String username(EntraToken token) {
		return (this.username != null) ? this.username : token.objectId();
	}

}
