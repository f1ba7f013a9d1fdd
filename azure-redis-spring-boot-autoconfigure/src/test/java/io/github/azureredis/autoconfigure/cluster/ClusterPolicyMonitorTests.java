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

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDefaultsAutoConfiguration;
import io.github.azureredis.autoconfigure.InstanceFixtures;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandKeyword;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

import static io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy.ENTERPRISE;
import static io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy.OSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ClusterPolicyMonitor} in an application whose client does not fit the
 * instance.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class ClusterPolicyMonitorTests {

	@Test
	void whenPlainClientMeetsAClusterThenSaysOnceWhatToSet(CapturedOutput output) {
		run(AzureRedisClusteringPolicy.OSS, "none", (context) -> {
			for (int i = 0; i < 20; i++) {
				String key = "key" + i;
				try {
					context.getBean(StringRedisTemplate.class).opsForValue().get(key);
				}
				catch (RuntimeException ex) {
					assertThat(ex).hasStackTraceContaining("MOVED");
				}
			}
			await().untilAsserted(() -> assertThat(problem(context)).contains("MOVED",
					"Set 'azure.redis.clustering-policy' to 'oss'"));
			assertThat(output).containsOnlyOnce("is clustered and has answered 'MOVED");
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "ENTERPRISE", "NONE" })
	void whenClusterClientMeetsNoClusterThenSaysOnceWhatToSet(AzureRedisClusteringPolicy policy,
			CapturedOutput output) {
		run(policy, "oss", (context) -> {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			for (int i = 0; i < 2; i++) {
				assertThatException().isThrownBy(() -> redis.opsForValue().get("key"));
			}
			await().untilAsserted(() -> assertThat(problem(context)).contains("has answered CLUSTER with 'ERR",
					"'enterprise' or 'none'"));
			assertThat(output).containsOnlyOnce("is not clustered and has answered CLUSTER");
		});
	}

	@Test
	void whenClientFitsThenThereIsNoProblem() {
		run(AzureRedisClusteringPolicy.OSS, "oss", (context) -> {
			context.getBean(StringRedisTemplate.class).opsForValue().set("key", "value");
			assertThat(problem(context)).isNull();
		});
	}

	@Test
	void whenApplicationSendsAnotherClusterCommandThenItsFailureIsNotOfInterest() {
		ClusterPolicyMonitor monitor = monitor(ClusterDecision.configured(OSS));
		assertThat(monitor.supports(cluster(CommandKeyword.NODES))).isTrue();
		assertThat(monitor.supports(cluster(CommandKeyword.SLOTS))).isTrue();
		assertThat(monitor.supports(cluster(CommandKeyword.KEYSLOT))).isFalse();
		assertThat(monitor.supports(new Command<>(CommandType.GET, null))).isFalse();
	}

	@Test
	void whenPolicyWasDetectedThenStartingAgainIsTheRemedy() {
		ClusterPolicyMonitor plain = monitor(ClusterDecision.detected(ENTERPRISE, "answered"));
		plain.onCommandFailed(CommandType.GET, "MOVED 1 10.0.0.1:8500");
		assertThat(plain.getProblem()).endsWith("Most commands fail. Start the application again");
		ClusterPolicyMonitor clustered = monitor(ClusterDecision.detected(OSS, "answered"));
		clustered.onCommandFailed(CommandType.CLUSTER, "ERR command is not allowed");
		assertThat(clustered.getProblem()).endsWith("used with a cluster client. Start the application again");
	}

	@Test
	void whenPolicyWasConfiguredThenSettingOrRemovingItIsTheRemedy() {
		ClusterPolicyMonitor monitor = monitor(ClusterDecision.configured(ENTERPRISE));
		monitor.onCommandFailed(CommandType.GET, "MOVED 1 10.0.0.1:8500");
		assertThat(monitor.getProblem())
			.endsWith("Set 'azure.redis.clustering-policy' to 'oss' or remove it, and start the application again");
	}

	@Test
	void whenIdentityMayNotReadTheTopologyThenInstanceMayStillBeClustered() {
		ClusterPolicyMonitor monitor = monitor(ClusterDecision.configured(OSS));
		monitor.onCommandFailed(CommandType.CLUSTER,
				"NOPERM this user has no permissions to run the 'cluster|nodes' command");
		assertThat(monitor.getProblem()).isNull();
	}

	private static ClusterPolicyMonitor monitor(ClusterDecision decision) {
		ClusterPolicyMonitor monitor = new ClusterPolicyMonitor(InstanceFixtures.instance("my-cache.redis.azure.net"));
		monitor.setDecision(decision);
		return monitor;
	}

	private static RedisCommand<String, String, String> cluster(CommandKeyword subcommand) {
		return new Command<>(CommandType.CLUSTER, null, new CommandArgs<>(StringCodec.UTF8).add(subcommand));
	}

	private static String problem(AssertableApplicationContext context) {
		return context.getBean(AzureRedisMonitor.class).getStatus().getClustering().getProblem();
	}

	private void run(AzureRedisClusteringPolicy policy, String configured,
			org.springframework.boot.test.context.runner.ContextConsumer<AssertableApplicationContext> test) {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().clusteringPolicy(policy).start()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
						AzureRedisClusterAutoConfiguration.class, AzureRedisConnectionDefaultsAutoConfiguration.class,
						AzureRedisEntraAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
						DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
				.withBean("azureRedisTokenCredential", TokenCredential.class, emulator::credential)
				.withPropertyValues("azure.redis.host=localhost", "azure.redis.port=" + emulator.port(),
						"azure.redis.clustering-policy=" + configured, "azure.redis.ssl.bundle=emulator",
						"spring.ssl.bundle.pem.emulator.truststore.certificate=" + emulator.certificateAuthorityPem())
				.run(test);
		}
	}

}
