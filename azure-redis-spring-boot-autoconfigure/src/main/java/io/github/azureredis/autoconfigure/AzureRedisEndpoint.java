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
 * Where the Redis instance is. A bean of this type takes the place of
 * {@code azure.redis.host}, {@code azure.redis.port} and {@code azure.redis.ssl.*}.
 *
 * @param host the host name
 * @param port the port
 * @param offering what Azure offers the instance as
 * @param sslEnabled whether to use TLS
 * @param sslBundle what to use TLS with, {@code null} for the trust of the JDK
 * @since 0.1.0
 */
public record AzureRedisEndpoint(String host, int port, AzureRedisOffering offering, boolean sslEnabled,
		@Nullable SslBundle sslBundle) {

	static AzureRedisEndpoint of(String host, @Nullable Integer port, @Nullable SslBundle sslBundle) {
		String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
		AzureRedisOffering offering = AzureRedisOffering.ofHost(name);
		Integer effectivePort = (port != null) ? port : offering.defaultPort();
		Assert.state(effectivePort != null, "'port' must not be null");
		return new AzureRedisEndpoint(name, effectivePort, offering, sslBundle != null, sslBundle);
	}

	boolean isLoopback() {
		return this.host.equalsIgnoreCase("localhost") || this.host.matches("127(\\.\\d{1,3}){3}")
				|| this.host.equals("::1");
	}

}
