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
import java.util.concurrent.TimeUnit;

import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.StatusFixtures;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisMetrics} and {@link AzureRedisMetricsAutoConfiguration}.
 */
class AzureRedisMetricsTests {

	private final StubMonitor monitor = new StubMonitor();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final AzureRedisMetrics metrics = new AzureRedisMetrics(this.monitor);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisMetricsAutoConfiguration.class))
		.withBean(AzureRedisMonitor.class, () -> this.monitor);

	@Test
	void whenThingsHappenedBeforeAndAfterBindingThenAllOfThemAreCounted() {
		this.monitor.totals = StatusFixtures.totals(2, Duration.ofSeconds(3), 1, Duration.ofSeconds(15), 10, 4);
		this.metrics.bindTo(this.registry);
		assertThat(renewals("success").count()).isEqualTo(2);
		assertThat(renewals("success").totalTime(TimeUnit.SECONDS)).isEqualTo(3);
		assertThat(renewals("failure").count()).isEqualTo(1);
		assertThat(renewals("failure").totalTime(TimeUnit.SECONDS)).isEqualTo(15);
		assertThat(reauthentications("success")).isEqualTo(10);
		assertThat(reauthentications("failure")).isEqualTo(4);
		this.monitor.totals = StatusFixtures.totals(3, Duration.ofSeconds(4), 1, Duration.ofSeconds(15), 20, 5);
		assertThat(renewals("success").count()).isEqualTo(3);
		assertThat(reauthentications("success")).isEqualTo(20);
		assertThat(reauthentications("failure")).isEqualTo(5);
	}

	@Test
	void whenConnectionsAreLostThenTheyAndTheirCommandsAreCounted() {
		this.metrics.bindTo(this.registry);
		this.monitor.connectionTotals = StatusFixtures.connectionTotals(11, 5, 3, 7, 2);
		assertThat(count("azure.redis.connections.opened")).isEqualTo(11);
		assertThat(count("azure.redis.connections.lost")).isEqualTo(5);
		assertThat(count("azure.redis.topology.reads")).isEqualTo(3);
		assertThat(unanswered("sent-again")).isEqualTo(7);
		assertThat(unanswered("refused")).isEqualTo(2);
	}

	@Test
	void whenThereAreSeveralRegistriesThenTheyShowTheSame() {
		MeterRegistry other = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(other);
		this.monitor.totals = StatusFixtures.totals(2, Duration.ZERO, 0, Duration.ZERO, 0, 0);
		assertThat(renewals("success").count()).isEqualTo(2);
		assertThat(other.get("azure.redis.token.renewals").tag("outcome", "success").functionTimer().count())
			.isEqualTo(2);
	}

	@Test
	void whenTokenLivesThenItsRemainingLifeIsShown() {
		this.metrics.bindTo(this.registry);
		this.monitor.tokenEndsIn(Duration.ofMinutes(30));
		assertThat(seconds("azure.redis.token.remaining")).isEqualTo(1800);
		assertThat(seconds("azure.redis.token.renewal.failing")).isZero();
	}

	@Test
	void whenTokenHasEndedThenNothingRemains() {
		this.metrics.bindTo(this.registry);
		this.monitor.renewalFailsFor(Duration.ofMinutes(7), Duration.ofMinutes(-2));
		assertThat(seconds("azure.redis.token.remaining")).isZero();
		assertThat(seconds("azure.redis.token.renewal.failing")).isEqualTo(420);
	}

	@Test
	void whenNoTokenIsInUseThenTimesAreNotANumber() {
		this.metrics.bindTo(this.registry);
		assertThat(seconds("azure.redis.token.remaining")).isNaN();
		assertThat(seconds("azure.redis.token.renewal.failing")).isNaN();
		assertThat(seconds("azure.redis.token.propagation")).isNaN();
	}

	@Test
	void whenRenewalHasReachedConnectionsThenTellsHowLongThatTook() {
		this.metrics.bindTo(this.registry);
		this.monitor.propagationTime = Duration.ofMillis(4500);
		assertThat(seconds("azure.redis.token.propagation")).isEqualTo(4.5);
	}

	@Test
	void whenConnectionsAreOpenThenTheyAreShown() {
		this.metrics.bindTo(this.registry);
		this.monitor.connections = 8;
		assertThat(this.registry.get("azure.redis.connections").gauge().value()).isEqualTo(8);
		assertThat(this.registry.get("azure.redis.connections").gauge().getId().getBaseUnit()).isEqualTo("connections");
	}

	@Test
	void whenThereAreNamedInstancesThenTheirMetersAreApart() {
		StubMonitor other = new StubMonitor("other.westeurope.redis.azure.net");
		other.connections = 3;
		this.monitor.connections = 2;
		this.monitor.named.put("cache", other);
		this.metrics.bindTo(this.registry);
		assertThat(connections("cache", "other.westeurope.redis.azure.net:10000")).isEqualTo(3);
		assertThat(connections("default", "my-cache.westeurope.redis.azure.net:10000")).isEqualTo(2);
		assertThat(this.registry.getMeters()).hasSize(26);
	}

	@Test
	void whenThereIsNoDefaultInstanceThenItHasNoMeters() {
		this.monitor.named.put("cache", new StubMonitor("other.westeurope.redis.azure.net"));
		this.monitor.hasDefaultInstance = false;
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.getMeters()).hasSize(13)
			.allSatisfy((meter) -> assertThat(meter.getId().getTag("redis.instance")).isEqualTo("cache"));
	}

	@Test
	void whenNoInstanceHasANameThenMetersHaveTheSameTags() {
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.getMeters()).allSatisfy((meter) -> {
			assertThat(meter.getId().getTag("redis.instance")).isEqualTo("default");
			assertThat(meter.getId().getTag("redis.endpoint")).isEqualTo("my-cache.westeurope.redis.azure.net:10000");
		});
	}

	@Test
	void whenBoundThenEachMeterIsDescribed() {
		this.metrics.bindTo(this.registry);
		assertThat(this.registry.getMeters()).hasSize(13)
			.extracting(Meter::getId)
			.allSatisfy((id) -> assertThat(id.getDescription()).isNotBlank())
			.allSatisfy((id) -> assertThat(id.getName()).startsWith("azure.redis."));
	}

	@Test
	void whenApplicationHasRegistryThenMetersAreInIt() {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("azure.redis.connections").gauge())
				.isNotNull());
	}

	@Test
	void whenApplicationHasNoRegistryThenItStarts() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(AzureRedisMetrics.class));
	}

	@Test
	void whenMicrometerIsMissingThenApplicationStarts() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("azureRedisMetrics"));
	}

	@Test
	void whenStarterIsNotInForceThenThereAreNoMetrics() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AzureRedisMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AzureRedisMetrics.class));
	}

	private FunctionTimer renewals(String outcome) {
		return this.registry.get("azure.redis.token.renewals").tag("outcome", outcome).functionTimer();
	}

	private double reauthentications(String outcome) {
		return this.registry.get("azure.redis.reauthentications").tag("outcome", outcome).functionCounter().count();
	}

	private double connections(String instance, String endpoint) {
		return this.registry.get("azure.redis.connections")
			.tags("redis.instance", instance, "redis.endpoint", endpoint)
			.gauge()
			.value();
	}

	private double count(String name) {
		return this.registry.get(name).functionCounter().count();
	}

	private double unanswered(String outcome) {
		return this.registry.get("azure.redis.commands.unanswered").tag("outcome", outcome).functionCounter().count();
	}

	private double seconds(String name) {
		TimeGauge gauge = this.registry.get(name).timeGauge();
		return gauge.value(TimeUnit.SECONDS);
	}

}
