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

package io.github.azureredis.autoconfigure.cluster;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.InstanceFixtures;
import io.github.azureredis.autoconfigure.cluster.ClusterProbe.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterDetection}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClusterDetectionTests {

	private static final String MANAGED_REDIS = "my-cache.westeurope.redis.azure.net";

	private static final String CACHE_FOR_REDIS = "my-cache.redis.cache.windows.net";

	private final AzureRedisProperties properties = new AzureRedisProperties();

	private final DataRedisProperties dataRedisProperties = new DataRedisProperties();

	private final ClusterProbe probe = mock();

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void whenPolicyIsConfiguredThenInstanceIsNotAsked(AzureRedisClusteringPolicy policy, CapturedOutput output) {
		this.properties.setClusteringPolicy(policy);
		ClusterDecision decision = detect(MANAGED_REDIS);
		assertThat(decision.getPolicy()).isEqualTo(policy);
		assertThat(decision.isClustered()).isEqualTo(policy == AzureRedisClusteringPolicy.OSS);
		then(this.probe).shouldHaveNoInteractions();
		assertThat(output).isEmpty();
	}

	@Test
	void whenInstanceToldItsNodesThenUsesAClusterClientAndTellsHowToConfigureThat(CapturedOutput output) {
		given(this.probe.ask()).willReturn(new Answer(AzureRedisClusteringPolicy.OSS, "slots"));
		assertThat(detect(CACHE_FOR_REDIS).isClustered()).isTrue();
		assertThat(output).containsOnlyOnce("Azure Redis at " + CACHE_FOR_REDIS + ":6380 is clustered")
			.contains("'azure.redis.clustering-policy' set to 'oss'")
			.contains("INFO");
	}

	@Test
	void whenInstanceRefusedThenUsesAPlainClientAndTellsHowToConfigureThat(CapturedOutput output) {
		given(this.probe.ask()).willReturn(new Answer(AzureRedisClusteringPolicy.NONE, "ERR no cluster"));
		assertThat(detect(MANAGED_REDIS).isClustered()).isFalse();
		assertThat(output).contains("answers CLUSTER SLOTS with 'ERR no cluster'")
			.contains("'azure.redis.clustering-policy' set to 'none'");
	}

	@Test
	void whenManagedRedisDoesNotAnswerThenItsDefaultIsAssumedWithAWarning(CapturedOutput output) {
		given(this.probe.ask()).willReturn(new Answer(null, "nobody there"));
		assertThat(detect(MANAGED_REDIS).getPolicy()).isEqualTo(AzureRedisClusteringPolicy.OSS);
		assertThat(output).contains("WARN", "could not be asked whether it is clustered: nobody there",
				"used with a cluster client", "Set 'azure.redis.clustering-policy'");
	}

	@Test
	void whenCacheForRedisDoesNotAnswerThenItsDefaultIsAssumedWithAWarning(CapturedOutput output) {
		given(this.probe.ask()).willReturn(new Answer(null, "nobody there"));
		assertThat(detect(CACHE_FOR_REDIS).getPolicy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
		assertThat(output).contains("WARN", "used with a plain client");
	}

	@Test
	void whenClusterClientIsNeededThenBootMakesOptionsOfAClusterClient() {
		this.properties.setClusteringPolicy(AzureRedisClusteringPolicy.OSS);
		detect(MANAGED_REDIS).isClustered();
		assertThat(this.dataRedisProperties.getCluster()).isNotNull();
	}

	@Test
	void whenApplicationHasClusterPropertiesThenTheyAreKept() {
		DataRedisProperties.Cluster cluster = new DataRedisProperties.Cluster();
		this.dataRedisProperties.setCluster(cluster);
		this.properties.setClusteringPolicy(AzureRedisClusteringPolicy.OSS);
		detect(MANAGED_REDIS).isClustered();
		assertThat(this.dataRedisProperties.getCluster()).isSameAs(cluster);
	}

	@Test
	void whenPlainClientIsNeededThenBootMakesNoOptionsOfAClusterClient() {
		this.properties.setClusteringPolicy(AzureRedisClusteringPolicy.ENTERPRISE);
		detect(MANAGED_REDIS).isClustered();
		assertThat(this.dataRedisProperties.getCluster()).isNull();
	}

	@Test
	void whenInstanceIsClusteredAndADatabaseIsSetThenFails() {
		given(this.probe.ask()).willReturn(new Answer(AzureRedisClusteringPolicy.OSS, "slots"));
		this.properties.setDatabase(3);
		assertThatExceptionOfType(AzureRedisConfigurationException.class)
			.isThrownBy(() -> detect(CACHE_FOR_REDIS).isClustered())
			.withMessageContaining("'azure.redis.database' is 3, but the instance is clustered");
	}

	private ClusterDecision detect(String host) {
		return new ClusterDetection(this.properties, this.dataRedisProperties, InstanceFixtures.instance(host),
				this.probe)
			.detect();
	}

}
