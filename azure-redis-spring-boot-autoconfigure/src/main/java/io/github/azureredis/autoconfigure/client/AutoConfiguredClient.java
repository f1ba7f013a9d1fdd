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

package io.github.azureredis.autoconfigure.client;

import java.util.function.Supplier;

import io.lettuce.core.AbstractRedisClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Supplier of the client of the connection factory that Spring Boot auto-configures,
 * {@code null} while there is none. Spring Data creates a new client whenever the factory
 * is started. Creates neither the factory nor a client. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AutoConfiguredClient implements Supplier<@Nullable AbstractRedisClient> {

	/**
	 * Name of the connection factory that Spring Boot auto-configures.
	 */
	private static final String CONNECTION_FACTORY = "redisConnectionFactory";

	private final SingletonBeanRegistry beans;

	/**
	 * Create a supplier.
	 * @param beans the beans of the application
	 */
	public AutoConfiguredClient(SingletonBeanRegistry beans) {
		this.beans = beans;
	}

	@Override
	public @Nullable AbstractRedisClient get() {
		return clientOf(this.beans.getSingleton(CONNECTION_FACTORY));
	}

	/**
	 * Return the client of a connection factory.
	 * @param connectionFactory the connection factory, of any kind
	 * @return the client of Lettuce or {@code null} if there is none
	 */
	public static @Nullable AbstractRedisClient clientOf(@Nullable Object connectionFactory) {
		try {
			return (connectionFactory instanceof LettuceConnectionFactory factory) ? factory.getNativeClient() : null;
		}
		catch (IllegalStateException ex) {
			// The factory is stopped.
			return null;
		}
	}

}
