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

import java.util.Map;
import java.util.function.Consumer;

import io.github.azureredis.autoconfigure.emulator.AzureRedisEmulatorAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that an application which was processed ahead of time does not go on if that
 * decided something that its properties say otherwise at run time.
 */
@CompileWithForkedClassLoader
@Tag("slow")
class AheadOfTimeDecisionsTests {

	private static final Map<String, Object> HOST = Map.of("azure.redis.host", "my-cache.redis.cache.windows.net");

	private static final String ENABLED = "azure.redis.enabled";

	private static final String EMULATOR = "azure.redis.emulator.enabled";

	@Test
	void whenProcessedWithTheEmulatorAndRunWithoutThenFails() {
		process(Map.of(EMULATOR, true), (run) -> assertThat(failure(run, HOST)).isEqualTo(
				"'azure.redis.emulator.enabled' is not true, but the application was processed ahead of time with the"
						+ " emulator and would connect to it."));
	}

	@Test
	void whenProcessedDisabledAndRunEnabledThenFails() {
		process(Map.of(ENABLED, false), (run) -> {
			assertThat(failure(run, HOST)).isEqualTo(
					"'azure.redis.enabled' is true, but the application was processed ahead of time with 'false' and"
							+ " would connect as 'spring.data.redis' says.");
			assertThatNoException().isThrownBy(() -> run.accept(Map.of(ENABLED, false)));
		});
	}

	private static String failure(Consumer<Map<String, Object>> run, Map<String, Object> properties) {
		return NestedExceptionUtils.getMostSpecificCause(catchThrowable(() -> run.accept(properties))).getMessage();
	}

	/**
	 * Processes an application ahead of time.
	 * @param properties the properties while it is processed
	 * @param test gets what runs it with other properties
	 */
	private static void process(Map<String, Object> properties, Consumer<Consumer<Map<String, Object>>> test) {
		TestGenerationContext generation = new TestGenerationContext();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(TestApplication.class);
			addProperties(context, properties);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
		TestCompiler.forSystem().with(generation).compile((compiled) -> test.accept((atRunTime) -> {
			try (GenericApplicationContext application = new GenericApplicationContext()) {
				addProperties(application, atRunTime);
				initializer(compiled).initialize(application);
				application.refresh();
			}
		}));
	}

	@SuppressWarnings("unchecked")
	private static ApplicationContextInitializer<GenericApplicationContext> initializer(Compiled compiled) {
		return compiled.getInstance(ApplicationContextInitializer.class);
	}

	private static void addProperties(GenericApplicationContext context, Map<String, Object> properties) {
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AzureRedisEmulatorAutoConfiguration.class, AzureRedisAutoConfiguration.class,
			AzureRedisDisabledAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
			DataRedisAutoConfiguration.class, SslAutoConfiguration.class })
	static class TestApplication {

	}

}
