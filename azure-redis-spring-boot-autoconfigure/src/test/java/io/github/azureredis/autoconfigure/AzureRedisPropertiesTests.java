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

package io.github.azureredis.autoconfigure;

import java.time.Duration;

import io.github.azureredis.token.EntraTokenProvider;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisProperties}.
 */
class AzureRedisPropertiesTests {

	private final AzureRedisProperties properties = new AzureRedisProperties();

	@Test
	void whenNothingIsSetThenScopeIsThatOfTheTokenProvider() {
		assertThat(this.properties.getToken().getScope()).isEqualTo(EntraTokenProvider.DEFAULT_SCOPE);
	}

	@Test
	void whenNothingIsSetThenTokensAreRenewedFiveMinutesBeforeExpiry() {
		assertThat(this.properties.getToken().getRefreshBeforeExpiry()).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void whenSecretsAreSetThenTheyAreNotInTheText() {
		this.properties.setAccessKey("secret");
		this.properties.getCredential().setClientSecret("secret");
		this.properties.getCredential().setClientCertificatePassword("secret");
		assertThat(this.properties.toString() + this.properties.getCredential()).doesNotContain("secret");
	}

}
