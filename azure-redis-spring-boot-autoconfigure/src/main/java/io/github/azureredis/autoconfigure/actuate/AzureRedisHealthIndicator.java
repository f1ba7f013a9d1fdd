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

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.instances.NamedInstance;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus;
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

	/**
	 * Create an indicator for the default instance.
	 * @param monitor what is known
	 * @param connectionFactory the connection factory
	 */
	AzureRedisHealthIndicator(AzureRedisMonitor monitor, ObjectProvider<RedisConnectionFactory> connectionFactory) {
		this(monitor::getStatus, () -> true, connectionFactory::getObject);
	}

	/**
	 * Create an indicator for a named instance.
	 * @param monitor what is known
	 * @param instance the instance
	 */
	AzureRedisHealthIndicator(AzureRedisMonitor monitor, NamedInstance instance) {
		this(() -> monitor.getStatus(instance.getName()), instance::isUsed, instance::getConnectionFactory);
	}

	private AzureRedisHealthIndicator(Supplier<AzureRedisStatus> status, BooleanSupplier used,
			Supplier<? extends RedisConnectionFactory> connectionFactory) {
		Mono<String> ping = Mono.fromCallable(() -> ping(connectionFactory.get()));
		this.check = new AzureRedisHealthCheck(status, used, ping.subscribeOn(Schedulers.boundedElastic()));
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
