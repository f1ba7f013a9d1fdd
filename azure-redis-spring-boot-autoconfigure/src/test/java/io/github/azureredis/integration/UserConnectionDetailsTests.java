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

package io.github.azureredis.integration;

import io.github.azureredis.emulator.AzureRedisEmulator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application's own connection details turn the starter off, as a test container's
 * do.
 */
@Tag("slow")
class UserConnectionDetailsTests {

	@Test
	void whenApplicationSaysWhereToConnectThenStarterStandsBack() {
		try (AzureRedisEmulator redis = AzureRedisEmulator.builder().tls(false).accessKey("key").start();
				ConfigurableApplicationContext context = new SpringApplication(Application.class) {
					{
						addInitializers((applicationContext) -> applicationContext.getBeanFactory()
							.registerSingleton("redis", redis));
					}
				}.run()) {
			assertThat(context.getBean(StringRedisTemplate.class).execute(RedisConnectionCommands::ping))
				.isEqualTo("PONG");
			assertThat(redis.connections()).singleElement()
				.satisfies((connection) -> assertThat(connection.objectId()).isEqualTo("default"));
			assertThat(redis.statistics().tokenRequests()).isZero();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		DataRedisConnectionDetails connectionDetails(AzureRedisEmulator redis) {
			return new DataRedisConnectionDetails() {

				@Override
				public String getPassword() {
					return "key";
				}

				@Override
				public Standalone getStandalone() {
					return Standalone.of(redis.host(), redis.port());
				}

			};
		}

	}

}
