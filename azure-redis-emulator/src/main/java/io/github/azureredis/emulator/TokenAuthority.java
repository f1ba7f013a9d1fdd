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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Issues the emulator's tokens and tells them from all others. A token has the form and
 * the claims of one from Microsoft Entra ID, but is signed with a secret that only this
 * object knows.
 */
final class TokenAuthority {

	static final String AUDIENCE = "https://redis.azure.com";

	private static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";

	private final Clock clock;

	private final SecretKeySpec key;

	private final String tenantId = UUID.randomUUID().toString();

	private final String issuer = "https://sts.windows.net/" + this.tenantId + "/";

	TokenAuthority(Clock clock) {
		this.clock = clock;
		this.key = new SecretKeySpec(Secrets.random().getBytes(StandardCharsets.US_ASCII), "HmacSHA256");
	}

	/**
	 * Issues a token. Its expiry is rounded up to a full second, as that is what its
	 * claims can express.
	 */
	IssuedToken issue(String objectId, Duration lifetime) {
		Instant now = this.clock.instant();
		Instant expiresAt = now.plus(lifetime).plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
		return new IssuedToken(sign(claims(objectId, AUDIENCE, this.issuer, now, expiresAt)), objectId, expiresAt);
	}

	/**
	 * Returns the token if it is one of this authority's, for Redis and not expired, or
	 * {@code null}.
	 */
	@Nullable IssuedToken verify(String token) {
		int end = token.lastIndexOf('.');
		int start = token.indexOf('.');
		if (start < 0 || start == end || !hasSignature(token, end)) {
			return null;
		}
		Map<String, Object> claims = parse(token.substring(start + 1, end));
		Instant expiresAt = Instant.ofEpochSecond(((Number) claims.getOrDefault("exp", 0)).longValue());
		Instant notBefore = Instant.ofEpochSecond(((Number) claims.getOrDefault("nbf", 0)).longValue());
		Instant now = this.clock.instant();
		boolean valid = AUDIENCE.equals(claims.get("aud")) && this.issuer.equals(claims.get("iss"))
				&& !now.isBefore(notBefore) && now.isBefore(expiresAt);
		return valid ? new IssuedToken(token, String.valueOf(claims.get("oid")), expiresAt) : null;
	}

	String claims(String objectId, String audience, String issuer, Instant notBefore, Instant expiresAt) {
		return """
				{"aud":"%s","iss":"%s","iat":%d,"nbf":%d,"exp":%d,"oid":"%s","sub":"%s","tid":"%s","uti":"%s","ver":"1.0"}"""
			.formatted(audience, issuer, notBefore.getEpochSecond(), notBefore.getEpochSecond(),
					expiresAt.getEpochSecond(), objectId, subject(objectId), this.tenantId, UUID.randomUUID());
	}

	String issuer() {
		return this.issuer;
	}

	String sign(String claims) {
		String signed = encode(HEADER.getBytes(StandardCharsets.UTF_8)) + "."
				+ encode(claims.getBytes(StandardCharsets.UTF_8));
		return signed + "." + encode(signature(signed));
	}

	private boolean hasSignature(String token, int end) {
		try {
			byte[] actual = Base64.getUrlDecoder().decode(token.substring(end + 1));
			return MessageDigest.isEqual(actual, signature(token.substring(0, end)));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private byte[] signature(String text) {
		try {
			Mac mac = Mac.getInstance(this.key.getAlgorithm());
			mac.init(this.key);
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Other than for a managed identity in Azure, so that a client that takes the subject
	 * for the object id is found out.
	 */
	private static String subject(String objectId) {
		return UUID.nameUUIDFromBytes(("sub:" + objectId).getBytes(StandardCharsets.UTF_8)).toString();
	}

	private static Map<String, Object> parse(String encodedClaims) {
		try (JsonReader reader = JsonProviders.createReader(Base64.getUrlDecoder().decode(encodedClaims))) {
			return reader.readMap(JsonReader::readUntyped);
		}
		catch (IOException ex) {
			throw new IllegalStateException("A signed token has claims that cannot be read", ex);
		}
	}

	private static String encode(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
