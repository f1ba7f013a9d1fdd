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

package io.github.azureredis.token;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Access token of Microsoft Entra ID with its expiry and the identity that it was issued
 * to. Immutable. Two tokens are equal only if they are the same object.
 *
 * @since 0.1.0
 */
public final class EntraToken {

	private final String value;

	private final Instant issuedAt;

	private final Instant expiresAt;

	private final @Nullable String objectId;

	EntraToken(String value, Instant issuedAt, Instant expiresAt, @Nullable String objectId) {
		this.value = value;
		this.issuedAt = issuedAt;
		this.expiresAt = expiresAt;
		this.objectId = objectId;
	}

	/**
	 * Return the text of the token. It is a secret: send it to the server only.
	 * @return the text of the token
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Return the time at which the token expires. From then on, the server refuses the
	 * token and closes the connections that were authenticated with it.
	 * @return the expiry
	 */
	public Instant getExpiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return the object id ({@code oid} claim) of the identity that the token was issued
	 * to. Azure expects it as the user name.
	 * @return the object id or {@code null} if the token does not contain one
	 */
	public @Nullable String getObjectId() {
		return this.objectId;
	}

	Instant getIssuedAt() {
		return this.issuedAt;
	}

	Duration getLifetime() {
		return Duration.between(this.issuedAt, this.expiresAt);
	}

	boolean isValidAt(Instant time) {
		return time.isBefore(this.expiresAt);
	}

	@Override
	public String toString() {
		return "EntraToken[objectId=" + this.objectId + ", expiresAt=" + this.expiresAt + "]";
	}

}
