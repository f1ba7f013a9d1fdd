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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenClaims}.
 */
class TokenClaimsTests {

	@Test
	void whenJsonWebTokenThenReadsObjectIdAndTimes() {
		TokenClaims claims = TokenClaims
			.of(jwt("{\"aud\":[\"a\",{\"b\":1}],\"sub\":\"other\",\"oid\":\"me\",\"iat\":100,\"exp\":200}"));
		assertThat(claims).isEqualTo(new TokenClaims("me", Instant.ofEpochSecond(100), Instant.ofEpochSecond(200)));
	}

	@Test
	void whenClaimsHaveOtherTypesThenIgnoresThem() {
		TokenClaims claims = TokenClaims.of(jwt("{\"oid\":{\"oid\":\"nested\"},\"iat\":\"100\",\"exp\":null}"));
		assertThat(claims).isEqualTo(new TokenClaims(null, null, null));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "opaque", "a.b", "a.%%%.c", "a.e30.c", "a.bm90IGpzb24.c", "a.W10.c", "a.bnVsbA.c", "a..c" })
	void whenNotJsonWebTokenThenHasNoClaims(String token) {
		assertThat(TokenClaims.of(token)).isEqualTo(new TokenClaims(null, null, null));
	}

	static String jwt(String payload) {
		return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8))
				+ ".c2ln";
	}

}
