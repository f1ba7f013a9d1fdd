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

import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.TokenRenewedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Facts of the connections to Azure Redis, for explanations.
 *
 * @param instance the instance
 * @param authentication the authentication
 * @param sslBundle the name of the configured SSL bundle
 * @param tokenObjectId the object id of the token, {@code null} if it is not known
 * @param tokenExpired whether the last token has expired
 */
record ConnectionFacts(AzureRedisInstance instance, AzureRedisAuthentication authentication, @Nullable String sslBundle,
		Supplier<@Nullable String> tokenObjectId, BooleanSupplier tokenExpired) {

	/**
	 * Return the name of the instance for messages.
	 */
	String redis() {
		String name = this.instance.getName();
		String redis = "Redis at '" + this.instance.getAddress() + "'";
		return (name != null) ? redis + " (instance '" + name + "')" : redis;
	}

	boolean usesAccessKey() {
		return this.authentication.usesAccessKey();
	}

	@Nullable String username() {
		return this.authentication.getUsername();
	}

	@Nullable String objectId() {
		return usesAccessKey() ? null : this.tokenObjectId.get();
	}

	/**
	 * Return the name of the user for messages.
	 */
	String user() {
		if (usesAccessKey()) {
			return "the access key";
		}
		String objectId = objectId();
		return (objectId != null) ? "the identity with the object id '" + objectId + "'" : "the application's identity";
	}

	/**
	 * {@link EntraTokenListener} that remembers the last token's object id and expiry,
	 * also for a context that has failed to start and has closed its token provider.
	 */
	static class TokenIdentity implements EntraTokenListener, DefaultInstanceOnly {

		private volatile @Nullable TokenRenewedEvent last;

		@Override
		public void onTokenRenewed(TokenRenewedEvent event) {
			this.last = event;
		}

		@Nullable String getObjectId() {
			TokenRenewedEvent last = this.last;
			return (last != null) ? last.getObjectId() : null;
		}

		boolean isExpired() {
			TokenRenewedEvent last = this.last;
			return last != null && !Instant.now().isBefore(last.getExpiresAt());
		}

	}

}
