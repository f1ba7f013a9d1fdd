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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.emulator.AzureRedisEmulatorAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What health, metrics and the endpoint tell while the emulator renews tokens or does
 * not. None of it ever holds a token.
 */
@Tag("slow")
class AzureRedisOutageTests {

	private static final Queue<String> tokens = new ConcurrentLinkedQueue<>();

	private final Queue<String> shown = new ConcurrentLinkedQueue<>();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisEmulatorAutoConfiguration.class,
				AzureRedisAutoConfiguration.class, AzureRedisClusterAutoConfiguration.class,
				AzureRedisMonitorAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
				AzureRedisHealthContributorAutoConfiguration.class, AzureRedisMetricsAutoConfiguration.class,
				AzureRedisEndpointAutoConfiguration.class, DataRedisAutoConfiguration.class,
				DataRedisHealthContributorAutoConfiguration.class, SslAutoConfiguration.class,
				EndpointAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class, JacksonEndpointAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
		.withUserConfiguration(TalkativeConfiguration.class)
		.withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
		.withPropertyValues("azure.redis.emulator.enabled=true",
				"management.endpoints.web.exposure.include=health,azureredis");

	@Test
	void whenTokenIsNotRenewedThenHealthIsUpUntilItsEndAndDownFromThenOn() {
		this.contextRunner.withPropertyValues("azure.redis.emulator.token-lifetime=8s").run((context) -> {
			AzureRedisEmulator emulator = context.getBean(AzureRedisEmulator.class);
			awaiting().untilAsserted(() -> assertThat(health(context)).contains("\"status\":\"UP\"")
				.contains("\"endpoint\":\"localhost:" + emulator.port() + "\"",
						"\"user\":\"" + emulator.objectId() + "\"", "\"tokenExpiresAt\":\"")
				.doesNotContain("failingSince"));
			assertThat(endpoint(context)).contains("\"portReason\":\"AzureRedisInstance bean\"",
					"\"credential\":\"the emulator\"");
			emulator.faults().tokenEndpointDown();
			awaiting().untilAsserted(() -> assertThat(health(context)).contains("\"status\":\"UP\"")
				.contains("\"failingSince\":\"", "\"reason\":\"", "\"tokenExpiresAt\":\""));
			awaiting().untilAsserted(() -> assertThat(health(context)).contains("\"status\":\"DOWN\"")
				.contains("There is no valid token"));
			assertThat(endpoint(context)).contains("TOKEN_RENEWAL_FAILED");
			assertThat(seconds(context, "azure.redis.token.remaining")).isZero();
			assertThat(seconds(context, "azure.redis.token.renewal.failing")).isPositive();
			assertThat(renewals(context, "failure").count()).isPositive();
			assertThat(scrape(context)).contains("azure_redis_");
			emulator.tokenLifetime(Duration.ofHours(1));
			emulator.faults().tokenEndpointUp();
			awaiting().untilAsserted(
					() -> assertThat(health(context)).contains("\"status\":\"UP\"").doesNotContain("failingSince"));
			assertThat(seconds(context, "azure.redis.token.renewal.failing")).isZero();
			assertThat(seconds(context, "azure.redis.token.remaining")).isPositive();
		});
		assertNoTokenIsShown();
	}

	@Test
	void whenTokenIsRenewedThenConnectionsAndTheirReauthenticationAreCounted() {
		this.contextRunner.withBean(AzureRedisEmulator.class, this::emulatorWithForbearance).run((context) -> {
			context.getBean(StringRedisTemplate.class).opsForValue().get("key");
			awaiting().untilAsserted(() -> assertThat(reauthentications(context)).isPositive());
			awaiting().untilAsserted(() -> assertThat(seconds(context, "azure.redis.token.propagation")).isPositive());
			assertThat(renewals(context, "success").count()).isGreaterThanOrEqualTo(2);
			assertThat(renewals(context, "success").totalTime(TimeUnit.NANOSECONDS)).isPositive();
			assertThat(registry(context).get("azure.redis.connections").gauge().value()).isEqualTo(1);
			assertThat(scrape(context)).contains("azure_redis_");
			assertThat(endpoint(context)).contains("CONNECTION_REAUTHENTICATED", "\"connections\":1");
		});
		assertNoTokenIsShown();
	}

	@Test
	void whenRedisIsGoneThenHealthIsDownInTimeAndUpAgainWithItBesideBootsOwn() {
		this.contextRunner.withPropertyValues("spring.data.redis.timeout=1s").run((context) -> {
			assertThat(context.getBean(HealthContributorRegistry.class).stream().map(HealthContributors.Entry::name))
				.containsExactlyInAnyOrder("redis", "azureRedis");
			awaiting().untilAsserted(() -> assertThat(health(context)).contains("\"status\":\"UP\""));
			AzureRedisEmulator emulator = context.getBean(AzureRedisEmulator.class);
			emulator.stopServer();
			assertThat(health(context)).contains("\"status\":\"DOWN\"").contains("\"error\":\"");
			emulator.startServer();
			awaiting().untilAsserted(() -> assertThat(health(context)).contains("\"status\":\"UP\""));
		});
		assertNoTokenIsShown();
	}

	/**
	 * An emulator whose tokens live longer than they say, so that a slow machine has
	 * time.
	 */
	private AzureRedisEmulator emulatorWithForbearance() {
		AzureRedisEmulator emulator = AzureRedisEmulator.builder().tokenLifetime(Duration.ofHours(1)).start();
		emulator.faults().tokenExpirySkew(Duration.ofSeconds(3).minusHours(1));
		return emulator;
	}

	private ConditionFactory awaiting() {
		return await().atMost(Duration.ofSeconds(30));
	}

	private String health(AssertableApplicationContext context) {
		return show(context.getBean(EndpointJsonMapper.class)
			.get()
			.writeValueAsString(context.getBean(HealthEndpoint.class).healthForPath("azureRedis")));
	}

	private String endpoint(AssertableApplicationContext context) {
		return show(context.getBean(EndpointJsonMapper.class)
			.get()
			.writeValueAsString(context.getBean(AzureRedisEndpoint.class).azureRedis()));
	}

	private String scrape(AssertableApplicationContext context) {
		return show(registry(context).scrape());
	}

	private PrometheusMeterRegistry registry(AssertableApplicationContext context) {
		return context.getBean(PrometheusMeterRegistry.class);
	}

	private double seconds(AssertableApplicationContext context, String name) {
		return registry(context).get(name).timeGauge().value(TimeUnit.SECONDS);
	}

	private FunctionTimer renewals(AssertableApplicationContext context, String outcome) {
		return registry(context).get("azure.redis.token.renewals").tag("outcome", outcome).functionTimer();
	}

	private double reauthentications(AssertableApplicationContext context) {
		return registry(context).get("azure.redis.reauthentications")
			.tag("outcome", "success")
			.functionCounter()
			.count();
	}

	private String show(String text) {
		this.shown.add(text);
		return text;
	}

	private void assertNoTokenIsShown() {
		assertThat(tokens).isNotEmpty();
		assertThat(this.shown).isNotEmpty()
			.allSatisfy((text) -> assertThat(text).doesNotContain("eyJ").doesNotContain(tokens));
	}

	/**
	 * An application with a credential that tells its last token when it fails.
	 */
	@Configuration(proxyBeanMethods = false)
	static class TalkativeConfiguration {

		@Bean
		static BeanPostProcessor talkativeCredentials() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof TokenCredential credential) ? new TalkativeCredential(credential) : bean;
				}

			};
		}

	}

	private static final class TalkativeCredential implements TokenCredential {

		private final TokenCredential credential;

		private volatile String last = "";

		private TalkativeCredential(TokenCredential credential) {
			this.credential = credential;
		}

		@Override
		public Mono<AccessToken> getToken(TokenRequestContext request) {
			return this.credential.getToken(request).doOnNext((token) -> {
				this.last = token.getToken();
				tokens.add(token.getToken());
			}).onErrorMap((ex) -> new IllegalStateException("Still have " + this.last, ex));
		}

	}

}
