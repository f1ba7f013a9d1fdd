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

import java.time.Duration;
import java.util.regex.Pattern;

import io.github.azureredis.emulator.AzureRedisEmulator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What an application that runs has in its log while connections fail.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class RunningFailureTests {

	@Test
	void whenConnectionsAndReauthenticationsFailThenEachIsSaidOnceAndThatItIsOver(CapturedOutput output) {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tokenLifetime(Duration.ofSeconds(8)).start();
				ConfigurableApplicationContext context = run(emulator)) {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			emulator.faults().refuseAuthentications(3);
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(() -> redis.execute(RedisConnectionCommands::ping));
			}
			String refused = "WARN.*Connecting to localhost:" + emulator.port()
					+ " fails\\. .* has refused the identity with the object id '" + emulator.objectId() + "'";
			await().until(() -> count(output, refused) == 1);
			redis.execute(RedisConnectionCommands::ping);
			await().until(() -> count(output, "Connecting to .* works again after 3 failed attempts since ") == 1);
			emulator.faults().refuseAuthentications(1);
			await().until(
					() -> count(output, "WARN.*Re-authentication of connections fails .*" + emulator.objectId()) == 1);
			await().until(() -> count(output, "Re-authentication of connections works again") == 1);
			emulator.stopServer();
			await().until(() -> count(output, "WARN.*Connecting to .* fails\\. .* closed the connection") == 1);
			emulator.startServer();
			await().until(() -> count(output, "Connecting to .* works again after ") == 2);
		}
		assertThat(output.getAll()).doesNotContain("eyJ");
		assertThat(count(output, "WARN.*Connecting to")).isEqualTo(2);
		assertThat(count(output, "WARN.*Re-authentication of")).isEqualTo(1);
	}

	private static long count(CapturedOutput output, String pattern) {
		return Pattern.compile(pattern).matcher(output.getAll()).results().count();
	}

	private static ConfigurableApplicationContext run(AzureRedisEmulator emulator) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> context.getBeanFactory().registerSingleton("redis", emulator))
			.run("--azure.redis.emulator.enabled=true", "--azure.redis.token.refresh-before-expiry=4s",
					"--azure.redis.token.request-timeout=1s", "--azure.redis.token.reauthentication-spread=0s",
					"--logging.level.io.lettuce.core.protocol.ConnectionWatchdog=error");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
