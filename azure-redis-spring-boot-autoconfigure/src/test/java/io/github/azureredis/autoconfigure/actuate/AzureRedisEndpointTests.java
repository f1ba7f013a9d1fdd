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

package io.github.azureredis.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.actuate.AzureRedisEndpoint.AzureRedisDescriptor;
import io.github.azureredis.autoconfigure.actuate.AzureRedisEndpoint.EventDescriptor;
import io.github.azureredis.autoconfigure.actuate.AzureRedisEndpoint.InstanceDescriptor;
import io.github.azureredis.autoconfigure.actuate.AzureRedisEndpoint.TokenDescriptor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link AzureRedisEndpoint} and {@link AzureRedisEndpointAutoConfiguration}.
 */
class AzureRedisEndpointTests {

	private final StubMonitor monitor = new StubMonitor();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisEndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class))
		.withBean(AzureRedisMonitor.class, () -> this.monitor)
		.withPropertyValues("management.endpoints.web.exposure.include=azureredis");

	@Test
	void whenTokenIsInUseThenShowsWhatIsKnown() {
		this.monitor.renewalFailsFor(Duration.ofMinutes(4), Duration.ofMinutes(1));
		this.monitor.clusteringPolicy = AzureRedisClusteringPolicy.OSS;
		this.monitor.connections = 2;
		this.monitor.happened(EventType.TOKEN_RENEWAL_FAILED, "nobody is logged in", 7);
		assertThat(json()).isEqualTo(
				"""
						{"instances":[{\
						"endpoint":{"host":"my-cache.westeurope.redis.azure.net","port":10000,"portReason":"host name",\
						"offering":"MANAGED_REDIS","ssl":true},\
						"clusteringPolicy":{"name":"OSS","reason":"asked the server"},\
						"authentication":{"method":"TOKEN","credential":"bean 'credential'","scope":"scope","user":"object-id"},\
						"token":{"issuedAt":"2026-11-21T11:01:00Z","renewedAt":"2026-11-21T11:01:00Z",\
						"expiresAt":"2026-11-21T12:01:00Z","nextRequestAt":"2026-11-21T12:01:00Z",\
						"failingSince":"2026-11-21T11:56:00Z","failures":7,"reasons":["outer","nobody is logged in"]},\
						"connections":2,\
						"events":[{"type":"TOKEN_RENEWAL_FAILED","description":"nobody is logged in","count":7,\
						"firstAt":"2026-11-21T11:59:30Z","lastAt":"2026-11-21T12:00:00Z"},\
						{"type":"TOKEN_RENEWED","description":"before","count":1,\
						"firstAt":"2026-11-21T11:59:00Z","lastAt":"2026-11-21T11:59:00Z"}]}]}""");
	}

	@Test
	void whenAccessKeyIsUsedThenSaysSo() {
		this.monitor.authentication = AuthenticationMethod.ACCESS_KEY;
		assertThat(json()).isEqualTo("""
				{"instances":[{\
				"endpoint":{"host":"my-cache.westeurope.redis.azure.net","port":10000,"portReason":"host name",\
				"offering":"MANAGED_REDIS","ssl":true},\
				"authentication":{"method":"ACCESS_KEY"},"connections":0,"events":[]}]}""");
	}

	@Test
	void whenThereAreNamedInstancesThenShowsEachUnderItsName() {
		this.monitor.named.put("cache", new StubMonitor("other.westeurope.redis.azure.net"));
		assertThat(new AzureRedisEndpoint(this.monitor).azureRedis().instances())
			.extracting(InstanceDescriptor::name, (instance) -> instance.endpoint().host())
			.containsExactly(tuple("default", "my-cache.westeurope.redis.azure.net"),
					tuple("cache", "other.westeurope.redis.azure.net"));
		assertThat(json()).startsWith("{\"instances\":[{\"name\":\"default\",\"endpoint\":{");
	}

	@Test
	void whenThereIsNoDefaultInstanceThenShowsTheOthers() {
		this.monitor.named.put("cache", new StubMonitor("other.westeurope.redis.azure.net"));
		this.monitor.hasDefaultInstance = false;
		AzureRedisEndpoint endpoint = new AzureRedisEndpoint(this.monitor);
		assertThat(endpoint.azureRedis().instances()).extracting(InstanceDescriptor::name).containsExactly("cache");
		assertThat(endpoint.azureRedisInstance("default")).isNull();
	}

	@Test
	void whenInstanceIsSelectedThenShowsThatOne() {
		this.monitor.named.put("cache", new StubMonitor("other.westeurope.redis.azure.net"));
		AzureRedisEndpoint endpoint = new AzureRedisEndpoint(this.monitor);
		assertThat(endpoint.azureRedisInstance("cache").endpoint().host())
			.isEqualTo("other.westeurope.redis.azure.net");
		assertThat(endpoint.azureRedisInstance("default").endpoint().host())
			.isEqualTo("my-cache.westeurope.redis.azure.net");
		assertThat(endpoint.azureRedisInstance("unknown")).isNull();
	}

	@Test
	void whenNotExposedThenThereIsNoEndpoint() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(AzureRedisEndpoint.class));
	}

	@Test
	void whenAccessIsNoneThenThereIsNoEndpoint() {
		this.contextRunner.withPropertyValues("management.endpoint.azureredis.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(AzureRedisEndpoint.class));
	}

	@Test
	void whenStarterIsNotInForceThenThereIsNoEndpoint() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AzureRedisEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=azureredis")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AzureRedisEndpoint.class));
	}

	@Test
	void whenActuatorIsMissingThenApplicationStarts() {
		new ApplicationContextRunner().withUserConfiguration(AutoConfigured.class)
			.withBean(AzureRedisMonitor.class, () -> this.monitor)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("azureRedisEndpoint"));
	}

	@Test
	void whenInstanceHasAnotherClusteringPolicyThenShowsTheProblem() {
		this.monitor.clusteringPolicy = AzureRedisClusteringPolicy.NONE;
		this.monitor.clusteringProblem = "answered MOVED";
		assertThat(json()).contains("""
				"clusteringPolicy":{"name":"NONE","reason":"asked the server","problem":"answered MOVED"}""");
	}

	@Test
	void whenProcessedAheadOfTimeThenAnswerCanBeWrittenInANativeImage() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of("management.endpoints.web.exposure.include=azureredis").applyTo(context);
			context.register(MonitorConfiguration.class, AzureRedisEndpointAutoConfiguration.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		for (Class<?> type : List.of(AzureRedisDescriptor.class, InstanceDescriptor.class, TokenDescriptor.class,
				EventDescriptor.class)) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onType(type)
				.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).accepts(generation.getRuntimeHints());
		}
	}

	private String json() {
		String[] json = new String[1];
		this.contextRunner.run((context) -> json[0] = context.getBean(EndpointJsonMapper.class)
			.get()
			.writeValueAsString(context.getBean(AzureRedisEndpoint.class).azureRedis()));
		return json[0];
	}

	@Configuration(proxyBeanMethods = false)
	static class MonitorConfiguration {

		@Bean
		StubMonitor monitor() {
			return new StubMonitor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(AzureRedisEndpointAutoConfiguration.class)
	static class AutoConfigured {

	}

}
