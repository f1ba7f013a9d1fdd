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

import org.springframework.util.StringUtils;

/**
 * Decision how connections authenticate: with an access key if one is set, else with
 * Microsoft Entra ID tokens. Immutable.
 */
public final class AzureRedisAuthentication {

	/**
	 * Name of the bean with the credential of the emulator.
	 */
	public static final String EMULATOR_CREDENTIAL_BEAN_NAME = "azureRedisEmulatorTokenCredential";

	private final @Nullable String username;

	private final @Nullable String accessKey;

	private AzureRedisAuthentication(@Nullable String username, @Nullable String accessKey) {
		this.username = StringUtils.hasText(username) ? username : null;
		this.accessKey = StringUtils.hasText(accessKey) ? accessKey : null;
	}

	/**
	 * Decide from the configuration properties.
	 * @param properties the properties
	 * @return the decision
	 */
	public static AzureRedisAuthentication of(AzureRedisProperties properties) {
		return new AzureRedisAuthentication(properties.getUsername(), properties.getAccessKey());
	}

	/**
	 * Return this decision for the emulator, whose tokens are not for the configured
	 * user.
	 * @return the decision
	 */
	public AzureRedisAuthentication emulated() {
		return usesAccessKey() ? this : new AzureRedisAuthentication(null, null);
	}

	/**
	 * Return whether connections authenticate with an access key.
	 * @return {@code false} if they authenticate with tokens
	 */
	public boolean usesAccessKey() {
		return this.accessKey != null;
	}

	/**
	 * Return the access key.
	 * @return the access key or {@code null} to authenticate with tokens
	 */
	public @Nullable String getAccessKey() {
		return this.accessKey;
	}

	/**
	 * Return the configured user name.
	 * @return the user name or {@code null} to use the one that belongs to the token or
	 * the access key
	 */
	public @Nullable String getUsername() {
		return this.username;
	}

}
