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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisEndpoint}.
 */
class AzureRedisEndpointTests {

	@Test
	void whenHostHasTrailingDotThenConnectsWithoutIt() {
		AzureRedisEndpoint endpoint = AzureRedisEndpoint.of("my.redis.azure.net.", null, SslBundle.systemDefault());
		assertThat(endpoint.host()).isEqualTo("my.redis.azure.net");
		assertThat(endpoint.port()).isEqualTo(10000);
		assertThat(endpoint.offering()).isEqualTo(AzureRedisOffering.MANAGED_REDIS);
		assertThat(endpoint.sslEnabled()).isTrue();
	}

	@Test
	void whenPortIsGivenThenItWins() {
		AzureRedisEndpoint endpoint = AzureRedisEndpoint.of("my.redis.azure.net", 1234, null);
		assertThat(endpoint.port()).isEqualTo(1234);
		assertThat(endpoint.sslEnabled()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			localhost,             true
			LOCALHOST,             true
			127.0.0.1,             true
			127.255.1.9,           true
			::1,                   true
			127.example.com,       false
			128.0.0.1,             false
			localhost.example.com, false
			my.redis.azure.net,    false
			""")
	void whenHostIsLoopbackThenIsLoopback(String host, boolean loopback) {
		assertThat(AzureRedisEndpoint.of(host, 6379, null).isLoopback()).isEqualTo(loopback);
	}

}
