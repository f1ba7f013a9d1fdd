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

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.StubCredential;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for applications that have named instances, and for what is said of wrong ones.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class NoDefaultInstanceTests {

	private static final List<String> INSTANCES = List.of(
			"--azure.redis.instances.cache.host=cache.westeurope.redis.azure.net",
			"--azure.redis.instances.vectors.host=vectors.westeurope.redis.azure.net");

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenThereIsNoHostThenNothingOfSpringBootConnectsToThisMachine(boolean virtualThreads) {
		try (ConfigurableApplicationContext context = run(Application.class,
				"--spring.threads.virtual.enabled=" + virtualThreads)) {
			assertThat(context.getBeanNamesForType(RedisConnectionFactory.class))
				.containsExactly("cacheRedisConnectionFactory", "vectorsRedisConnectionFactory");
			assertThat(Arrays.stream(context.getBeanDefinitionNames())
				.filter((name) -> needsConnectionFactory(context, name))).isEmpty();
		}
	}

	private static boolean needsConnectionFactory(ConfigurableApplicationContext context, String name) {
		String configuration = context.getBeanFactory().getBeanDefinition(name).getFactoryBeanName();
		String method = context.getBeanFactory().getBeanDefinition(name).getFactoryMethodName();
		return configuration != null && configuration.startsWith("org.springframework.boot.") && Stream
			.of(context.getBean(configuration).getClass().getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(method))
			.flatMap((candidate) -> Arrays.stream(candidate.getParameterTypes()))
			.anyMatch((type) -> type == RedisConnectionFactory.class || type == ReactiveRedisConnectionFactory.class);
	}

	@ParameterizedTest
	@ValueSource(classes = { NeedsFactory.class, NeedsStringTemplate.class, NeedsTemplate.class, NeedsReactive.class })
	void whenBeanIsInjectedWithoutAQualifierThenTheAnalysisNamesTheInstances(Class<?> source, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(source).close());
		assertThat(output)
			.contains("requires ",
					"of the default instance, and there is none, since" + " 'azure.redis.host' is not set",
					"'cache', 'vectors'", "@Qualifier(\"cache\")")
			.doesNotContain("\tat ");
	}

	@Test
	void whenApplicationSaysWhereTheDefaultIsThenSpringBootConnectsThere() {
		try (ConfigurableApplicationContext context = run(OwnDetails.class)) {
			assertThat(context.getBean(StringRedisTemplate.class).getConnectionFactory())
				.isSameAs(context.getBean(RedisConnectionFactory.class));
		}
	}

	@Test
	void whenApplicationSaysWhereTheDefaultIsThenOnlyNamedInstancesHaveDefaultsForAzure() {
		try (ConfigurableApplicationContext context = run(OwnDetails.class, "--azure.redis.clustering-policy=none")) {
			assertThat(hasTcpUserTimeout(context, "redisConnectionFactory")).isFalse();
			assertThat(hasTcpUserTimeout(context, "cacheRedisConnectionFactory")).isEqualTo(Epoll.isAvailable());
		}
	}

	private static boolean hasTcpUserTimeout(ConfigurableApplicationContext context, String connectionFactory) {
		return context.getBean(connectionFactory, LettuceConnectionFactory.class)
			.getClientConfiguration()
			.getClientOptions()
			.orElseThrow()
			.getSocketOptions()
			.isEnableTcpUserTimeout();
	}

	@Test
	void whenApplicationDefinesTheInstanceThenItIsTheDefault() {
		try (ConfigurableApplicationContext context = run(OwnInstance.class)) {
			AzureRedisMonitor monitor = context.getBean(AzureRedisMonitor.class);
			assertThat(monitor.hasDefaultInstance()).isTrue();
			assertThat(monitor.getStatus().getInstance().getHost()).isEqualTo("own.westeurope.redis.azure.net");
			assertThat(context.getBeanNamesForType(StringRedisTemplate.class)).contains("stringRedisTemplate",
					"cacheStringRedisTemplate");
		}
	}

	@Test
	void whenStarterIsOffThenThereAreNoInstances() {
		try (ConfigurableApplicationContext context = run(Application.class, "--azure.redis.enabled=false")) {
			assertThat(context.getBeanNamesForType(StringRedisTemplate.class)).containsExactly("stringRedisTemplate");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			azure.redis.instances.cache.port                | --azure.redis.instances.cache.port=70000
			azure.redis.instances.cache.host                | --azure.redis.instances.cache.host=rediss://cache
			azure.redis.instances.cache.ssl.enabled         | --azure.redis.instances.cache.ssl.enabled=false
			azure.redis.instances.cache.database            | --azure.redis.instances.cache.database=1
			azure.redis.instances.cache.credential.client-id| --azure.redis.instances.cache.credential.client-id=id
			azure.redis.instances.cache.token.request-timeout| --azure.redis.instances.cache.token.request-timeout=6m
			azure.redis.instances.other.host                | --azure.redis.instances.other.client-name=me
			azure.redis.instances.other.port                | --azure.redis.instances.other.host=other.example.org
			spring.data.redis.host                          | --spring.data.redis.host=other
			spring.data.redis.url                           | --spring.data.redis.url=redis://other
			spring.data.redis.database                      | --spring.data.redis.database=1
			default                                         | --azure.redis.instances.default.host=cache
			string                                          | --azure.redis.instances.string.host=cache
			reactive                                        | --azure.redis.instances.reactive.host=cache
			1st                                             | --azure.redis.instances.1st.host=cache
			a b                                             | --azure.redis.instances[a b].host=cache
			cacheString               | --azure.redis.instances.cacheString.host=cache
			cache-reactive            | --azure.redis.instances.cache-reactive.host=cache
			cacheReactiveString       | --azure.redis.instances.cacheReactiveString.host=cache
			azure.redis.instances.vec-tors                  | --azure.redis.instances.vec-tors.host=cache
			""")
	void whenInstanceIsMisconfiguredThenTheAnalysisNamesTheProperty(String property, String argument,
			CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Application.class, argument).close());
		assertThat(output).contains("APPLICATION FAILED TO START", "'" + property + "'").doesNotContain("\tat ");
	}

	@Test
	void whenWrongValueIsInheritedThenTheAnalysisNamesItOnceAsItIsSet(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Application.class, "--azure.redis.token.request-timeout=6m").close())
			.satisfies((ex) -> assertThat(NestedExceptionUtils.getMostSpecificCause(ex)).isInstanceOfSatisfying(
					AzureRedisConfigurationException.class,
					(cause) -> assertThat(cause.getProblems()).singleElement()
						.extracting(Problem::property)
						.isEqualTo("azure.redis.token.request-timeout")));
		assertThat(output).doesNotContain("azure.redis.instances.");
	}

	@Test
	void whenInstanceHasNoHostThenTheAnalysisDoesNotTurnTheStarterOff(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run(Application.class, "--azure.redis.instances.other.client-name=me").close());
		assertThat(output).contains("Set 'azure.redis.instances.other.host'").doesNotContain("azure.redis.enabled");
	}

	@Test
	void whenApplicationHasAFactoryOfTheNameThenTheAnalysisSaysSo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(OwnFactory.class).close());
		assertThat(output)
			.contains("needs a bean named 'cacheRedisConnectionFactory', but the application defines one");
	}

	private static ConfigurableApplicationContext run(Class<?> source, String... arguments) {
		return new SpringApplicationBuilder(source).web(WebApplicationType.NONE)
			.run(Stream
				.concat(INSTANCES.stream()
					.filter((argument) -> Stream.of(arguments)
						.noneMatch((other) -> other.startsWith(argument.split("=")[0] + "="))), Stream.of(arguments))
				.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return new StubCredential();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsFactory extends Application {

		NeedsFactory(RedisConnectionFactory factory) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsStringTemplate extends Application {

		NeedsStringTemplate(StringRedisTemplate redis) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsTemplate extends Application {

		NeedsTemplate(RedisTemplate<Object, Object> redis) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsReactive extends Application {

		NeedsReactive(ReactiveStringRedisTemplate redis) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDetails extends Application {

		@Bean
		DataRedisConnectionDetails ownDetails() {
			return new DataRedisConnectionDetails() {

				@Override
				public Standalone getStandalone() {
					return Standalone.of("localhost", 1);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnInstance extends Application {

		@Bean
		AzureRedisInstance azureRedisInstance() {
			return AzureRedisInstance.of("own.westeurope.redis.azure.net", 10000, AzureRedisOffering.MANAGED_REDIS,
					SslBundle.systemDefault());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory extends Application {

		@Bean(defaultCandidate = false)
		Object cacheRedisConnectionFactory(ObjectProvider<String> any) {
			return "factory";
		}

	}

}
