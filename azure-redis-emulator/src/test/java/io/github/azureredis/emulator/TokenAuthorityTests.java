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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TokenAuthorityTests {

	private static final String OBJECT_ID = "5f0c3c5e-3a5b-4a0e-8f43-6b0f8f0e7a11";

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.500Z");

	private final TokenAuthority authority = new TokenAuthority(Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void whenIssuedThenItIsVerified() {
		IssuedToken token = this.authority.issue(OBJECT_ID, Duration.ofSeconds(2));
		assertThat(token.expiresAt()).isEqualTo("2026-01-01T00:00:03Z");
		assertThat(this.authority.verify(token.text())).isEqualTo(token);
	}

	@Test
	void whenIssuedThenClaimsAreThoseOfEntra() {
		String token = this.authority.issue(OBJECT_ID, Duration.ofHours(1)).text();
		String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
		assertThat(claims).contains("\"aud\":\"https://redis.azure.com\"", "\"oid\":\"" + OBJECT_ID + "\"",
				"\"iss\":\"https://sts.windows.net/", "\"exp\":1767229201", "\"nbf\":1767225600", "\"iat\":1767225600",
				"\"tid\":\"");
		assertThat(claims).doesNotContain("\"sub\":\"" + OBJECT_ID + "\"").contains("\"sub\":\"");
	}

	@Test
	void whenIssuedTwiceThenTokensDiffer() {
		assertThat(this.authority.issue(OBJECT_ID, Duration.ofHours(1)).text())
			.isNotEqualTo(this.authority.issue(OBJECT_ID, Duration.ofHours(1)).text());
	}

	@Test
	void whenAnotherIssuedThenItIsRefused() {
		TokenAuthority other = new TokenAuthority(Clock.fixed(NOW, ZoneOffset.UTC));
		assertThat(this.authority.verify(other.issue(OBJECT_ID, Duration.ofHours(1)).text())).isNull();
	}

	@Test
	void whenClaimsAreOthersThenItIsRefused() {
		String issuer = this.authority.issuer();
		Instant later = NOW.plusSeconds(60);
		String audience = TokenAuthority.AUDIENCE;
		assertThat(verify(audience, issuer, NOW, later)).isNotNull();
		assertThat(verify("https://management.azure.com", issuer, NOW, later)).as("audience").isNull();
		assertThat(verify(audience, "https://sts.windows.net/other/", NOW, later)).as("issuer").isNull();
		assertThat(verify(audience, issuer, later, later)).as("not before").isNull();
		assertThat(verify(audience, issuer, NOW, NOW)).as("expiry").isNull();
	}

	@Test
	void whenItIsNoTokenThenItIsRefused() {
		String token = this.authority.issue(OBJECT_ID, Duration.ofHours(1)).text();
		for (String text : new String[] { "", ".", "..", "a.b", "a.b.c", "a.b.%", token + "x", "x" + token,
				token.substring(0, token.lastIndexOf('.')) }) {
			assertThat(this.authority.verify(text)).as(text).isNull();
		}
	}

	@Test
	void whenPrintedThenTokenIsLeftOut() {
		IssuedToken token = this.authority.issue(OBJECT_ID, Duration.ofHours(1));
		assertThat(token.toString()).contains(OBJECT_ID).doesNotContain(token.text());
	}

	private IssuedToken verify(String audience, String issuer, Instant notBefore, Instant expiresAt) {
		return this.authority
			.verify(this.authority.sign(this.authority.claims(OBJECT_ID, audience, issuer, notBefore, expiresAt)));
	}

}
