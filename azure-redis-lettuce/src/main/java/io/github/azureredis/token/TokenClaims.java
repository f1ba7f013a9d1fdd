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

import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Claims of a token that matter for its renewal. They are not verified: the server does
 * that.
 *
 * @param objectId the {@code oid} claim
 * @param issuedAt the {@code iat} claim
 * @param expiresAt the {@code exp} claim
 */
record TokenClaims(@Nullable String objectId, @Nullable Instant issuedAt, @Nullable Instant expiresAt) {

	private static final TokenClaims NONE = new TokenClaims(null, null, null);

	/**
	 * Read the claims of a token.
	 * @param token a token of any form
	 * @return its claims, all {@code null} if the token is not a JSON Web Token
	 */
	static TokenClaims of(String token) {
		String[] parts = token.split("\\.", -1);
		if (parts.length != 3) {
			return NONE;
		}
		try (JsonReader reader = JsonProviders.createReader(Base64.getUrlDecoder().decode(parts[1]))) {
			Map<String, Object> claims = reader.readMap(JsonReader::readUntyped);
			return new TokenClaims((claims.get("oid") instanceof String objectId) ? objectId : null,
					time(claims.get("iat")), time(claims.get("exp")));
		}
		catch (IOException | RuntimeException ex) {
			// Its message may quote the token.
			return NONE;
		}
	}

	private static @Nullable Instant time(@Nullable Object claim) {
		return (claim instanceof Number seconds) ? Instant.ofEpochSecond(seconds.longValue()) : null;
	}

}
