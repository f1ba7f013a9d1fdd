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

import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * {@link HealthIndicator} for Azure Redis, by the connection that templates, caches and
 * repositories use. Does not log: what fails is logged where it fails, once and not with
 * each request for health.
 */
final class AzureRedisHealthIndicator implements HealthIndicator {

	private final AzureRedisHealthCheck check;

	AzureRedisHealthIndicator(AzureRedisMonitor monitor, ObjectProvider<RedisConnectionFactory> connectionFactory) {
		Mono<String> ping = Mono.fromCallable(() -> ping(connectionFactory.getObject()));
		this.check = new AzureRedisHealthCheck(monitor, ping.subscribeOn(Schedulers.boundedElastic()));
	}

	@Override
	public @Nullable Health health() {
		return this.check.health().block();
	}

	private static @Nullable String ping(RedisConnectionFactory connectionFactory) {
		try (RedisConnection connection = connectionFactory.getConnection()) {
			return connection.ping();
		}
	}

}
