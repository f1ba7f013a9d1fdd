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
 * An access token of Microsoft Entra ID, with its expiry and the identity that it speaks
 * for. Immutable. Two tokens are the same only if they are the same object.
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
	 * The token itself, to be sent to the server and shown to nobody else.
	 * @return the token
	 */
	public String value() {
		return this.value;
	}

	/**
	 * The moment from which the server does not accept this token any more, and closes
	 * the connections that were authenticated with it.
	 * @return the expiry
	 */
	public Instant expiresAt() {
		return this.expiresAt;
	}

	/**
	 * The object id ({@code oid} claim) of the identity that this token speaks for. It is
	 * the user name that Azure expects.
	 * @return the object id or {@code null} if the token does not tell
	 */
	public @Nullable String objectId() {
		return this.objectId;
	}

	Instant issuedAt() {
		return this.issuedAt;
	}

	Duration lifetime() {
		return Duration.between(this.issuedAt, this.expiresAt);
	}

	boolean isValidAt(Instant time) {
		return time.isBefore(this.expiresAt);
	}

	/**
	 * A description without the token's text.
	 */
	@Override
	public String toString() {
		return "EntraToken[objectId=" + this.objectId + ", expiresAt=" + this.expiresAt + "]";
	}

}
