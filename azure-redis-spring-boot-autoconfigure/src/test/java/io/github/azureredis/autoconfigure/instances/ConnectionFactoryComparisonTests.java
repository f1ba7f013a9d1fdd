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

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import com.jayway.jsonpath.JsonPath;
import io.github.azureredis.autoconfigure.StubCredential;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Comparison of the connection factory of a named instance with the one that Spring Boot
 * builds, field by field, with every property and every customizer.
 */
@Tag("slow")
class ConnectionFactoryComparisonTests {

	private static final String SPRING = "spring.data.redis.";

	/**
	 * Values that are no defaults, for the properties that belong to a connection.
	 */
	private static final Map<String, String> VALUES = new TreeMap<>(Map.ofEntries(Map.entry("timeout", "11s"),
			Map.entry("connect-timeout", "7s"), Map.entry("client-name", "compared"),
			Map.entry("lettuce.shutdown-timeout", "123ms"), Map.entry("lettuce.read-from", "replica-preferred"),
			Map.entry("lettuce.pool.enabled", "true"), Map.entry("lettuce.pool.max-idle", "5"),
			Map.entry("lettuce.pool.min-idle", "2"), Map.entry("lettuce.pool.max-active", "6"),
			Map.entry("lettuce.pool.max-wait", "3s"), Map.entry("lettuce.pool.time-between-eviction-runs", "17s"),
			Map.entry("lettuce.cluster.refresh.dynamic-refresh-sources", "true"),
			Map.entry("lettuce.cluster.refresh.period", "19s"), Map.entry("lettuce.cluster.refresh.adaptive", "false"),
			Map.entry("cluster.max-redirects", "4"), Map.entry("ssl.bundle", "compared")));

	/**
	 * Values of those that an instance can have itself.
	 */
	private static final Set<String> NOT_OF_AN_INSTANCE = Set.of("lettuce.shutdown-timeout", "cluster.max-redirects");

	/**
	 * Properties that do not belong to a connection, or say where it goes and as whom,
	 * which {@code azure.redis} does.
	 */
	private static final List<String> OTHERS = List.of("client-type", "cluster.nodes", "database", "host", "jedis.",
			"listener.", "masterreplica.", "password", "port", "repositories.", "sentinel.", "ssl.enabled", "url",
			"username", "azure.");

	/**
	 * What a factory has when it is started.
	 */
	private static final Set<String> STATE = Set.of("client", "connectionProvider", "reactiveConnectionProvider",
			"connection", "reactiveConnection", "clusterCommandExecutor", "state", "lock", "connectionLock",
			"clientResources", "redisCredentialsProviderFactory", "log");

	@Test
	void whenSpringBootHasAPropertyThenThisTestKnowsIt() throws IOException {
		List<String> unknown = bootProperties().stream()
			.filter((name) -> !VALUES.containsKey(name) && OTHERS.stream().noneMatch(name::startsWith))
			.toList();
		assertThat(unknown).as("Add these to VALUES, and to InstanceInheritance, or to OTHERS").isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "none, false", "none, true", "oss, false", "oss, true" })
	void whenAnInstanceInheritsEverythingThenItsFactoryIsLikeTheOneOfSpringBoot(String policy, boolean virtualThreads) {
		try (ConfigurableApplicationContext context = run(policy, virtualThreads, SPRING, VALUES)) {
			assertThatFactoriesAreAlike(factory(context, "redisConnectionFactory"),
					factory(context, "cacheRedisConnectionFactory"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "none, false", "oss, true" })
	void whenNothingIsSetThenFactoryIsLikeTheOneOfSpringBoot(String policy, boolean virtualThreads) {
		try (ConfigurableApplicationContext context = run(policy, virtualThreads, SPRING, Map.of())) {
			assertThatFactoriesAreAlike(factory(context, "redisConnectionFactory"),
					factory(context, "cacheRedisConnectionFactory"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "none, false", "oss, false" })
	void whenAnInstanceHasItsOwnValuesThenTheyHaveTheEffectThatThoseOfSpringBootHave(String policy,
			boolean virtualThreads) {
		Map<String, String> values = new TreeMap<>(VALUES);
		values.keySet().removeAll(NOT_OF_AN_INSTANCE);
		try (ConfigurableApplicationContext boot = run(policy, virtualThreads, SPRING, values);
				ConfigurableApplicationContext ours = run(policy, virtualThreads, "azure.redis.instances.cache.",
						values)) {
			assertThatFactoriesAreAlike(factory(boot, "redisConnectionFactory"),
					factory(ours, "cacheRedisConnectionFactory"));
			assertThat(describe(factory(ours, "redisConnectionFactory")))
				.isNotEqualTo(describe(factory(ours, "cacheRedisConnectionFactory")));
		}
	}

	private static void assertThatFactoriesAreAlike(LettuceConnectionFactory boot, LettuceConnectionFactory ours) {
		assertThat(describe(boot)).hasSizeGreaterThan(80);
		assertThat(describe(ours)).containsExactlyElementsOf(describe(boot));
		assertThat(resources(ours).getClass()).isEqualTo(resources(boot).getClass());
		assertThat(resources(ours).computationThreadPoolSize()).isEqualTo(3)
			.isEqualTo(resources(boot).computationThreadPoolSize());
		assertThat(ours.getClientConfiguration().getRedisCredentialsProviderFactory()).isPresent();
	}

	private static ClientResources resources(LettuceConnectionFactory factory) {
		return factory.getClientConfiguration().getClientResources().orElseThrow();
	}

	private static LettuceConnectionFactory factory(ConfigurableApplicationContext context, String name) {
		String bean = (context.containsBean(name) || !"redisConnectionFactory".equals(name)) ? name
				: "redisConnectionFactoryVirtualThreads";
		return context.getBean(bean, LettuceConnectionFactory.class);
	}

	private static ConfigurableApplicationContext run(String policy, boolean virtualThreads, String prefix,
			Map<String, String> values) {
		List<String> arguments = new ArrayList<>(List.of("--azure.redis.host=localhost", "--azure.redis.port=10000",
				"--azure.redis.database=" + ("oss".equals(policy) ? 0 : 3), "--azure.redis.clustering-policy=" + policy,
				"--azure.redis.instances.cache.host=localhost", "--azure.redis.instances.cache.port=10000",
				"--spring.threads.virtual.enabled=" + virtualThreads,
				"--spring.ssl.bundle.pem.compared.options.ciphers=TLS_AES_128_GCM_SHA256",
				"--spring.ssl.bundle.pem.compared.options.enabled-protocols=TLSv1.3",
				"--management.health.redis.enabled=false"));
		values.forEach((name, value) -> arguments.add("--" + prefix + name + "=" + value));
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static List<String> bootProperties() throws IOException {
		String location = DataRedisProperties.class.getProtectionDomain().getCodeSource().getLocation().toString();
		URL metadata = URI.create("jar:" + location + "!/META-INF/spring-configuration-metadata.json").toURL();
		try (InputStream in = metadata.openStream()) {
			List<String> names = JsonPath.read(new String(in.readAllBytes(), StandardCharsets.UTF_8),
					"$.properties[?(!@.deprecated)].name");
			assertThat(names).contains(SPRING + "timeout");
			return names.stream()
				.filter((name) -> name.startsWith(SPRING))
				.map((name) -> name.substring(SPRING.length()))
				.toList();
		}
	}

	/**
	 * Describe an object by all of its fields.
	 */
	private static List<String> describe(Object object) {
		List<String> lines = new ArrayList<>();
		describe("factory", object, lines, Collections.newSetFromMap(new IdentityHashMap<>()));
		return lines;
	}

	private static void describe(String path, Object value, List<String> lines, Set<Object> seen) {
		if (value instanceof Optional<?> optional) {
			describe(path, optional.orElse(null), lines, seen);
		}
		else if (value instanceof Object[] array) {
			describe(path, Arrays.asList(array), lines, seen);
		}
		else if (value instanceof Collection<?> collection) {
			lines.add(path + ".size = " + collection.size());
			collection.forEach((element) -> describe(path + "[]", element, lines, seen));
		}
		else if (value == null || !isWalked(value)) {
			lines.add(path + " = " + text(value));
		}
		else if (seen.add(value)) {
			lines.add(path + " is a " + value.getClass().getName());
			fields(value.getClass()).filter((field) -> !STATE.contains(field.getName()))
				.forEach((field) -> describe(path + "." + field.getName(),
						ReflectionTestUtils.getField(value, field.getDeclaringClass(), field.getName()), lines, seen));
		}
	}

	private static boolean isWalked(Object value) {
		Class<?> type = value.getClass();
		return !type.isEnum() && !type.isHidden()
				&& Stream.of("io.lettuce.", "org.springframework.", "org.apache.commons.pool2.")
					.anyMatch(type.getName()::startsWith);
	}

	private static String text(Object value) {
		return (value == null || value.getClass().isEnum() || value instanceof Number || value instanceof CharSequence
				|| value instanceof Boolean || value instanceof Duration) ? String.valueOf(value)
						: value.getClass().getName().replaceAll("(\\$\\$Lambda).*", "$1");
	}

	private static Stream<Field> fields(Class<?> type) {
		Stream<Field> own = Arrays.stream(type.getDeclaredFields())
			.filter((field) -> !Modifier.isStatic(field.getModifiers()));
		return (type.getSuperclass() != null) ? Stream.concat(own, fields(type.getSuperclass())) : own;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return new StubCredential();
		}

		@Bean
		ClientResourcesBuilderCustomizer resourcesCustomizer() {
			return (builder) -> builder.computationThreadPoolSize(3);
		}

		@Bean
		LettuceClientOptionsBuilderCustomizer optionsCustomizer() {
			return (builder) -> builder.protocolVersion(ProtocolVersion.RESP3)
				.requestQueueSize(1234)
				.pingBeforeActivateConnection(false);
		}

		@Bean
		LettuceClientConfigurationBuilderCustomizer clientCustomizer() {
			return (builder) -> builder.shutdownQuietPeriod(Duration.ofMillis(77));
		}

	}

}
