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

package io.github.azureredis.autoconfigure.diagnostics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link AzureRedisConfigurationFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AzureRedisConfigurationFailureAnalyzerTests {

	@Test
	void whenOneThingIsWrongThenApplicationSaysWhatToDo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Description:%n%n'azure.redis.host' is not set, so there is no Redis to connect to.".formatted())
			.contains("Action:%n%nSet 'azure.redis.host' to the host name".formatted());
	}

	@Test
	void whenSeveralThingsAreWrongThenApplicationListsThem(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--azure.redis.port=0"));
		assertThat(output).contains("%n- 'azure.redis.host' is not set".formatted())
			.contains("%n- 'azure.redis.port' must be between 1 and 65535 but is 0.".formatted())
			.contains("%n- Set 'azure.redis.port' to a number".formatted());
	}

	private void run(String... arguments) {
		SpringApplication application = new SpringApplicationBuilder(TestApplication.class).web(WebApplicationType.NONE)
			.build();
		application.run(arguments).close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			excludeName = "com.azure.spring.cloud.autoconfigure.implementation.context.AzureTokenCredentialAutoConfiguration")
	static class TestApplication {

	}

}
