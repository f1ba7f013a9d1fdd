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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisOffering}.
 */
class AzureRedisOfferingTests {

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			my-cache.westeurope.redis.azure.net,                     MANAGED_REDIS,   10000
			MY-CACHE.WestEurope.Redis.Azure.Net,                     MANAGED_REDIS,   10000
			my-cache.westeurope.redis.azure.net.,                    MANAGED_REDIS,   10000
			my-cache.privatelink.redis.azure.net,                    MANAGED_REDIS,   10000
			my-cache.westeurope.redisenterprise.cache.azure.net,     MANAGED_REDIS,   10000
			my-cache.usgovvirginia.redis.usgovcloudapi.net,          MANAGED_REDIS,   10000
			my-cache.chinanorth3.redis.chinacloudapi.cn,             MANAGED_REDIS,   10000
			my-cache.redis.cache.windows.net,                        CACHE_FOR_REDIS, 6380
			my-cache.geo.redis.cache.windows.net,                    CACHE_FOR_REDIS, 6380
			my-cache.redis.cache.usgovcloudapi.net,                  CACHE_FOR_REDIS, 6380
			my-cache.geo.redis.cache.usgovcloudapi.net,              CACHE_FOR_REDIS, 6380
			my-cache.redis.cache.chinacloudapi.cn,                   CACHE_FOR_REDIS, 6380
			localhost,                                               UNKNOWN,         -
			10.0.0.4,                                                UNKNOWN,         -
			redis.internal,                                          UNKNOWN,         -
			redis.azure.net,                                         UNKNOWN,         -
			my-cache.redis.azure.net.example.com,                    UNKNOWN,         -
			my-cacheredis.azure.net,                                 UNKNOWN,         -
			my-cache.cache.windows.net,                              UNKNOWN,         -
			""")
	void whenHostIsGivenThenTellsOfferingAndPort(String host, AzureRedisOffering offering, Integer port) {
		assertThat(AzureRedisOffering.ofHost(host)).isEqualTo(offering);
		assertThat(AzureRedisOffering.ofHost(host).defaultPort()).isEqualTo(port);
	}

}
