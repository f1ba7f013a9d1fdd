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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.health.DataRedisReactiveHealthIndicator;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What health, metrics and the endpoint tell of named instances, each of which is an
 * emulator. None of it ever holds a token.
 */
@Tag("slow")
class NamedInstancesMonitoringTests {

	private static final String TOKEN_START = "eyJ";

	private final Queue<String> tokens = new ConcurrentLinkedQueue<>();

	private AzureRedisEmulator sessions;

	private AzureRedisEmulator cache;

	private AzureRedisEmulator vectors;

	@BeforeEach
	void startEmulators() {
		this.sessions = AzureRedisEmulator.builder().start();
		this.cache = AzureRedisEmulator.builder().tokensOf(this.sessions).start();
		this.vectors = AzureRedisEmulator.builder().tokensOf(this.sessions).start();
	}

	@AfterEach
	void closeEmulators() {
		this.vectors.close();
		this.cache.close();
		this.sessions.close();
	}

	@Test
	void whenInstancesAreNotUsedThenTheyCostNothing() {
		try (ConfigurableApplicationContext context = run(true)) {
			assertThat(context.getBean("redisHealthContributor")).isInstanceOf(DataRedisReactiveHealthIndicator.class);
			assertThat(health(context, "default").getStatus()).isEqualTo(Status.UP);
			for (String name : List.of("cache", "vectors")) {
				assertThat(health(context, name).getStatus()).isEqualTo(Status.UNKNOWN);
				assertThat(health(context, name).getDetails()).containsKeys("endpoint", "authentication", "unused");
			}
			assertThat(show(context)).contains("azure_redis_connections{");
			assertThat(context.getBean(HealthEndpoint.class).health().getStatus()).isEqualTo(Status.UP);
			assertThat(this.cache.statistics().connectionsOpened()).isZero();
			assertThat(this.vectors.statistics().connectionsOpened()).isZero();
			assertThat(this.sessions.statistics().tokenRequests()).isOne();
		}
	}

	@Test
	void whenThereIsNoDefaultInstanceThenNothingConnectsAndOnlyOursIsHealth() {
		try (ConfigurableApplicationContext context = run(false)) {
			HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
			assertThat(registry.getContributor("redis")).isNull();
			assertThat((CompositeHealthContributor) registry.getContributor("azureRedis"))
				.extracting(HealthContributors.Entry::name)
				.containsExactly("cache", "vectors");
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("azureRedis").getStatus())
				.isEqualTo(Status.UNKNOWN);
			assertThat(show(context)).contains("redis_instance=\"cache\"").doesNotContain("redis_instance=\"default\"");
			assertThat(this.cache.statistics().connectionsOpened()).isZero();
			assertThat(this.sessions.statistics().tokenRequests()).isZero();
		}
	}

	@Test
	void whenOneInstanceIsDownThenHealthShowsWhich() {
		try (ConfigurableApplicationContext context = run(true)) {
			assertThatHealthShowsWhichInstanceIsDown(context);
		}
	}

	@Test
	void whenOneInstanceIsDownThenReactiveHealthShowsWhich() {
		new ReactiveWebApplicationContextRunner().withUserConfiguration(Application.class)
			.withInitializer(this::registerCredential)
			.withPropertyValues(properties(true).toArray(String[]::new))
			.run((context) -> {
				assertThat(context.getBean("azureRedisHealthContributor"))
					.isInstanceOf(CompositeReactiveHealthContributor.class);
				assertThatHealthShowsWhichInstanceIsDown(context);
			});
	}

	private void assertThatHealthShowsWhichInstanceIsDown(ApplicationContext context) {
		use(context, "cache", "vectors");
		this.vectors.stopServer();
		assertThat(health(context, "vectors").getStatus()).isEqualTo(Status.DOWN);
		assertThat(health(context, "vectors").getDetails()).containsKey("error");
		assertThat(health(context, "cache").getStatus()).isEqualTo(Status.UP);
		assertThat(health(context, "default").getStatus()).isEqualTo(Status.UP);
		this.vectors.startServer();
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(health(context, "vectors").getStatus()).isEqualTo(Status.UP));
	}

	@Test
	void whenGroupNamesAnInstanceThenTheOthersAreNotInIt() {
		try (ConfigurableApplicationContext context = run(true,
				"--management.endpoint.health.group.readiness.include=azureRedis/cache")) {
			use(context, "cache", "vectors");
			this.vectors.stopServer();
			HealthEndpoint health = context.getBean(HealthEndpoint.class);
			assertThat(health.healthForPath("azureRedis").getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.healthForPath("readiness").getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void whenInstancesShareATokenThenItsRenewalsAreNotCountedTwice() {
		this.sessions.tokenLifetime(Duration.ofSeconds(6));
		try (ConfigurableApplicationContext context = run(true)) {
			use(context, "cache", "vectors");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(this.sessions.statistics().tokenRequests()).isGreaterThan(1));
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				long requests = this.sessions.statistics().tokenRequests();
				assertThat(renewals(context)).isEqualTo(requests);
			});
			assertThat(show(context)).contains("redis_instance=\"cache\"", "redis_instance=\"default\"");
			assertThat(endpoint(context).azureRedis().instances())
				.allSatisfy((instance) -> assertThat(instance.token()).isNotNull())
				.extracting(AzureRedisEndpoint.InstanceDescriptor::name, (instance) -> instance.endpoint().port())
				.containsExactly(tuple("default", this.sessions.port()), tuple("cache", this.cache.port()),
						tuple("vectors", this.vectors.port()));
			assertThat(endpoint(context).azureRedisInstance("vectors").endpoint().port())
				.isEqualTo(this.vectors.port());
		}
	}

	@Test
	void whenTokenEndsThenEachInstanceIsDownAndNoTokenIsShown() {
		this.sessions.tokenLifetime(Duration.ofSeconds(6));
		try (ConfigurableApplicationContext context = run(true)) {
			use(context, "cache");
			this.sessions.faults().tokenEndpointDown();
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				assertThat(show(context)).contains("Still have");
				assertThat(health(context, "default").getStatus()).isEqualTo(Status.DOWN);
				assertThat(health(context, "cache").getStatus()).isEqualTo(Status.DOWN);
			});
			assertThat(health(context, "vectors").getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(this.tokens).isNotEmpty();
		}
	}

	private ConfigurableApplicationContext run(boolean defaultInstance, String... more) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers(this::registerCredential)
			.run(Stream.concat(properties(defaultInstance).stream(), Stream.of(more))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
	}

	private List<String> properties(boolean defaultInstance) {
		List<String> properties = new ArrayList<>(List.of(
				"spring.ssl.bundle.pem.emulators.truststore.certificate=" + this.sessions.certificateAuthorityPem()
						+ this.cache.certificateAuthorityPem() + this.vectors.certificateAuthorityPem(),
				"azure.redis.ssl.bundle=emulators", "azure.redis.token.reauthentication-spread=0",
				"management.endpoints.web.exposure.include=health,azureredis",
				"management.endpoint.health.show-details=always", "spring.data.redis.timeout=2s",
				"azure.redis.instances.cache.host=" + this.cache.host(),
				"azure.redis.instances.cache.port=" + this.cache.port(),
				"azure.redis.instances.vectors.host=" + this.vectors.host(),
				"azure.redis.instances.vectors.port=" + this.vectors.port()));
		if (defaultInstance) {
			properties.add("azure.redis.host=" + this.sessions.host());
			properties.add("azure.redis.port=" + this.sessions.port());
		}
		return properties;
	}

	private void registerCredential(ConfigurableApplicationContext context) {
		context.getBeanFactory().registerSingleton("azureRedisTokenCredential", talkativeCredential());
	}

	/**
	 * Return a credential that tells its last token when it fails.
	 */
	private TokenCredential talkativeCredential() {
		TokenCredential credential = this.sessions.credential();
		return (request) -> credential.getToken(request)
			.doOnNext((token) -> this.tokens.add(token.getToken()))
			.onErrorMap((ex) -> new IllegalStateException("Still have " + String.join(" ", this.tokens), ex));
	}

	private static void use(ApplicationContext context, String... names) {
		for (String name : names) {
			context.getBean(name + "StringRedisTemplate", StringRedisTemplate.class).opsForValue().get("key");
		}
	}

	private static Health health(ApplicationContext context, String name) {
		Object azureRedis = context.getBean("azureRedisHealthContributor");
		if (azureRedis instanceof CompositeReactiveHealthContributor reactive) {
			return ((ReactiveHealthIndicator) reactive.getContributor(name)).health().block();
		}
		return ((HealthIndicator) ((CompositeHealthContributor) azureRedis).getContributor(name)).health();
	}

	private static AzureRedisEndpoint endpoint(ConfigurableApplicationContext context) {
		return context.getBean(AzureRedisEndpoint.class);
	}

	private static double renewals(ConfigurableApplicationContext context) {
		return context.getBean(PrometheusMeterRegistry.class)
			.get("azure.redis.token.renewals")
			.tag("outcome", "success")
			.functionTimers()
			.stream()
			.mapToDouble(FunctionTimer::count)
			.sum();
	}

	/**
	 * Return all that is shown.
	 */
	private String show(ConfigurableApplicationContext context) {
		EndpointJsonMapper mapper = context.getBean(EndpointJsonMapper.class);
		StringBuilder shown = new StringBuilder(context.getBean(PrometheusMeterRegistry.class).scrape());
		shown.append(mapper.get().writeValueAsString(context.getBean(HealthEndpoint.class).health()));
		shown.append(mapper.get().writeValueAsString(endpoint(context).azureRedis()));
		for (String name : List.of("default", "cache", "vectors")) {
			shown.append(mapper.get().writeValueAsString(endpoint(context).azureRedisInstance(name)));
		}
		assertThat(shown).doesNotContain(TOKEN_START);
		assertThat(this.tokens).noneSatisfy((token) -> assertThat(shown).contains(token));
		return shown.toString();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		PrometheusMeterRegistry prometheusMeterRegistry() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

	}

}
