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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;

/**
 * Address of a Redis instance. A bean of this type replaces {@code azure.redis.host},
 * {@code azure.redis.port} and {@code azure.redis.ssl.*}. Immutable.
 *
 * @since 0.1.0
 */
public final class AzureRedisInstance {

	private final @Nullable String name;

	private final String host;

	private final int port;

	private final @Nullable String portReason;

	private final AzureRedisOffering offering;

	private final @Nullable SslBundle sslBundle;

	private AzureRedisInstance(@Nullable String name, String host, int port, @Nullable String portReason,
			AzureRedisOffering offering, @Nullable SslBundle sslBundle) {
		this.name = name;
		this.host = host;
		this.port = port;
		this.portReason = portReason;
		this.offering = offering;
		this.sslBundle = sslBundle;
	}

	/**
	 * Create an instance.
	 * @param host the host name
	 * @param port the port
	 * @param offering the offering of Azure that the instance belongs to
	 * @param sslBundle the SSL bundle, {@code null} for connections without TLS
	 * @return the instance
	 * @see SslBundle#systemDefault()
	 */
	public static AzureRedisInstance of(String host, int port, AzureRedisOffering offering,
			@Nullable SslBundle sslBundle) {
		return new AzureRedisInstance(null, host, port, null, offering, sslBundle);
	}

	/**
	 * Create an instance from configuration properties that have been checked.
	 * @param host the host name
	 * @param port the port, {@code null} for the default port of the offering
	 * @param sslBundle the SSL bundle, {@code null} for connections without TLS
	 * @return the instance
	 */
	static AzureRedisInstance ofProperties(String host, @Nullable Integer port, @Nullable SslBundle sslBundle) {
		String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
		AzureRedisOffering offering = AzureRedisOffering.ofHost(name);
		Integer effectivePort = (port != null) ? port : offering.defaultPort();
		Assert.state(effectivePort != null, "'port' must not be null");
		return new AzureRedisInstance(null, name, effectivePort, (port != null) ? "azure.redis.port" : "host name",
				offering, sslBundle);
	}

	/**
	 * Return this address for a named instance.
	 * @param name the name of the instance
	 * @return an instance with that name
	 */
	public AzureRedisInstance withName(String name) {
		String portReason = (this.portReason != null)
				? this.portReason.replace("azure.redis.", "azure.redis.instances." + name + ".") : null;
		return new AzureRedisInstance(name, this.host, this.port, portReason, this.offering, this.sslBundle);
	}

	/**
	 * Return the name of the instance.
	 * @return the name below {@code azure.redis.instances}, {@code null} for the default
	 * instance
	 */
	public @Nullable String getName() {
		return this.name;
	}

	/**
	 * Return the host name.
	 * @return the host name
	 */
	public String getHost() {
		return this.host;
	}

	/**
	 * Return the port.
	 * @return the port
	 */
	public int getPort() {
		return this.port;
	}

	/**
	 * Return where the port comes from.
	 * @return a short description
	 */
	public String getPortReason() {
		return (this.portReason != null) ? this.portReason : "AzureRedisInstance bean";
	}

	/**
	 * Return host name and port.
	 * @return the address, as in {@code localhost:6380}
	 */
	public String getAddress() {
		return this.host + ":" + this.port;
	}

	/**
	 * Return the offering of Azure that the instance belongs to.
	 * @return the offering
	 */
	public AzureRedisOffering getOffering() {
		return this.offering;
	}

	/**
	 * Return the SSL bundle.
	 * @return the SSL bundle or {@code null} for connections without TLS
	 */
	public @Nullable SslBundle getSslBundle() {
		return this.sslBundle;
	}

	/**
	 * Return whether connections use TLS.
	 * @return whether there is an SSL bundle
	 */
	public boolean isSslEnabled() {
		return this.sslBundle != null;
	}

	boolean isFromProperties() {
		return this.portReason != null;
	}

	/**
	 * Return the address, and the name if there is one.
	 */
	@Override
	public String toString() {
		return (this.name != null) ? getAddress() + " (instance '" + this.name + "')" : getAddress();
	}

}
