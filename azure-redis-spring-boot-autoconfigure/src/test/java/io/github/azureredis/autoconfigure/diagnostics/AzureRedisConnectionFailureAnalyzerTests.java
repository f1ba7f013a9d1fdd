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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.ClientAuthenticationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AzureRedisConnectionFailureAnalyzer} without an identity.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class AzureRedisConnectionFailureAnalyzerTests {

	private ServerSocket server;

	@Test
	void whenNoIdentityAtStartThenApplicationEndsAndNamesEachLinkOfTheChain(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(CommandAtStart.class));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(
					"Description:%n%nNo Microsoft Entra ID token for 'https://redis.azure.com/.default' could be obtained from NobodyIsLoggedIn:%n"
						.formatted())
			.contains("%n- EnvironmentCredential is not configured.%n".formatted())
			.contains("%n- AzureCliCredential has nobody logged in.%n".formatted())
			.contains("'az login'")
			.doesNotContain("'azure.redis.token.request-timeout'")
			.doesNotContain("\tat ");
	}

	@Test
	void whenCredentialDoesNotAnswerInTimeThenActionNamesTheRequestTimeoutFirst(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(SilentAtStart.class));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Action:%n%n1. Raise 'azure.redis.token.request-timeout'".formatted())
			.containsSubsequence("'azure.redis.token.request-timeout'", "'az login'");
	}

	@Test
	void whenNoIdentityButNoCommandAtStartThenStartsAndFirstCommandFailsWithTheReason() {
		try (ConfigurableApplicationContext context = run(TestApplication.class)) {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			assertThatExceptionOfType(RedisConnectionFailureException.class)
				.isThrownBy(() -> redis.opsForValue().get("key"))
				.havingRootCause()
				.withMessageContaining("AzureCliCredential has nobody logged in.");
		}
	}

	@BeforeEach
	void listen() throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
	}

	private ConfigurableApplicationContext run(Class<?> application) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.run("--azure.redis.host=localhost", "--azure.redis.port=" + this.server.getLocalPort(),
					"--azure.redis.ssl.enabled=false", "--azure.redis.token.request-timeout=1s");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return new NobodyIsLoggedIn();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CommandAtStart extends TestApplication {

		@Bean
		ApplicationRunner commandAtStart(StringRedisTemplate redis) {
			return (arguments) -> redis.opsForValue().get("key");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SilentAtStart {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return (request) -> Mono.never();
		}

		@Bean
		ApplicationRunner commandAtStart(StringRedisTemplate redis) {
			return (arguments) -> redis.opsForValue().get("key");
		}

	}

	static class NobodyIsLoggedIn implements TokenCredential {

		@Override
		public Mono<com.azure.core.credential.AccessToken> getToken(
				com.azure.core.credential.TokenRequestContext request) {
			return Mono.error(new ClientAuthenticationException("""
					EnvironmentCredential is not configured.
					AzureCliCredential has nobody logged in.""", null));
		}

	}

}
