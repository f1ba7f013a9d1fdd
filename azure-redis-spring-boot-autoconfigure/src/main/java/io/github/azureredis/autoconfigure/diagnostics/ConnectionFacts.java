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

package io.github.azureredis.autoconfigure.diagnostics;

import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisEndpoint;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What is known of the connections to Azure Redis.
 *
 * @param endpoint where they lead
 * @param properties how they are configured
 * @param tokenObjectId the object id that the token speaks for, if there is one that
 * tells
 */
record ConnectionFacts(AzureRedisEndpoint endpoint, AzureRedisProperties properties,
		Supplier<@Nullable String> tokenObjectId) {

	/**
	 * The instance, as one would say it to the user.
	 */
	String redis() {
		return "Redis at '" + address() + "'";
	}

	String address() {
		return this.endpoint.host() + ":" + this.endpoint.port();
	}

	boolean usesAccessKey() {
		return StringUtils.hasText(this.properties.getAccessKey());
	}

	/**
	 * The configured user name, if it is there to replace the token's object id.
	 */
	@Nullable String username() {
		String username = this.properties.getUsername();
		return StringUtils.hasText(username) ? username : null;
	}

	@Nullable String objectId() {
		return usesAccessKey() ? null : this.tokenObjectId.get();
	}

	/**
	 * Who the connections are authenticated as, as one would say it to the user.
	 */
	String user() {
		if (usesAccessKey()) {
			return "the access key";
		}
		String objectId = objectId();
		return (objectId != null) ? "the identity with the object id '" + objectId + "'" : "the application's identity";
	}

}
