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
 * Tokens for tests. In this package because only the library itself creates them.
 */
public final class TestTokens {

	private TestTokens() {
	}

	public static EntraToken token(String value, Duration life) {
		return token(value, null, life);
	}

	public static EntraToken token(String value, @Nullable String objectId, Duration life) {
		Instant now = Instant.now();
		return new EntraToken(value, now, now.plus(life), objectId, RenewalClock.system());
	}

	public static EntraTokenException exception(Duration waited) {
		return new EntraTokenException("No token within " + waited.toMillis() + " ms", "TestCredential", "test", null);
	}

}
