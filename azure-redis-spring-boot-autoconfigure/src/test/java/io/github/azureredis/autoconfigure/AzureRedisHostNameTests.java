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

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisHostName}.
 */
class AzureRedisHostNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "my-cache.westeurope.redis.azure.net", "my-cache.westeurope.redis.azure.net.", "localhost",
			"127.0.0.1", "::1", "fe80::1", "my_redis", "r" })
	void whenHostNameThenNoProblem(String value) {
		assertThat(new AzureRedisHostName(value).problem()).isNull();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			textBlock = """
					https://my.redis.azure.net,         it has a scheme.,   to 'my.redis.azure.net' alone.
					rediss://my.redis.azure.net:10000,  it has a scheme.,   "to 'my.redis.azure.net' alone and 'azure.redis.port' to 10000."
					rediss://:pw@my.redis.azure.net/0,  it has a scheme.,   to 'my.redis.azure.net' alone.
					my.redis.azure.net:10000,           it has a port.,     "to 'my.redis.azure.net' alone and 'azure.redis.port' to 10000."
					my.redis.azure.net:,                it has a port.,     to 'my.redis.azure.net' alone.
					my.redis.azure.net/0,               it has a path.,     to 'my.redis.azure.net' alone.
					"my.redis.azure.net ",              it has white space, to 'my.redis.azure.net' alone.
					" my.redis.azure.net",              it has white space, to 'my.redis.azure.net' alone.
					my cache.redis.azure.net,           it has white space, to 'my' alone.
					-my.redis.azure.net,                it has white space, to '-my.redis.azure.net' alone.
					rediss://,                          it has a scheme.,   "to a host name, for example"
					""")
	void whenNotHostNameThenSaysWhatIsWrong(String value, String description, String action) {
		Problem problem = new AzureRedisHostName(value).problem();
		assertThat(problem).isNotNull();
		assertThat(problem.property()).isEqualTo("azure.redis.host");
		assertThat(problem.description()).contains(description);
		assertThat(problem.action()).contains(action);
	}

	@ParameterizedTest
	@ValueSource(strings = { "my.redis.cache.windows.net:6380,password=secret=,ssl=True,abortConnect=False",
			"rediss://:secret@my.redis.cache.windows.net:6380", "rediss://user:se/cret@my.redis.cache.windows.net:6380",
			"user:secret@my.redis.cache.windows.net:6380", "my.redis.cache.windows.net:6380,password=a@secret",
			"my.redis.cache.windows.net:6380;password=secret", "my.redis.cache.windows.net:6380?password=secret",
			"my.redis.cache.windows.net:6380 secret" })
	void whenValueHasSecretThenDoesNotShowIt(String value) {
		Problem problem = new AzureRedisHostName(value).problem();
		assertThat(problem).isNotNull();
		assertThat(problem.toString()).doesNotContain("secret", "cret").contains("my.redis.cache.windows.net");
		assertThat(problem.action()).contains("'azure.redis.port' to 6380");
	}

	@Test
	void whenConnectionStringThenSaysSo() {
		Problem problem = new AzureRedisHostName("my.redis.cache.windows.net:6380,ssl=True").problem();
		assertThat(problem).isNotNull();
		assertThat(problem.description()).isEqualTo("'azure.redis.host' starts with 'my.redis.cache.windows.net:6380'"
				+ " and is not a host name: it has options or credentials.");
	}

}
