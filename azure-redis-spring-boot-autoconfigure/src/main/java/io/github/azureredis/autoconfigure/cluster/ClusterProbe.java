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

package io.github.azureredis.autoconfigure.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.lettuce.AzureRedisClientResources;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.token.EntraTokenException;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Question to an instance whether it is clustered, on a connection of its own.
 * <p>
 * The client has the address, the SSL bundle and the credentials of the starter. No
 * customizer of the application is called for it, since many of them depend on what waits
 * for the answer. Its resources are its own as well: when they are shut down, nothing is
 * left of a connection that comes too late.
 */
class ClusterProbe {

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private final AzureRedisInstance instance;

	private final AzureRedisAuthentication authentication;

	private final Supplier<EntraTokenProvider> tokens;

	private final Duration tokenTimeout;

	private final Duration connectTimeout;

	ClusterProbe(AzureRedisInstance instance, AzureRedisAuthentication authentication,
			Supplier<EntraTokenProvider> tokens, Duration tokenTimeout, @Nullable Duration connectTimeout) {
		this.instance = instance;
		this.authentication = authentication;
		this.tokens = tokens;
		this.tokenTimeout = tokenTimeout;
		this.connectTimeout = (connectTimeout != null) ? connectTimeout
				: SocketOptions.DEFAULT_CONNECT_TIMEOUT_DURATION;
	}

	/**
	 * Ask the instance. Waits for the first token, then for the connection, then for the
	 * answer, each with a limit of its own.
	 * @return the answer, or the reason why there is none
	 */
	Answer ask() {
		try {
			if (this.authentication.usesAccessKey()) {
				return askWithClient(null);
			}
			EntraTokenProvider tokens = this.tokens.get();
			awaitToken(tokens);
			try (EntraRedisAuthentication entraAuthentication = EntraRedisAuthentication.builder(tokens)
				.username(this.authentication.getUsername())
				.build()) {
				return askWithClient(entraAuthentication);
			}
		}
		catch (ExecutionException ex) {
			return Answer.none(reason(ex));
		}
		catch (TimeoutException ex) {
			return Answer.none(String.valueOf(ex.getMessage()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Answer.none("the thread was interrupted");
		}
	}

	private void awaitToken(EntraTokenProvider tokens)
			throws ExecutionException, InterruptedException, TimeoutException {
		CompletableFuture<?> token = tokens.token().toFuture();
		try {
			get(token, this.tokenTimeout);
		}
		catch (TimeoutException ex) {
			token.cancel(true);
			List<String> reasons = tokens.getStatus().getReasons();
			throw new TimeoutException("there was no token within " + this.tokenTimeout.toMillis() + " ms"
					+ (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)));
		}
	}

	private Answer askWithClient(@Nullable EntraRedisAuthentication entraAuthentication)
			throws ExecutionException, InterruptedException, TimeoutException {
		ClientResources resources = ClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
		CompletableFuture<?> closed = CompletableFuture.completedFuture(null);
		try {
			RedisClient client = RedisClient.create(decorate(resources, entraAuthentication));
			try {
				client.setOptions(options());
				return ask(client, uri(entraAuthentication));
			}
			finally {
				closed = client.shutdownAsync(0, 2, TimeUnit.SECONDS);
			}
		}
		finally {
			closed.whenComplete((done, failure) -> resources.shutdown(0, 2, TimeUnit.SECONDS));
		}
	}

	private static ClientResources decorate(ClientResources resources,
			@Nullable EntraRedisAuthentication entraAuthentication) {
		return (entraAuthentication != null)
				? AzureRedisClientResources.builder(resources).authentication(entraAuthentication).build() : resources;
	}

	private Answer ask(RedisClient client, RedisURI uri)
			throws ExecutionException, InterruptedException, TimeoutException {
		Duration timeout = uri.getTimeout();
		try {
			return get(client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture().thenCompose(this::ask),
					timeout);
		}
		catch (TimeoutException ex) {
			throw noAnswer(timeout);
		}
	}

	private RedisURI uri(@Nullable EntraRedisAuthentication entraAuthentication) {
		RedisURI.Builder uri = RedisURI.builder()
			.withHost(this.instance.getHost())
			.withPort(this.instance.getPort())
			.withSsl(this.instance.isSslEnabled())
			.withTimeout(this.connectTimeout.plus(ANSWER_TIMEOUT));
		String accessKey = this.authentication.getAccessKey();
		if (accessKey != null) {
			uri.withAuthentication(
					new StaticCredentialsProvider(this.authentication.getUsername(), accessKey.toCharArray()));
		}
		else if (entraAuthentication != null) {
			uri.withAuthentication(entraAuthentication.credentialsProvider());
		}
		return uri.build();
	}

	private ClientOptions options() {
		ClientOptions.Builder options = ClientOptions.builder()
			.autoReconnect(false)
			.socketOptions(SocketOptions.builder().connectTimeout(this.connectTimeout).build());
		SslBundle sslBundle = this.instance.getSslBundle();
		if (sslBundle != null) {
			SslOptions.Builder ssl = SslOptions.builder()
				.handshakeTimeout(this.connectTimeout)
				.keyManager(sslBundle.getManagers().getKeyManagerFactory())
				.trustManager(sslBundle.getManagers().getTrustManagerFactory());
			String[] ciphers = sslBundle.getOptions().getCiphers();
			if (ciphers != null) {
				ssl.cipherSuites(ciphers);
			}
			String[] protocols = sslBundle.getOptions().getEnabledProtocols();
			if (protocols != null) {
				ssl.protocols(protocols);
			}
			options.sslOptions(ssl.build());
		}
		return options.build();
	}

	private CompletableFuture<Answer> ask(StatefulRedisConnection<String, String> connection) {
		return connection.async()
			.clusterSlots()
			.toCompletableFuture()
			.thenApply((slots) -> new Answer(AzureRedisClusteringPolicy.OSS, "slots"))
			.exceptionallyCompose((failure) -> {
				String error = String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
				return ClusterRefusal.isRefusal(error) ? CompletableFuture.completedFuture(refused(error))
						: CompletableFuture.failedFuture(failure);
			});
	}

	private String reason(Throwable failure) {
		for (Throwable current = failure; current != null; current = current.getCause()) {
			if (current instanceof EntraTokenException) {
				return "there was no token: " + current.getMessage();
			}
			if (current instanceof ConnectTimeoutException || current instanceof SslHandshakeTimeoutException) {
				return String.valueOf(noAnswer(this.connectTimeout).getMessage());
			}
		}
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = String.valueOf(cause.getMessage());
		if (message.startsWith("NOPERM")) {
			return "the identity has no permission for CLUSTER SLOTS, which '+cluster' gives: " + message;
		}
		return cause.getClass().getSimpleName() + ": " + message;
	}

	private static <T> T get(Future<T> future, Duration timeout)
			throws ExecutionException, InterruptedException, TimeoutException {
		return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static TimeoutException noAnswer(Duration timeout) {
		return new TimeoutException("there was no answer within " + timeout.toMillis() + " ms");
	}

	private Answer refused(String reply) {
		boolean singleNode = this.instance.getOffering() == AzureRedisOffering.CACHE_FOR_REDIS
				|| ClusterRefusal.isSupportDisabled(reply);
		return new Answer(singleNode ? AzureRedisClusteringPolicy.NONE : AzureRedisClusteringPolicy.ENTERPRISE, reply);
	}

	/**
	 * Answer of the instance.
	 *
	 * @param policy the policy, {@code null} if the instance could not be asked
	 * @param text the reply to {@code CLUSTER SLOTS}, or the reason why there is none
	 */
	record Answer(@Nullable AzureRedisClusteringPolicy policy, String text) {

		private static Answer none(String reason) {
			return new Answer(null, reason);
		}

	}

}
