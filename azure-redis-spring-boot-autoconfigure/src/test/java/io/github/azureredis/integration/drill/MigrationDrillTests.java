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

package io.github.azureredis.integration.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

import io.github.azureredis.autoconfigure.actuate.AzureRedisEndpoint;
import io.github.azureredis.autoconfigure.actuate.AzureRedisEndpoint.InstanceDescriptor;
import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.AzureRedisOffering;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Migration of an instance of Azure Cache for Redis to one of Azure Managed Redis, with
 * the same name, while an application works.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
@Tag("drill")
class MigrationDrillTests {

	private static final Logger logger = LoggerFactory.getLogger(MigrationDrillTests.class);

	private static final String EXPOSURE = "management.endpoints.web.exposure.include=health,azureredis";

	private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(30);

	@ParameterizedTest
	@CsvSource({ "NONE, true", "ENTERPRISE, false" })
	void whenNewInstanceIsNoClusterThenPlainClientWorksOnceIdentityIsAssigned(AzureRedisClusteringPolicy policy,
			boolean pooled, CapturedOutput output) {
		try (AzureRedisEmulator emulator = cache(AzureRedisClusteringPolicy.NONE);
				DrillLoad load = load(emulator, pooled)) {
			migrate(emulator, policy, load, output);
			Figures figures = load.end(Instant.now());
			logger.info("Drill 'migration to {}': {}", policy, figures);
			figures.assertNothingDoubled();
			await().atMost(LONGEST_RECOVERY).until(() -> health(load).getStatus().equals(Status.UP));
			await().untilAsserted(() -> assertThat(count(output, "Connecting to .* works again after")).isEqualTo(1));
			assertThat(clusteringProblem(load)).isNull();
		}
	}

	@Test
	void whenNewInstanceIsAClusterThenPlainClientSaysWhatToDoAndWorksAfterRestart(CapturedOutput output) {
		try (AzureRedisEmulator emulator = cache(AzureRedisClusteringPolicy.NONE)) {
			try (DrillLoad load = load(emulator, false)) {
				migrate(emulator, AzureRedisClusteringPolicy.OSS, load, output);
				await().atMost(LONGEST_RECOVERY)
					.untilAsserted(() -> assertThat(count(output, "ERROR.* is clustered and has answered 'MOVED"))
						.isEqualTo(1));
				await().untilAsserted(() -> assertThat(clusteringProblem(load)).contains("is clustered", "MOVED",
						"Start the application again"));
				await().atMost(LONGEST_RECOVERY)
					.untilAsserted(() -> assertThat(health(load).getDetails()).containsKey("clusteringProblem"));
			}
			try (ConfigurableApplicationContext context = DrillApplication.run(emulator)) {
				StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
				for (int i = 0; i < 20; i++) {
					redis.opsForValue().set("key" + i, "value");
				}
			}
		}
		assertThat(count(output, "ERROR.* is clustered and has answered")).isEqualTo(1);
	}

	@Test
	void whenBothInstancesAreClustersThenClusterClientFollows(CapturedOutput output) {
		try (AzureRedisEmulator emulator = cache(AzureRedisClusteringPolicy.OSS);
				DrillLoad load = load(emulator, false)) {
			migrate(emulator, AzureRedisClusteringPolicy.OSS, load, output);
			Figures figures = load.end(Instant.now());
			logger.info("Drill 'migration of a cluster': {}", figures);
			figures.assertNothingDoubled();
			await().atMost(LONGEST_RECOVERY).until(() -> health(load).getStatus().equals(Status.UP));
			assertThat(clusteringProblem(load)).isNull();
		}
	}

	private static AzureRedisEmulator cache(AzureRedisClusteringPolicy policy) {
		return AzureRedisEmulator.builder()
			.offering(AzureRedisOffering.CACHE_FOR_REDIS)
			.clusteringPolicy(policy)
			.tokenLifetime(Drills.TOKEN_LIFETIME)
			.start();
	}

	private static DrillLoad load(AzureRedisEmulator emulator, boolean pooled) {
		return new DrillLoad("migration", emulator, EXPOSURE, "spring.data.redis.lettuce.pool.enabled=" + pooled);
	}

	/**
	 * Migrate to a new instance that the identity is assigned to later, when it has been
	 * refused and its token has been renewed all the same.
	 */
	private static void migrate(AzureRedisEmulator emulator, AzureRedisClusteringPolicy policy, DrillLoad load,
			CapturedOutput output) {
		load.begin();
		emulator.migrate(AzureRedisOffering.MANAGED_REDIS, policy);
		await().atMost(LONGEST_RECOVERY)
			.untilAsserted(() -> assertThat(count(output, "WARN.*has refused the identity")).isPositive());
		long issued = emulator.statistics().tokensIssued();
		await().atMost(LONGEST_RECOVERY).until(() -> emulator.statistics().tokensIssued() > issued);
		IndicatedHealthDescriptor health = health(load);
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		logger.info("Health before the assignment: {}", health.getDetails());
		assertThat(count(output, "WARN.*has refused the identity")).isEqualTo(1);
		emulator.assign(emulator.objectId());
	}

	private static IndicatedHealthDescriptor health(DrillLoad load) {
		HealthDescriptor health = load.context().getBean(HealthEndpoint.class).healthForPath("azureRedis");
		return (IndicatedHealthDescriptor) health;
	}

	private static String clusteringProblem(DrillLoad load) {
		List<InstanceDescriptor> instances = load.context().getBean(AzureRedisEndpoint.class).azureRedis().instances();
		return instances.get(0).clusteringPolicy().problem();
	}

	private static long count(CapturedOutput output, String pattern) {
		return Pattern.compile(pattern).matcher(output.getAll()).results().count();
	}

}
