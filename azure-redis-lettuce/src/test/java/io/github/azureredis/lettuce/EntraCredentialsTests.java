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

package io.github.azureredis.lettuce;

import java.time.Duration;

import io.github.azureredis.token.EntraTokenException;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TestTokens;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link EntraCredentials}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EntraCredentialsTests {

	private final EntraTokenProvider tokens = mock();

	@Test
	void whenAnAddressIsPrintedThenItNamesTheUserAndWaitsForNoToken() {
		try (EntraTokenProvider silent = EntraTokenProvider.builder((request) -> Mono.never()).build()) {
			RedisURI uri = RedisURI.builder()
				.withHost("localhost")
				.withAuthentication(new EntraCredentials(silent, "me"))
				.build();
			assertThat(uri.toString()).contains("localhost");
			assertThat(Mono.fromCallable(uri::toString).subscribeOn(Schedulers.parallel()).toFuture())
				.succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@Test
	void whenThereIsATokenThenPrintingShowsNothingOfIt() {
		currentToken("secret", "me");
		RedisURI uri = RedisURI.builder()
			.withHost("localhost")
			.withAuthentication(new EntraCredentials(this.tokens, null))
			.build();
		assertThat(uri.toString()).doesNotContain("secret").doesNotContain("*****");
	}

	@Test
	void whenConnectionHasNoGateThenItGetsTheTokenAndAWarningIsLoggedOnce(CapturedOutput output) {
		currentToken("secret", "me");
		EntraCredentials credentials = new EntraCredentials(this.tokens, null);
		for (int i = 0; i < 2; i++) {
			RedisCredentials resolved = credentials.resolveCredentialsNow();
			assertThat(resolved.getUsername()).isEqualTo("me");
			assertThat(resolved.getPassword()).containsExactly("secret".toCharArray());
		}
		assertThat(output).containsOnlyOnce("ClientResources of a client have been replaced").doesNotContain("secret");
	}

	@Test
	void whenConnectionHasNoGateAndThereIsNoTokenThenSaysWhy() {
		EntraTokenException reason = TestTokens.exception(Duration.ZERO);
		given(this.tokens.noTokenWithin(Duration.ZERO)).willReturn(reason);
		assertThatExceptionOfType(EntraTokenException.class)
			.isThrownBy(() -> new EntraCredentials(this.tokens, "me").resolveCredentialsNow())
			.isSameAs(reason);
	}

	@Test
	void whenConnectionHasAGateThenItGetsAPlaceholder() {
		currentToken("secret", "me");
		EntraCredentials credentials = new EntraCredentials(this.tokens, null);
		credentials.runGated(() -> {
			credentials.runGated(() -> {
			});
			assertThat(credentials.resolveCredentialsNow().getPassword()).isNotEqualTo("secret".toCharArray());
		});
		assertThat(credentials.resolveCredentialsNow().getPassword()).isEqualTo("secret".toCharArray());
	}

	private void currentToken(String value, String objectId) {
		given(this.tokens.currentToken()).willReturn(TestTokens.token(value, objectId, Duration.ofHours(1)));
	}

}
