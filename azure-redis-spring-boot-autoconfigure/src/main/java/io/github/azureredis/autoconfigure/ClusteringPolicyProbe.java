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
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.azureredis.token.EntraTokenException;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.api.StatefulRedisConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.core.NestedExceptionUtils;

/**
 * Asks an instance whether it is clustered, over a connection of its own.
 */
class ClusteringPolicyProbe {

	private final AzureRedisOffering offering;

	private final Supplier<ProbeClient> client;

	ClusteringPolicyProbe(AzureRedisOffering offering, Supplier<ProbeClient> client) {
		this.offering = offering;
		this.client = client;
	}

	/**
	 * Ask the instance. Ends within the connect timeout.
	 * @return its answer, or why there is none
	 */
	Answer ask() {
		try (ProbeClient client = this.client.get()) {
			return ask(client);
		}
		catch (BeanCreationException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof BeanCurrentlyInCreationException cause) {
				return Answer.none("a bean that customizes clients of Redis needs the bean '" + cause.getBeanName()
						+ "', which cannot be there before the answer");
			}
			throw ex;
		}
	}

	private Answer ask(ProbeClient client) {
		Duration timeout = client.connectTimeout();
		CompletableFuture<Answer> answer = client.connect().thenCompose(this::ask);
		try {
			return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			return Answer.none(reason(ex));
		}
		catch (TimeoutException ex) {
			return Answer.none("there was no answer within " + timeout.toMillis() + " ms");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Answer.none("the thread was interrupted");
		}
	}

	private CompletableFuture<Answer> ask(StatefulRedisConnection<String, String> connection) {
		return connection.async()
			.clusterSlots()
			.toCompletableFuture()
			.thenApply((slots) -> new Answer(AzureRedisClusteringPolicy.OSS, "slots"))
			.exceptionallyCompose((failure) -> {
				Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
				return isRefusal(cause) ? CompletableFuture.completedFuture(refused(String.valueOf(cause.getMessage())))
						: CompletableFuture.failedFuture(cause);
			});
	}

	private static String reason(Throwable failure) {
		for (Throwable current = failure; current != null; current = current.getCause()) {
			if (current instanceof EntraTokenException) {
				return String.valueOf(current.getMessage());
			}
		}
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return cause.getClass().getSimpleName() + ": " + cause.getMessage();
	}

	private static boolean isRefusal(Throwable failure) {
		return failure instanceof RedisCommandExecutionException
				&& !(failure instanceof RedisLoadingException || failure instanceof RedisBusyException);
	}

	private Answer refused(String reply) {
		boolean singleNode = this.offering == AzureRedisOffering.CACHE_FOR_REDIS
				|| reply.toLowerCase(Locale.ROOT).contains("cluster support disabled");
		return new Answer(singleNode ? AzureRedisClusteringPolicy.NONE : AzureRedisClusteringPolicy.ENTERPRISE, reply);
	}

	/**
	 * What the instance says.
	 *
	 * @param policy its policy, {@code null} if it could not be asked
	 * @param text its reply to {@code CLUSTER SLOTS}, or why there is none
	 */
	record Answer(@Nullable AzureRedisClusteringPolicy policy, String text) {

		private static Answer none(String reason) {
			return new Answer(null, reason);
		}

	}

}
