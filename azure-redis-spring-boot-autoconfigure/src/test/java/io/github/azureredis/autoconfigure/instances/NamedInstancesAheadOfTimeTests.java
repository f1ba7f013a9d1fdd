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

package io.github.azureredis.autoconfigure.instances;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDefaultsAutoConfiguration;
import io.github.azureredis.autoconfigure.StubCredential;
import io.github.azureredis.autoconfigure.actuate.AzureRedisDataRedisHealthContributorAutoConfiguration;
import io.github.azureredis.autoconfigure.actuate.AzureRedisHealthContributorAutoConfiguration;
import io.github.azureredis.autoconfigure.actuate.AzureRedisMetricsAutoConfiguration;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.diagnostics.AzureRedisDiagnosticsAutoConfiguration;
import io.github.azureredis.autoconfigure.diagnostics.AzureRedisDiagnosticsInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.emulator.AzureRedisEmulatorAutoConfiguration;
import io.github.azureredis.autoconfigure.emulator.AzureRedisEmulatorInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.lettuce.core.ReadFrom;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.health.DataRedisReactiveHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests that an application with named instances can be processed ahead of time, and
 * runs.
 */
@CompileWithForkedClassLoader
@Tag("slow")
class NamedInstancesAheadOfTimeTests {

	private static final String CACHE = "azure.redis.instances.cache.";

	private static final Map<String, Object> AT_BUILD_TIME = Map.of(CACHE + "host", "${CACHE_HOST}", CACHE + "port",
			"${CACHE_PORT}");

	private static final Map<String, Object> AT_RUN_TIME = Map.of(CACHE + "host", "run.redis.azure.net",
			CACHE + "clustering-policy", "none", CACHE + "lettuce.read-from", "replica");

	@Test
	void whenProcessedWithANameThenRunsWithTheValuesOfTheRunTime() {
		process(AT_BUILD_TIME, (run) -> run.run(AT_RUN_TIME, (context) -> {
			Consumers consumers = context.getBean(Consumers.class);
			assertThat(consumers.factory.getHostName()).isEqualTo("run.redis.azure.net");
			assertThat(consumers.factory.getClientConfiguration().getReadFrom()).contains(ReadFrom.REPLICA);
			assertThat(consumers.redis.getConnectionFactory()).isSameAs(consumers.factory);
			assertThat(consumers.template.getConnectionFactory()).isSameAs(consumers.factory);
			ConfigurableListableBeanFactory beans = context.getBeanFactory();
			assertThat(beans.getBeanDefinition("cacheStringRedisTemplate"))
				.satisfies((definition) -> assertThat(definition.isLazyInit()).isTrue());
			assertThat(beans.containsBeanDefinition("redisConnectionFactory")).isFalse();
			assertThat(beans.containsBeanDefinition("stringRedisTemplate")).isFalse();
			assertThat(beans.containsBeanDefinition("redisHealthContributor")).isFalse();
			assertThat(context.getBean("azureRedisHealthContributor", CompositeHealthContributor.class))
				.extracting(HealthContributors.Entry::name)
				.containsExactly("cache");
		}));
	}

	@Test
	void whenProcessedWithEmulatorsThenTheyAreStartedAtRunTime() {
		Map<String, Object> properties = Map.of("azure.redis.emulator.enabled", true, CACHE + "clustering-policy",
				"oss", "azure.redis.instances.vectors.clustering-policy", "none");
		process(properties, (run) -> run.run(properties, (context) -> {
			for (String name : List.of("cache", "vectors")) {
				StringRedisTemplate redis = context.getBean(name + "StringRedisTemplate", StringRedisTemplate.class);
				redis.opsForValue().set("key", name);
				assertThat(redis.opsForValue().get("key")).isEqualTo(name);
			}
			assertThat(context.getBean(Consumers.class).factory.isClusterAware()).isTrue();
		}));
	}

	@Test
	void whenProcessedWithEmulatorsAndRunWithoutThenFails() {
		Map<String, Object> properties = new HashMap<>(AT_RUN_TIME);
		properties.put("azure.redis.emulator.enabled", true);
		process(properties, (run) -> assertThatFailure(run, AT_RUN_TIME)
			.startsWith("'azure.redis.emulator.enabled' is not true, but the application was processed ahead of time"));
	}

	@Test
	void whenHostOfTheDefaultInstanceIsAPlaceholderThenThereIsADefaultInstance() {
		Map<String, Object> properties = new HashMap<>(AT_BUILD_TIME);
		properties.put("azure.redis.host", "${HOST}");
		Map<String, Object> atRunTime = new HashMap<>(AT_RUN_TIME);
		atRunTime.put("azure.redis.host", "default.redis.azure.net");
		atRunTime.put("azure.redis.clustering-policy", "none");
		process(properties, (run) -> run.run(atRunTime, (context) -> {
			assertThat(context.getBean("redisConnectionFactory", LettuceConnectionFactory.class).getHostName())
				.isEqualTo("default.redis.azure.net");
			assertThat(context.getBean(Consumers.class).factory.getHostName()).isEqualTo("run.redis.azure.net");
			assertThat(context.getBean("redisHealthContributor")).isInstanceOf(DataRedisReactiveHealthIndicator.class);
			assertThat(context.getBean("azureRedisHealthContributor", CompositeHealthContributor.class))
				.extracting(HealthContributors.Entry::name)
				.containsExactly("default", "cache");
		}));
	}

	@Test
	void whenNameIsAddedAtRunTimeThenItIsRefused() {
		Map<String, Object> properties = new HashMap<>(AT_RUN_TIME);
		properties.put("azure.redis.instances.late.host", "late.redis.azure.net");
		process(AT_BUILD_TIME, (run) -> assertThatFailure(run, properties).isEqualTo(
				"'azure.redis.instances.late' is set, but the application was processed ahead of time without an instance"
						+ " of that name."));
	}

	@Test
	void whenNameIsMissingAtRunTimeThenItsHostIsMissing() {
		process(AT_BUILD_TIME, (run) -> assertThatFailure(run, Map.of())
			.isEqualTo("'azure.redis.instances.cache.host' is not set, so there is no Redis to connect to."));
	}

	@Test
	void whenHostOfADefaultInstanceIsAddedAtRunTimeThenItIsRefused() {
		Map<String, Object> properties = new HashMap<>(AT_RUN_TIME);
		properties.put("azure.redis.host", "late.redis.azure.net");
		process(AT_BUILD_TIME, (run) -> assertThatFailure(run, properties).isEqualTo(
				"'azure.redis.host' is set, but the application was processed ahead of time without it, with named"
						+ " instances alone."));
	}

	private static AbstractStringAssert<?> assertThatFailure(Application application, Map<String, Object> properties) {
		String[] message = new String[1];
		assertThatThrownBy(() -> application.run(properties, (context) -> {
		})).satisfies((failure) -> message[0] = NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
		return assertThat(message[0]);
	}

	private static void process(Map<String, Object> properties, Consumer<Application> test) {
		TestGenerationContext generation = new TestGenerationContext();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(TestApplication.class);
			addProperties(context, properties);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
		TestCompiler.forSystem().with(generation).compile((compiled) -> test.accept((atRunTime, assertions) -> {
			try (GenericApplicationContext application = new GenericApplicationContext()) {
				addProperties(application, atRunTime);
				initializer(compiled).initialize(application);
				application.refresh();
				assertions.accept(application);
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

	private interface Application {

		void run(Map<String, Object> properties, Consumer<GenericApplicationContext> assertions);

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AzureRedisAutoConfiguration.class, AzureRedisConnectionDefaultsAutoConfiguration.class,
			AzureRedisClusterAutoConfiguration.class, AzureRedisClusterInstancesAutoConfiguration.class,
			AzureRedisDiagnosticsAutoConfiguration.class, AzureRedisDiagnosticsInstancesAutoConfiguration.class,
			AzureRedisEmulatorAutoConfiguration.class, AzureRedisEmulatorInstancesAutoConfiguration.class,
			AzureRedisEntraAutoConfiguration.class, AzureRedisEntraInstancesAutoConfiguration.class,
			AzureRedisInstancesAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
			AzureRedisNoDefaultInstanceAutoConfiguration.class, DataRedisAutoConfiguration.class,
			DataRedisReactiveAutoConfiguration.class, SslAutoConfiguration.class,
			AzureRedisDataRedisHealthContributorAutoConfiguration.class,
			AzureRedisHealthContributorAutoConfiguration.class, AzureRedisMetricsAutoConfiguration.class,
			DataRedisHealthContributorAutoConfiguration.class,
			DataRedisReactiveHealthContributorAutoConfiguration.class })
	@Import(Consumers.class)
	static class TestApplication {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return new StubCredential();
		}

	}

	static class Consumers {

		private final LettuceConnectionFactory factory;

		private final StringRedisTemplate redis;

		private final RedisTemplate<Object, Object> template;

		Consumers(@Qualifier("cache") LettuceConnectionFactory factory, @Qualifier("cache") StringRedisTemplate redis,
				@Qualifier("cache") RedisTemplate<Object, Object> template) {
			this.factory = factory;
			this.redis = redis;
			this.template = template;
		}

	}

}
