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

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.StubCredential;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application with Spring Cloud Azure, all of its auto-configurations
 * included, and for one that excludes it.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class SpringCloudAzureTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(EverythingConfiguration.class)
		.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net",
				"azure.redis.clustering-policy=none");

	@Test
	void whenSpringCloudAzureIsThereThenItsCredentialIsUsed(CapturedOutput output) {
		StubCredential credential = new StubCredential();
		this.contextRunner.withBean("springCloudAzureDefaultCredential", TokenCredential.class, () -> credential)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("tokens from bean 'springCloudAzureDefaultCredential'");
	}

	@Test
	void whenSpringCloudAzureIsThereThenItsOwnCredentialIsFound() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key").run((context) -> {
			CredentialResolver resolver = new CredentialResolver(new AzureRedisProperties.Credential(),
					new EntraAuthority(null, null), context.getBeanProvider(TokenCredential.class),
					context.getSourceApplicationContext().getBeanFactory());
			assertThat(resolver.resolve().credential())
				.isSameAs(context.getBean("springCloudAzureDefaultCredential", TokenCredential.class));
		});
	}

	@Test
	void whenSpringCloudAzureIsThereThenItsCredentialIsTheOnlyOneToInject() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key")
			.run((context) -> assertThat(context).hasSingleBean(TokenCredential.class));
	}

	@Test
	void whenSpringCloudAzureIsThereThenApplicationConnects() {
		this.contextRunner.withPropertyValues("azure.redis.emulator.enabled=true").run((context) -> {
			try (RedisConnection connection = context.getBean(RedisConnectionFactory.class).getConnection()) {
				assertThat(connection.ping()).isEqualTo("PONG");
			}
		});
	}

	@Test
	void whenSpringCloudAzureIsSwitchedOnForRedisThenFails() {
		this.contextRunner
			.withPropertyValues("spring.data.redis.host=localhost", "spring.data.redis.azure.passwordless-enabled=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AzureRedisConfigurationException.class)
				.hasMessageContaining("'spring.data.redis.azure.passwordless-enabled' is true"));
	}

	@Test
	void whenSpringCloudAzureIsExcludedThenApplicationConnects() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(AzureRedisAutoConfiguration.class, AzureRedisClusterAutoConfiguration.class,
							AzureRedisMonitorAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
							DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("com.azure.spring"))
			.withBean(TokenCredential.class, StubCredential::new)
			.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net",
					"azure.redis.clustering-policy=none")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RedisConnectionFactory.class));
	}

	@Test
	void whenAzureIdentityIsMissingThenApplicationWithAccessKeyStarts() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(AzureRedisAutoConfiguration.class, AzureRedisClusterAutoConfiguration.class,
							AzureRedisMonitorAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
							DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("com.azure.spring", "com.azure.identity"))
			.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net", "azure.redis.access-key=key",
					"azure.redis.clustering-policy=none")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RedisConnectionFactory.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EverythingConfiguration {

	}

}
