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

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.emulator.AzureRedisEmulatorAutoConfiguration;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisLettuceCustomizer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AzureRedisLettuceCustomizerTests {

	private static final String WARNING = "ClientResources of a client have been replaced";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisClusterAutoConfiguration.class, AzureRedisConnectionDefaultsAutoConfiguration.class,
				AzureRedisEntraAutoConfiguration.class, DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, StubCredential::new)
		.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net",
				"azure.redis.clustering-policy=none");

	private final ApplicationContextRunner emulatedRunner = this.contextRunner
		.withConfiguration(AutoConfigurations.of(AzureRedisEmulatorAutoConfiguration.class))
		.withPropertyValues("azure.redis.emulator.enabled=true", "azure.redis.emulator.clustering-policy=none");

	@Test
	void whenALaterCustomizerReplacesTheResourcesThenWarnsOnceWithTheRemedy(CapturedOutput output) {
		this.emulatedRunner.withConfiguration(AutoConfigurations.of(LateAutoConfiguration.class)).run((context) -> {
			ping(context.getBean(LettuceConnectionFactory.class));
			context.getBean(AzureRedisEmulator.class).faults().cutConnections();
			ping(context.getBean(LettuceConnectionFactory.class));
			assertThat(output).containsOnlyOnce(WARNING).contains("WARN", "@Order", "ClientResources bean");
		});
	}

	@Test
	void whenTheApplicationSetsResourcesThenTheyAreDecoratedWithoutAWarning(CapturedOutput output) {
		this.emulatedRunner.withUserConfiguration(LateAutoConfiguration.class).run((context) -> {
			ping(context.getBean(LettuceConnectionFactory.class));
			assertThat(output).doesNotContain(WARNING);
		});
	}

	@Test
	void whenPeersAreNotVerifiedThenWarnsOnce(CapturedOutput output) {
		this.contextRunner
			.withBean(LettuceClientConfigurationBuilderCustomizer.class,
					() -> (builder) -> builder.useSsl().disablePeerVerification())
			.run((context) -> assertThat(output).containsOnlyOnce("is not verified in full")
				.contains("'azure.redis.ssl.bundle'"));
	}

	@Test
	void whenPeersAreVerifiedThenDoesNotWarn(CapturedOutput output) {
		this.contextRunner.run((context) -> assertThat(output).doesNotContain("is not verified in full"));
	}

	private static void ping(LettuceConnectionFactory connectionFactory) {
		try (RedisConnection connection = connectionFactory.getConnection()) {
			assertThat(connection.ping()).isEqualTo("PONG");
		}
	}

	@AutoConfiguration(after = { AzureRedisAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class },
			before = DataRedisAutoConfiguration.class)
	static class LateAutoConfiguration {

		@Bean(destroyMethod = "shutdown")
		DefaultClientResources otherClientResources() {
			return DefaultClientResources.create();
		}

		@Bean
		LettuceClientConfigurationBuilderCustomizer replacingCustomizer(ClientResources otherClientResources) {
			return (builder) -> builder.clientResources(otherClientResources);
		}

	}

}
