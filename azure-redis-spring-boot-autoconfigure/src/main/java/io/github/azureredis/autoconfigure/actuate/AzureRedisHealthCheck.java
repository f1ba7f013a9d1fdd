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

package io.github.azureredis.autoconfigure.actuate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus;
import io.github.azureredis.token.EntraTokenStatus;
import io.github.azureredis.token.FailureReasons;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.Health;

/**
 * Health check that sends PING, which every identity may send, and adds the status of the
 * token.
 * <p>
 * A check ends after {@link #LONGEST_WAIT}. A PING that takes longer goes on, and checks
 * that come meanwhile wait for the same one, so that a server that does not answer
 * collects neither commands nor threads. An instance that the application does not use is
 * not connected to: this would be its only connection, and the only reason for its token.
 */
final class AzureRedisHealthCheck {

	static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final Supplier<AzureRedisStatus> status;

	private final BooleanSupplier used;

	private final Mono<?> ping;

	private @Nullable CompletableFuture<?> underWay;

	/**
	 * Create a check.
	 * @param status supplier of what is known
	 * @param used whether the application uses the instance
	 * @param ping sends a PING for each subscription, and does not block the subscriber
	 */
	AzureRedisHealthCheck(Supplier<AzureRedisStatus> status, BooleanSupplier used, Mono<?> ping) {
		this.status = status;
		this.used = used;
		this.ping = ping;
	}

	Mono<Health> health() {
		return Mono.defer(() -> {
			AzureRedisStatus status = this.status.get();
			if (!this.used.getAsBoolean()) {
				return Mono.just(unused(status));
			}
			// A connection that still lives is about to be closed, and a new one would
			// only wait for the token.
			return status.isTokenMissing() ? Mono.just(health(status, null)) : healthByPing();
		});
	}

	private Mono<Health> healthByPing() {
		return Mono.fromFuture(this::pingUnderWay, true)
			.timeout(LONGEST_WAIT, Mono.error(AzureRedisHealthCheck::noAnswer))
			.then(Mono.fromSupplier(() -> health(this.status.get(), null)))
			.onErrorResume((ex) -> Mono.fromSupplier(() -> health(this.status.get(), ex)));
	}

	private synchronized CompletableFuture<?> pingUnderWay() {
		CompletableFuture<?> ping = this.underWay;
		if (ping == null || ping.isDone()) {
			ping = this.ping.toFuture();
			this.underWay = ping;
		}
		return ping;
	}

	private static TimeoutException noAnswer() {
		return new TimeoutException("No answer to PING within " + LONGEST_WAIT.toSeconds() + " s");
	}

	private static Health unused(AzureRedisStatus status) {
		Health.Builder builder = Health.unknown();
		addEndpoint(builder, status);
		return builder.withDetail("unused", "No bean has needed the connection factory yet").build();
	}

	private static Health health(AzureRedisStatus status, @Nullable Throwable failure) {
		Health.Builder builder = Health.up();
		addEndpoint(builder, status);
		EntraTokenStatus token = status.getToken();
		if (token != null) {
			addToken(builder, token);
		}
		if (status.isTokenMissing()) {
			builder.down().withDetail("error", "There is no valid token, and no connection can be made without one");
		}
		else if (failure != null) {
			builder.down().withDetail("error", String.join("; ", FailureReasons.of(failure)));
		}
		return builder.build();
	}

	private static void addEndpoint(Health.Builder builder, AzureRedisStatus status) {
		builder.withDetail("endpoint", status.getInstance().getAddress());
		AzureRedisStatus.Clustering clustering = status.getClustering();
		if (clustering != null) {
			builder.withDetail("clusteringPolicy", clustering.getPolicy());
			addIfKnown(builder, "clusteringProblem", clustering.getProblem());
		}
		builder.withDetail("authentication", status.getAuthentication().getMethod());
		addIfKnown(builder, "user", status.getAuthentication().getUsername());
	}

	private static void addToken(Health.Builder builder, EntraTokenStatus token) {
		addIfKnown(builder, "tokenRenewedAt", token.getRenewedAt());
		addIfKnown(builder, "tokenExpiresAt", token.getExpiresAt());
		if (token.getFailingSince() != null) {
			builder.withDetail("failingSince", token.getFailingSince());
			builder.withDetail("reason", String.join("; ", token.getReasons()));
		}
	}

	private static void addIfKnown(Health.Builder builder, String name, @Nullable Object value) {
		if (value != null) {
			builder.withDetail(name, value);
		}
	}

}
