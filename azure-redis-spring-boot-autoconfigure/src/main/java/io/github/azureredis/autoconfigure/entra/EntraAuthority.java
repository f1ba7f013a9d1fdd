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

package io.github.azureredis.autoconfigure.entra;

import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The Microsoft Entra ID to get tokens from, since each Azure cloud has its own. It is
 * the one that the application names for Spring Cloud Azure or for azure-identity, or
 * else that of the cloud in which its Redis is.
 *
 * @param configured URL of the one that the application names
 * @param ofHost the cloud that the host name of the Redis instance tells
 */
record EntraAuthority(@Nullable String configured, @Nullable Cloud ofHost) {

	private static final String PROFILE = "spring.cloud.azure.profile.";

	/**
	 * Find the authority.
	 * @param environment the environment of the application
	 * @param host the host name of the Redis instance
	 * @return the authority
	 */
	static EntraAuthority of(Environment environment, String host) {
		return new EntraAuthority(configured(environment), Cloud.ofHost(host));
	}

	/**
	 * Resolve in the order of Spring Cloud Azure, which takes the environment variable
	 * for its property, so that the same settings mean the same without it.
	 */
	private static @Nullable String configured(Environment environment) {
		String url = environment.getProperty(PROFILE + "environment.active-directory-endpoint");
		if (!StringUtils.hasText(url)) {
			url = environment.getProperty("AZURE_AUTHORITY_HOST");
		}
		if (StringUtils.hasText(url)) {
			return url;
		}
		Cloud cloud = Cloud.ofType(environment.getProperty(PROFILE + "cloud-type", ""));
		return (cloud != null) ? cloud.authority : null;
	}

	/**
	 * Return the URL.
	 * @return the URL, {@code null} for the default of azure-identity
	 */
	@Nullable String url() {
		if (this.configured != null) {
			return this.configured;
		}
		return (this.ofHost != null) ? this.ofHost.authority : null;
	}

	/**
	 * The clouds, named as Spring Cloud Azure does.
	 */
	enum Cloud {

		AZURE("https://login.microsoftonline.com/", null),

		AZURE_US_GOVERNMENT("https://login.microsoftonline.us/", ".usgovcloudapi.net"),

		AZURE_CHINA("https://login.chinacloudapi.cn/", ".chinacloudapi.cn");

		private final String authority;

		private final @Nullable String hostSuffix;

		Cloud(String authority, @Nullable String hostSuffix) {
			this.authority = authority;
			this.hostSuffix = hostSuffix;
		}

		private static @Nullable Cloud ofType(String type) {
			String name = type.trim().replace('-', '_').toUpperCase(Locale.ROOT);
			return Arrays.stream(values()).filter((cloud) -> cloud.name().equals(name)).findFirst().orElse(null);
		}

		private static @Nullable Cloud ofHost(String host) {
			String name = host.toLowerCase(Locale.ROOT);
			return Arrays.stream(values())
				.filter((cloud) -> cloud.hostSuffix != null && name.endsWith(cloud.hostSuffix))
				.findFirst()
				.orElse(null);
		}

	}

}
