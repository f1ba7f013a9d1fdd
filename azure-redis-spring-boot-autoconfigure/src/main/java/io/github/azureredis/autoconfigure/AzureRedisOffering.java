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

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Offerings of Redis on Azure.
 *
 * @since 0.1.0
 */
public enum AzureRedisOffering {

	/**
	 * Azure Managed Redis, and the Enterprise tiers of Azure Cache for Redis.
	 */
	MANAGED_REDIS(10000, ".redis.azure.net", ".redisenterprise.cache.azure.net", ".redis.usgovcloudapi.net",
			".redis.chinacloudapi.cn"),

	/**
	 * The Basic, Standard and Premium tiers of Azure Cache for Redis.
	 */
	CACHE_FOR_REDIS(6380, ".redis.cache.windows.net", ".redis.cache.usgovcloudapi.net",
			".redis.cache.chinacloudapi.cn"),

	/**
	 * An offering that the host name does not tell.
	 */
	UNKNOWN(null);

	private final @Nullable Integer defaultPort;

	private final List<String> hostSuffixes;

	AzureRedisOffering(@Nullable Integer defaultPort, String... hostSuffixes) {
		this.defaultPort = defaultPort;
		this.hostSuffixes = List.of(hostSuffixes);
	}

	@Nullable Integer defaultPort() {
		return this.defaultPort;
	}

	/**
	 * Return the offering that a host name belongs to.
	 * @param host the host name
	 * @return the offering or {@link #UNKNOWN} if the name is not a name of Azure
	 */
	public static AzureRedisOffering ofHost(String host) {
		String name = host.toLowerCase(Locale.ROOT);
		name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		for (AzureRedisOffering offering : values()) {
			if (offering.hostSuffixes.stream().anyMatch(name::endsWith)) {
				return offering;
			}
		}
		return UNKNOWN;
	}

	/**
	 * Return a sentence on the ports of all offerings, for messages.
	 * @return the sentence, without a period
	 */
	public static String describePorts() {
		return "Azure Managed Redis listens on " + MANAGED_REDIS.defaultPort + ", Azure Cache for Redis on "
				+ CACHE_FOR_REDIS.defaultPort;
	}

}
