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
import java.time.OffsetDateTime;
import java.util.concurrent.CompletableFuture;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import io.github.azureredis.token.EntraTokenException;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.RedisCredentials;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link EntraCredentials}.
 */
class EntraCredentialsTests {

	@Test
	void whenThereIsATokenThenItMayBeBlockedForOnAnyThread() {
		try (EntraTokenProvider tokens = provider((request) -> Mono.just(token()))) {
			await().until(() -> tokens.currentToken() != null);
			RedisCredentials credentials = onReactorThread(new EntraCredentials(tokens, "me")).join();
			assertThat(credentials.getUsername()).isEqualTo("me");
			assertThat(credentials.getPassword()).containsExactly("token".toCharArray());
		}
	}

	@Test
	void whenThereIsNoTokenThenReactorThreadsDoNotWaitForIt() {
		try (EntraTokenProvider tokens = provider((request) -> Mono.never())) {
			assertThat(onReactorThread(new EntraCredentials(tokens, "me")).join()).isNull();
		}
	}

	@Test
	void whenThereIsNoTokenThenOtherThreadsWaitAndLearnWhy() {
		try (EntraTokenProvider tokens = provider((request) -> Mono.error(new IllegalStateException("down")))) {
			assertThatExceptionOfType(EntraTokenException.class)
				.isThrownBy(() -> new EntraCredentials(tokens, "me").resolveCredentials().block())
				.withMessageContaining("down");
		}
	}

	@Test
	void whenTokenNamesNoObjectIdAndNoUsernameIsSetThenSaysSo() {
		try (EntraTokenProvider tokens = provider((request) -> Mono.just(token()))) {
			assertThatIllegalStateException()
				.isThrownBy(() -> new EntraCredentials(tokens, null).resolveCredentials().block())
				.withMessageContaining("names no object id");
		}
	}

	private static EntraTokenProvider provider(TokenCredential credential) {
		return EntraTokenProvider.builder(credential).requestTimeout(Duration.ofMillis(500)).build();
	}

	private static AccessToken token() {
		return new AccessToken("token", OffsetDateTime.now().plusHours(1));
	}

	private static CompletableFuture<@Nullable RedisCredentials> onReactorThread(EntraCredentials credentials) {
		return CompletableFuture.supplyAsync(() -> credentials.resolveCredentials().block(),
				Schedulers.parallel()::schedule);
	}

}
