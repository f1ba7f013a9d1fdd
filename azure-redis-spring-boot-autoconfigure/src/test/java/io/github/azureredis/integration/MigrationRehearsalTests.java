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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.AzureRedisOffering;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * The code of {@code docs/migration.md}, and a test that the page shows it.
 */
@Tag("slow")
// tag::rehearse[]
@SpringBootTest(properties = { "azure.redis.emulator.enabled=true", "spring.data.redis.timeout=3s" })
class MigrationRehearsalTests {

	@Test
	void worksOnTheNewInstance(@Autowired AzureRedisEmulator emulator, @Autowired StringRedisTemplate redis) {
		redis.opsForValue().set("key", "value");
		emulator.migrate(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.NONE);
		// WRONGPASS now. Read what your application logs, and look at its health.
		assertThatException().isThrownBy(() -> redis.opsForValue().get("key"));
		emulator.assign(emulator.objectId());
		await().atMost(Duration.ofSeconds(30))
			.ignoreExceptions()
			.untilAsserted(() -> redis.opsForValue().set("key", "value on the new instance"));
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class OldInstance {

		@Bean
		AzureRedisEmulator emulator() {
			return AzureRedisEmulator.builder()
				.offering(AzureRedisOffering.CACHE_FOR_REDIS)
				.clusteringPolicy(AzureRedisClusteringPolicy.NONE)
				.start();
		}

	}

	// end::rehearse[]
	@Test
	void whenPageShowsCodeThenItIsTheCodeThatRuns() throws IOException {
		String source = Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java"));
		String code = Pattern.compile("// tag::rehearse\\[]\n(.*?)\n\t// end::rehearse\\[]", Pattern.DOTALL)
			.matcher(source)
			.results()
			.findFirst()
			.orElseThrow()
			.group(1);
		assertThat(Files.readString(Path.of("../docs/migration.md")))
			.contains("```java\n" + code.replace("\t", "    ") + "}\n```");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
