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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;
import org.springframework.util.Assert;

/**
 * A plain client for a single connection.
 */
class ProbeClient implements AutoCloseable {

	private final LettuceClientConfiguration configuration;

	private final RedisURI uri;

	private final RedisCredentialsProvider credentials;

	private final RedisClient client;

	private final Runnable release;

	/**
	 * Create a client.
	 * @param server where to connect
	 * @param configuration how to connect
	 * @param release called when the client is no longer used
	 */
	ProbeClient(RedisStandaloneConfiguration server, LettuceClientConfiguration configuration, Runnable release) {
		this.configuration = configuration;
		this.credentials = credentials(server, configuration);
		this.uri = uri(server, configuration, this.credentials);
		this.client = RedisClient.create(configuration.getClientResources().orElseThrow());
		this.client.setOptions(clientOptions(configuration).mutate().autoReconnect(false).build());
		this.release = release;
	}

	Duration connectTimeout() {
		return clientOptions(this.configuration).getSocketOptions().getConnectTimeout();
	}

	CompletableFuture<StatefulRedisConnection<String, String>> connect() {
		// Lettuce would block while there are no credentials.
		return this.credentials.resolveCredentials()
			.toFuture()
			.thenCompose((resolved) -> this.client.connectAsync(StringCodec.UTF8, this.uri));
	}

	/**
	 * Close the connection, or let it not be made, without waiting for that.
	 */
	@Override
	public void close() {
		this.client.shutdownAsync(0, 2, TimeUnit.SECONDS).whenComplete((closed, failure) -> this.release.run());
	}

	private static ClientOptions clientOptions(LettuceClientConfiguration configuration) {
		return configuration.getClientOptions().orElseThrow();
	}

	private static RedisCredentialsProvider credentials(RedisStandaloneConfiguration server,
			LettuceClientConfiguration configuration) {
		RedisCredentialsProvider credentials = configuration.getRedisCredentialsProviderFactory()
			.orElseGet(() -> new RedisCredentialsProviderFactory() {
			})
			.createCredentialsProvider(server);
		Assert.state(credentials != null, "'credentials' must not be null");
		return credentials;
	}

	private static RedisURI uri(RedisStandaloneConfiguration server, LettuceClientConfiguration configuration,
			RedisCredentialsProvider credentials) {
		RedisURI.Builder uri = RedisURI.builder()
			.withHost(server.getHostName())
			.withPort(server.getPort())
			.withSsl(configuration.isUseSsl())
			.withVerifyPeer(configuration.getVerifyMode())
			.withStartTls(configuration.isStartTls())
			.withAuthentication(credentials);
		configuration.getClientName().ifPresent(uri::withClientName);
		return uri.build();
	}

}
