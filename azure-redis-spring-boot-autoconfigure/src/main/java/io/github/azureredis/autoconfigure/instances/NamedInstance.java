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

package io.github.azureredis.autoconfigure.instances;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.client.AutoConfiguredClient;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Instance;
import io.lettuce.core.AbstractRedisClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Named instance: its settings, and the parts that {@linkplain InstanceFeature features}
 * add to it. The connection factory takes the parts of the types that it knows, such as
 * customizers and listeners. Parts that can be closed are closed with the instance, the
 * last one first.
 */
public final class NamedInstance {

	private static final Logger logger = LoggerFactory.getLogger(NamedInstance.class);

	private final String name;

	private final Instance ownProperties;

	private final AzureRedisProperties properties;

	private final DataRedisProperties dataRedisProperties;

	private final AzureRedisInstance instance;

	private final AzureRedisAuthentication authentication;

	private final List<Object> parts = new ArrayList<>();

	private volatile @Nullable LettuceConnectionFactory connectionFactory;

	NamedInstance(String name, Instance ownProperties, AzureRedisProperties properties,
			DataRedisProperties dataRedisProperties, AzureRedisInstance instance,
			AzureRedisAuthentication authentication) {
		this.name = name;
		this.ownProperties = ownProperties;
		this.properties = properties;
		this.dataRedisProperties = dataRedisProperties;
		this.instance = instance;
		this.authentication = authentication;
	}

	/**
	 * Return the name of the instance.
	 * @return the name
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Return the properties of the instance without those that it inherits.
	 * @return the properties
	 */
	public Instance getOwnProperties() {
		return this.ownProperties;
	}

	/**
	 * Return the properties of the instance, with those that it inherits.
	 * @return the properties
	 */
	public AzureRedisProperties getProperties() {
		return this.properties;
	}

	/**
	 * Return the properties for connections of the instance, with those that it inherits.
	 * @return the properties
	 */
	public DataRedisProperties getDataRedisProperties() {
		return this.dataRedisProperties;
	}

	/**
	 * Return the address.
	 * @return the instance
	 */
	public AzureRedisInstance getInstance() {
		return this.instance;
	}

	/**
	 * Return how connections authenticate.
	 * @return the authentication
	 */
	public AzureRedisAuthentication getAuthentication() {
		return this.authentication;
	}

	/**
	 * Return the current client.
	 * @return the client or {@code null} if the connection factory has not been created
	 * or is stopped
	 */
	public @Nullable AbstractRedisClient getClient() {
		return AutoConfiguredClient.clientOf(this.connectionFactory);
	}

	/**
	 * Return whether something has needed the connection factory. Before that, there is
	 * neither a connection nor a token.
	 * @return whether there is a connection factory
	 */
	public boolean isUsed() {
		return this.connectionFactory != null;
	}

	/**
	 * Return the connection factory.
	 * @return the connection factory
	 * @throws IllegalStateException if the instance is not {@linkplain #isUsed() used}
	 */
	public LettuceConnectionFactory getConnectionFactory() {
		LettuceConnectionFactory connectionFactory = this.connectionFactory;
		if (connectionFactory == null) {
			throw new IllegalStateException("'" + this.name + "' is not used");
		}
		return connectionFactory;
	}

	void setConnectionFactory(LettuceConnectionFactory connectionFactory) {
		this.connectionFactory = connectionFactory;
	}

	/**
	 * Add a part.
	 * @param part the part
	 */
	public void add(Object part) {
		this.parts.add(part);
	}

	/**
	 * Return the part of a type.
	 * @param <T> the type
	 * @param type the type
	 * @return the first part of the type
	 * @throws IllegalStateException if there is none
	 */
	public <T> T get(Class<T> type) {
		return all(type).findFirst()
			.orElseThrow(() -> new IllegalStateException("'" + this.name + "' has no " + type.getSimpleName()));
	}

	/**
	 * Return the parts of a type.
	 * @param <T> the type
	 * @param type the type
	 * @return the parts, in the order in which they were added
	 */
	public <T> Stream<T> all(Class<T> type) {
		return this.parts.stream().filter(type::isInstance).map(type::cast);
	}

	void close() {
		List<AutoCloseable> parts = new ArrayList<>(all(AutoCloseable.class).toList());
		while (!parts.isEmpty()) {
			try {
				parts.remove(parts.size() - 1).close();
			}
			catch (Exception ex) {
				logger.warn("Failed to close a part of Azure Redis instance '{}'", this.name, ex);
			}
		}
	}

}
