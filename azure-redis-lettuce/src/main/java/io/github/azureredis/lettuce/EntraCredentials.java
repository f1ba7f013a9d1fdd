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

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.azureredis.token.EntraToken;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * {@link ImmediateRedisCredentialsProvider} that never waits. A connection with a
 * {@link TokenGate} gets a {@link CredentialsPlaceholder placeholder}, which the gate
 * replaces on the way out.
 */
final class EntraCredentials implements ImmediateRedisCredentialsProvider {

	private static final Logger logger = LoggerFactory.getLogger(EntraCredentials.class);

	private final EntraTokenProvider tokens;

	private final @Nullable String username;

	private final CredentialsPlaceholder placeholder = new CredentialsPlaceholder(UUID.randomUUID().toString());

	private final ThreadLocal<Boolean> gated = ThreadLocal.withInitial(() -> false);

	private final AtomicBoolean warned = new AtomicBoolean();

	EntraCredentials(EntraTokenProvider tokens, @Nullable String username) {
		this.tokens = tokens;
		this.username = username;
	}

	/**
	 * Return the user name alone. Lettuce calls this whenever it prints a
	 * {@code RedisURI}, and blocks for the answer on whatever thread that is
	 * (<a href="https://github.com/redis/lettuce/issues/3603">lettuce#3603</a>).
	 */
	@Override
	public Mono<RedisCredentials> resolveCredentials() {
		EntraToken token = this.tokens.currentToken();
		String username = (token != null) ? username(token) : this.username;
		return Mono.just(RedisCredentials.just(username, (char[]) null));
	}

	/**
	 * Return the credentials for a handshake. Lettuce calls this on the event loop of the
	 * connection.
	 */
	@Override
	public RedisCredentials resolveCredentialsNow() {
		if (this.gated.get()) {
			return this.placeholder.credentials();
		}
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("The decorated ClientResources of a client have been replaced, so its connections are neither"
					+ " re-authenticated nor kept alive, and Redis closes them when their token expires. Decorate the"
					+ " resources that the client really uses. With Spring Boot, give the"
					+ " LettuceClientConfigurationBuilderCustomizer that replaces them a higher precedence with @Order,"
					+ " or declare its resources as a ClientResources bean");
		}
		EntraToken token = this.tokens.currentToken();
		if (token == null) {
			throw this.tokens.noTokenWithin(Duration.ZERO);
		}
		return RedisCredentials.just(requiredUsername(token), token.getValue());
	}

	CredentialsPlaceholder placeholder() {
		return this.placeholder;
	}

	/**
	 * Run a step of the handshake of a connection that has a gate.
	 * @param step the step
	 */
	void runGated(Runnable step) {
		boolean nested = this.gated.get();
		this.gated.set(true);
		try {
			step.run();
		}
		finally {
			this.gated.set(nested);
		}
	}

	/**
	 * Return the user name to authenticate with.
	 * @param token the token to authenticate with
	 * @return the user name
	 * @throws IllegalStateException if neither the configuration nor the token names one
	 */
	String requiredUsername(EntraToken token) {
		String username = username(token);
		if (username == null) {
			throw new IllegalStateException("The token names no object id ('oid' claim), so the user name for Redis"
					+ " is not known. Configure the object id of the identity as the user name");
		}
		return username;
	}

	private @Nullable String username(EntraToken token) {
		return (this.username != null) ? this.username : token.getObjectId();
	}

}
