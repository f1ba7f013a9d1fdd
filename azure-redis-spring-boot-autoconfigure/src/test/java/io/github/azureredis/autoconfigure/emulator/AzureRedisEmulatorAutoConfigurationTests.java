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

package io.github.azureredis.autoconfigure.emulator;

import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AzureRedisEmulatorAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class AzureRedisEmulatorAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisEmulatorAutoConfiguration.class,
				AzureRedisAutoConfiguration.class, AzureRedisClusterAutoConfiguration.class,
				AzureRedisMonitorAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
				DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withPropertyValues("azure.redis.emulator.enabled=true");

	@Test
	void whenEnabledThenApplicationTalksToIt() {
		this.contextRunner.run((context) -> {
			setAndGet(context);
			assertThat(context.getBean(AzureRedisEmulator.class).connections()).isNotEmpty();
		});
	}

	@Test
	void whenHostIsSetTooThenEmulatorWinsAndSaysSo(CapturedOutput output) {
		this.contextRunner.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net").run((context) -> {
			setAndGet(context);
			assertThat(output)
				.containsOnlyOnce("The emulator on localhost:" + context.getBean(AzureRedisEmulator.class).port()
						+ " is used instead of azure.redis.host my-cache.westeurope.redis.azure.net");
		});
	}

	@Test
	void whenSettingsAreThoseOfCacheForRedisThenEmulatorTakesThem() {
		this.contextRunner
			.withPropertyValues("azure.redis.host=my-cache.redis.cache.windows.net", "azure.redis.database=3")
			.run(this::setAndGet);
	}

	@Test
	void whenUsernameIsSetForAzureThenEmulatorsIdentityWins() {
		this.contextRunner.withPropertyValues("azure.redis.username=6c2bdb5c-5a47-4dbe-b4e1-4a4a4a4a4a4a")
			.run(this::setAndGet);
	}

	@Test
	void whenAccessKeyIsSetThenEmulatorAcceptsIt() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key").run((context) -> {
			setAndGet(context);
			assertThat(context.getBean(AzureRedisEmulator.class).requestedResources()).isEmpty();
		});
	}

	@Test
	void whenTokenLifetimeIsSetThenTokensLiveThatLong() {
		this.contextRunner.withPropertyValues("azure.redis.emulator.token-lifetime=90m").run((context) -> {
			TokenCredential credential = context.getBean(AzureRedisEmulator.class).credential();
			Instant expiry = credential
				.getTokenSync(new TokenRequestContext().addScopes("https://redis.azure.com/.default"))
				.getExpiresAt()
				.toInstant();
			assertThat(expiry).isBetween(Instant.now().plus(Duration.ofMinutes(89)),
					Instant.now().plus(Duration.ofMinutes(91)));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0s", "-5ms" })
	void whenTokenLifetimeMakesNoSenseThenApplicationEndsWithAnAnalysis(String lifetime, CapturedOutput output) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(EverythingConfiguration.class)
			.web(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--azure.redis.emulator.enabled=true",
				"--azure.redis.emulator.token-lifetime=" + lifetime));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(
					"Invalid value '" + lifetime + "' for configuration property 'azure.redis.emulator.token-lifetime'")
			.contains("The token lifetime must be positive.");
	}

	@Test
	void whenClusteringPolicyIsAutoThenApplicationEndsWithAnAnalysis(CapturedOutput output) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(EverythingConfiguration.class)
			.web(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--azure.redis.emulator.enabled=true",
				"--azure.redis.emulator.clustering-policy=auto"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value 'auto' for configuration property 'azure.redis.emulator.clustering-policy'")
			.contains("one of the policies oss, enterprise and none");
	}

	@Test
	void whenNotEnabledThenTokenLifetimeDoesNotMatter() {
		this.contextRunner
			.withPropertyValues("azure.redis.emulator.enabled=false", "azure.redis.emulator.token-lifetime=0s",
					"azure.redis.access-key=key", "azure.redis.host=my-cache.redis.cache.windows.net")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenApplicationHasCredentialForAzureThenEmulatorsIsUsed() {
		this.contextRunner
			.withBean("azureRedisTokenCredential", TokenCredential.class, () -> mock(TokenCredential.class))
			.run(this::setAndGet);
	}

	@Test
	void whenApplicationInjectsCredentialByTypeThenDoesNotGetTheEmulators() {
		this.contextRunner.withBean(CredentialUser.class)
			.run((context) -> assertThat(context.getBean(CredentialUser.class).credential.getIfAvailable()).isNull());
	}

	@Test
	void whenApplicationHasEmulatorThenItIsUsed() {
		this.contextRunner.withBean("ownEmulator", AzureRedisEmulator.class, () -> AzureRedisEmulator.builder().start())
			.run((context) -> {
				assertThat(context).hasSingleBean(AzureRedisEmulator.class).hasBean("ownEmulator");
				setAndGet(context);
			});
	}

	@Test
	void whenNotEnabledThenDoesNotStart() {
		this.contextRunner
			.withPropertyValues("azure.redis.emulator.enabled=false", "azure.redis.access-key=key",
					"azure.redis.host=my-cache.redis.cache.windows.net")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(AzureRedisInstance.class)
				.doesNotHaveBean(AzureRedisEmulator.class));
	}

	@Test
	void whenAzureRedisIsDisabledThenDoesNotStart() {
		this.contextRunner.withPropertyValues("azure.redis.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AzureRedisEmulator.class));
	}

	@Test
	void whenApplicationHasConnectionDetailsThenDoesNotStart() {
		DataRedisConnectionDetails details = mock(DataRedisConnectionDetails.class);
		given(details.getStandalone()).willReturn(Standalone.of("container", 1));
		this.contextRunner.withBean(DataRedisConnectionDetails.class, () -> details)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AzureRedisEmulator.class));
	}

	@Test
	void whenEmulatorIsMissingThenNamesTheDependency() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(AzureRedisEmulator.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(AzureRedisConfigurationException.class,
						(ex) -> assertThat(ex.getProblems()).singleElement()
							.satisfies((problem) -> assertThat(problem.action())
								.contains("io.github.azureredis:azure-redis-emulator"))));
	}

	@Test
	void whenContextIsClosedThenEmulatorIsGone() {
		int[] port = new int[1];
		this.contextRunner.run((context) -> port[0] = context.getBean(AzureRedisEmulator.class).port());
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Socket("localhost", port[0]).close());
	}

	private void setAndGet(ApplicationContext context) {
		StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
		template.opsForValue().multiSet(Map.of("key", "value"));
		assertThat(template.opsForValue().get("key")).isEqualTo("value");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EverythingConfiguration {

	}

	/**
	 * Something that injects the application's credential.
	 *
	 * @param credential the credential
	 */
	record CredentialUser(ObjectProvider<TokenCredential> credential) {

	}

}
