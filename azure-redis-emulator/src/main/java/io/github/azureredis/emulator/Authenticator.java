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

package io.github.azureredis.emulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Decides on the credentials of an {@code AUTH} or a {@code HELLO ... AUTH}.
 */
final class Authenticator {

	private final TokenAuthority authority;

	private final Identities identities;

	private final EmulatorFaults faults;

	private final @Nullable String accessKey;

	Authenticator(TokenAuthority authority, Identities identities, EmulatorFaults faults, @Nullable String accessKey) {
		this.authority = authority;
		this.identities = identities;
		this.faults = faults;
		this.accessKey = accessKey;
	}

	/**
	 * Returns who the credentials stand for, or {@code null} if they are refused.
	 */
	@Nullable Identity authenticate(String user, String password) {
		if (this.faults.refusesAuthentication()) {
			return null;
		}
		String secret = this.identities.serverSecret(user);
		if (secret == null) {
			return null;
		}
		if (user.equals(Identities.ACCESS_KEY_USER)) {
			return isAccessKey(password) ? new Identity(user, secret, null) : null;
		}
		IssuedToken token = this.authority.verify(password);
		return (token != null && token.objectId().equals(user)) ? new Identity(user, secret, token.expiresAt()) : null;
	}

	private boolean isAccessKey(String password) {
		return this.accessKey != null && MessageDigest.isEqual(this.accessKey.getBytes(StandardCharsets.UTF_8),
				password.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * An accepted identity.
	 *
	 * @param user the user in the server behind the front
	 * @param serverSecret that user's password there
	 * @param expiresAt when the identity ends, if it does
	 */
	record Identity(String user, String serverSecret, @Nullable Instant expiresAt) {

	}

}
