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

package io.github.azureredis.documentation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.Lock;
import java.util.regex.Pattern;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.session.ReactiveSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.data.redis.ReactiveRedisSessionRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the code of {@code docs/instances.md}, with its configuration and emulators.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class InstancesDocumentationTests {

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void run() throws IOException {
		Map<String, Object> properties = configurationOfPage();
		properties.put("azure.redis.emulator.enabled", true);
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties)
			.run();
	}

	@AfterAll
	static void close() {
		context.close();
	}

	@Test
	void templates() {
		Basket basket = context.getBean(Basket.class);
		basket.add("book");
		assertThat(redis("cache").opsForSet().members("basket")).containsExactly("book");
		assertThat(basket.see("book").block()).isEqualTo(1);
		assertThat(redis("vectors").opsForList().index("seen", 0)).isEqualTo("book");
	}

	@Test
	void cacheManager() {
		assertThat(context.getBean(Prices.class).find("book")).isEqualTo("10.00");
		assertThat(redis("cache").getExpire("prices::book")).isPositive();
	}

	@Test
	void sessions() {
		String id = saveSession(context.getBean(ReactiveRedisSessionRepository.class));
		assertThat(redis("sessions").hasKey("spring:session:sessions:" + id)).isTrue();
	}

	private static <S extends Session> String saveSession(ReactiveSessionRepository<S> sessions) {
		S session = sessions.createSession().block();
		sessions.save(session).block();
		return session.getId();
	}

	@Test
	void listeners() {
		redis("cache").convertAndSend("changes", "book");
		await().untilAsserted(() -> assertThat(context.getBean(Application.class).messages).containsExactly("book"));
	}

	@Test
	void repositories() {
		context.getBean(Products.class).save(new Product("1", "book"));
		assertThat(redis("vectors").opsForHash().get("products:1", "name")).isEqualTo("book");
	}

	@Test
	void locks() {
		Lock lock = context.getBean(RedisLockRegistry.class).obtain("orders");
		lock.lock();
		try {
			assertThat(redis("sessions").hasKey("locks:orders")).isTrue();
		}
		finally {
			lock.unlock();
		}
	}

	@Test
	void emulators() {
		assertThat(context.getBean("cacheAzureRedisEmulator", AzureRedisEmulator.class).clusteringPolicy())
			.isEqualTo(AzureRedisClusteringPolicy.NONE);
		assertThat(context.getBean("vectorsAzureRedisEmulator", AzureRedisEmulator.class).clusteringPolicy())
			.isEqualTo(AzureRedisClusteringPolicy.OSS);
	}

	@Test
	void whenApplicationEndsThenNothingIsWarnedOf(CapturedOutput output) throws IOException {
		Map<String, Object> properties = configurationOfPage();
		properties.put("azure.redis.emulator.enabled", true);
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties)
			.run()
			.close();
		assertThat(output.getAll().lines().filter((line) -> line.contains("azureredis") || line.contains("lettuce")))
			.noneMatch((line) -> line.contains(" WARN ") || line.contains(" ERROR "));
	}

	@ParameterizedTest
	@ValueSource(classes = { Basket.class, CacheConfiguration.class, ListenerConfiguration.class,
			LockConfiguration.class, Prices.class, RepositoryConfiguration.class, SessionConfiguration.class })
	void whenPageShowsCodeThenItIsTheCodeThatRuns(Class<?> type) throws IOException {
		String source = Files.readString(Path.of("src/test/java", type.getName().replace('.', '/') + ".java"));
		String code = Pattern.compile("// tag::code\\[]\n(.*)// end::code\\[]", Pattern.DOTALL)
			.matcher(source)
			.results()
			.findFirst()
			.orElseThrow()
			.group(1);
		assertThat(page()).contains("```java\n" + code.replace("\t", "    ") + "```");
	}

	private static StringRedisTemplate redis(String name) {
		return context.getBean(name + "StringRedisTemplate", StringRedisTemplate.class);
	}

	private static String page() throws IOException {
		return Files.readString(Path.of("../docs/instances.md"));
	}

	private static Map<String, Object> configurationOfPage() throws IOException {
		String yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
			.matcher(page())
			.results()
			.findFirst()
			.orElseThrow()
			.group(1);
		Map<String, Object> properties = new HashMap<>();
		new YamlPropertySourceLoader().load("page", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.forEach((source) -> {
				EnumerablePropertySource<?> values = (EnumerablePropertySource<?>) source;
				for (String name : values.getPropertyNames()) {
					properties.put(name, values.getProperty(name));
				}
			});
		return properties;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Basket.class, CacheConfiguration.class, ListenerConfiguration.class, LockConfiguration.class,
			Prices.class, RepositoryConfiguration.class, SessionConfiguration.class })
	static class Application {

		private final Set<String> messages = new ConcurrentSkipListSet<>();

		@Bean
		MessageListener listener() {
			return (message, pattern) -> this.messages.add(new String(message.getBody(), StandardCharsets.UTF_8));
		}

	}

}
