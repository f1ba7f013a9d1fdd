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
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

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

	@Override
	public Mono<RedisCredentials> resolveCredentials() {
		return new CurrentCredentials();
	}

	RedisCredentials credentials(EntraToken token) {
		String username = username(token);
		if (username == null) {
			throw new IllegalStateException("The token names no object id ('oid' claim), so the user name for Redis"
					+ " is not known. Configure the object id of the identity as the user name");
		}
		return RedisCredentials.just(username, token.getValue());
	}

	private @Nullable String username(EntraToken token) {
		return (this.username != null) ? this.username : token.getObjectId();
	}

	/**
	 * Lettuce 7.5 calls {@code block()} whenever it prints a {@code RedisURI}, which it
	 * does for each new connection, on whatever thread that is made. Reactor refuses that
	 * on its own threads
	 * (<a href="https://github.com/redis/lettuce/issues/3603">lettuce#3603</a>).
	 */
	private final class CurrentCredentials extends Mono<RedisCredentials> {

		private final Mono<RedisCredentials> source = EntraCredentials.this.tokens.token()
			.map(EntraCredentials.this::credentials);

		@Override
		public void subscribe(CoreSubscriber<? super RedisCredentials> actual) {
			this.source.subscribe(actual);
		}

		/**
		 * Waits for the first token only where waiting is allowed, so that connecting
		 * fails with the reason. Elsewhere there are no credentials yet, and the
		 * handshake, which subscribes, will wait.
		 */
		@Override
		public @Nullable RedisCredentials block() {
			EntraToken token = EntraCredentials.this.tokens.currentToken();
			if (token != null) {
				return credentials(token);
			}
			return Schedulers.isInNonBlockingThread() ? null : this.source.block();
		}

	}

}
