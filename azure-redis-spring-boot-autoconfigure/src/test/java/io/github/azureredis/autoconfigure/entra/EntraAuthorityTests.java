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

package io.github.azureredis.autoconfigure.entra;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntraAuthority}.
 */
class EntraAuthorityTests {

	private static final String ENDPOINT = "spring.cloud.azure.profile.environment.active-directory-endpoint";

	private static final String CLOUD_TYPE = "spring.cloud.azure.profile.cloud-type";

	private final MockEnvironment environment = new MockEnvironment();

	@ParameterizedTest
	@CsvSource(textBlock = """
			my-cache.westeurope.redis.azure.net,
			my-cache.redis.cache.windows.net,
			localhost,
			usgovcloudapi.net,
			my-cache.usgovvirginia.redis.usgovcloudapi.net, https://login.microsoftonline.us/
			my-cache.redis.cache.usgovcloudapi.net, https://login.microsoftonline.us/
			My-Cache.Redis.Cache.UsGovCloudApi.Net, https://login.microsoftonline.us/
			my-cache.chinanorth3.redis.chinacloudapi.cn, https://login.chinacloudapi.cn/
			my-cache.redis.cache.chinacloudapi.cn, https://login.chinacloudapi.cn/
			""")
	void whenNothingIsConfiguredThenHostTells(String host, String expected) {
		assertThat(url(host)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			AZURE_US_GOVERNMENT, https://login.microsoftonline.us/
			azure-us-government, https://login.microsoftonline.us/
			azure_china, https://login.chinacloudapi.cn/
			azure, https://login.microsoftonline.com/
			""")
	void whenCloudTypeIsSetThenItWinsOverHost(String type, String expected) {
		this.environment.setProperty(CLOUD_TYPE, type);
		assertThat(url("my-cache.redis.cache.chinacloudapi.cn")).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "OTHER", "''" })
	void whenCloudTypeTellsNothingThenHost(String type) {
		this.environment.setProperty(CLOUD_TYPE, type);
		assertThat(url("my-cache.redis.cache.chinacloudapi.cn")).isEqualTo("https://login.chinacloudapi.cn/");
	}

	@Test
	void whenEnvironmentVariableIsSetThenItWinsOverCloudType() {
		this.environment.setProperty("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/");
		this.environment.setProperty(CLOUD_TYPE, "azure_china");
		assertThat(url("my-cache.redis.cache.chinacloudapi.cn")).isEqualTo("https://login.microsoftonline.us/");
	}

	@Test
	void whenEndpointIsSetThenItWinsOverEverything() {
		this.environment.setProperty(ENDPOINT, "https://login.example.com/");
		this.environment.setProperty("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/");
		this.environment.setProperty(CLOUD_TYPE, "azure_china");
		assertThat(url("my-cache.redis.cache.chinacloudapi.cn")).isEqualTo("https://login.example.com/");
	}

	private String url(String host) {
		return EntraAuthority.of(this.environment, host).url();
	}

}
