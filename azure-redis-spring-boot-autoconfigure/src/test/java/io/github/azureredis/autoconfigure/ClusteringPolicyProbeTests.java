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

package io.github.azureredis.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisClustering.Decision;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ClusteringPolicyProbe} in an application that starts.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClusteringPolicyProbeTests {

	private static final String TRUST = "spring.ssl.bundle.pem.emulator.truststore.certificate=";

	private static AzureRedisEmulator emulator;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisConnectionDefaultsAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
				DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, () -> emulator.credential())
		.withPropertyValues("azure.redis.host=localhost", "azure.redis.port=" + emulator.port(),
				"azure.redis.ssl.bundle=emulator", TRUST + emulator.certificateAuthorityPem());

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder().accessKey("key").start();
	}

	@AfterAll
	static void stopEmulator() {
		emulator.close();
	}

	@AfterEach
	void reset() {
		emulator.faults().reset();
	}

	@Test
	void whenInstanceIsNotClusteredThenPlainClientIsUsedAndTheProbesConnectionIsClosed(CapturedOutput output) {
		long before = emulator.statistics().connectionsOpened();
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(LettuceConnectionFactory.class).isClusterAware()).isFalse();
			assertThat(decision(context).policy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
			assertThat(emulator.statistics().connectionsOpened()).isEqualTo(before + 1);
			await().until(() -> emulator.connections().isEmpty());
			assertThat(output).containsOnlyOnce("Azure Redis at localhost:" + emulator.port()
					+ " answers CLUSTER SLOTS with 'ERR This instance has cluster support disabled'");
		});
	}

	@Test
	void whenInstanceIsClusteredThenClusterClientIsUsed() {
		assertThat(policy(io.github.azureredis.emulator.AzureRedisClusteringPolicy.OSS))
			.isEqualTo(AzureRedisClusteringPolicy.OSS);
	}

	@Test
	void whenInstanceBlocksTheQuestionThenPlainClientIsUsed() {
		assertThat(policy(io.github.azureredis.emulator.AzureRedisClusteringPolicy.ENTERPRISE))
			.isEqualTo(AzureRedisClusteringPolicy.ENTERPRISE);
	}

	@Test
	void whenPolicyIsConfiguredThenInstanceIsNotAsked() {
		long before = emulator.statistics().connectionsOpened();
		this.contextRunner.withPropertyValues("azure.redis.clustering-policy=oss").run((context) -> {
			assertThat(context.getBean(LettuceConnectionFactory.class).isClusterAware()).isTrue();
			assertThat(emulator.statistics().connectionsOpened()).isEqualTo(before);
		});
	}

	@Test
	void whenThereIsAnAccessKeyThenProbeAuthenticatesWithIt() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key")
			.run((context) -> assertThat(decision(context).policy()).isEqualTo(AzureRedisClusteringPolicy.NONE));
	}

	@Test
	void whenInstanceRefusesTheIdentityThenApplicationStartsWithAWarning(CapturedOutput output) {
		emulator.faults().refuseAuthentications(Integer.MAX_VALUE);
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("WARN", "could not be asked whether it is clustered", "WRONGPASS");
		});
	}

	@Test
	void whenCertificateIsNotTrustedThenApplicationStartsWithAWarning(CapturedOutput output) {
		this.contextRunner.withPropertyValues("azure.redis.ssl.bundle=").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("WARN", "could not be asked", "unable to find valid certification path");
		});
	}

	@Test
	void whenNobodyListensThenApplicationStartsWithAWarning(CapturedOutput output) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		this.contextRunner.withPropertyValues("azure.redis.port=" + port).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("WARN", "could not be asked", "Connection refused");
		});
	}

	@Test
	void whenInstanceDoesNotAnswerThenConnectTimeoutBoundsTheWait(CapturedOutput output) throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.contextRunner
				.withPropertyValues("azure.redis.port=" + socket.getLocalPort(),
						"spring.data.redis.connect-timeout=300ms")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(output).contains("WARN", "there was no answer within 300 ms");
				});
		}
	}

	@Test
	void whenThereIsNoTokenThenConnectTimeoutBoundsTheWait(CapturedOutput output) {
		emulator.faults().tokenEndpointHung();
		this.contextRunner.withPropertyValues("spring.data.redis.connect-timeout=300ms").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("WARN", "there was no answer within 300 ms");
		});
	}

	@Test
	void whenApplicationHasItsOwnResourcesThenProbeUsesThemAndLeavesThemRunning() {
		AtomicBoolean used = new AtomicBoolean();
		ClientResources resources = ClientResources.builder().nettyCustomizer(new NettyCustomizer() {

			@Override
			public void afterChannelInitialized(Channel channel) {
				used.set(true);
			}

		}).build();
		this.contextRunner.withBean(ClientResources.class, () -> resources).run((context) -> {
			assertThat(decision(context).policy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
			assertThat(used).isTrue();
			await().until(() -> emulator.connections().isEmpty());
			assertThat(resources.eventExecutorGroup().isShuttingDown()).isFalse();
		});
	}

	@Test
	void whenApplicationCustomizesClientsThenProbeIsMadeTheSameWay() {
		this.contextRunner.withPropertyValues("azure.redis.ssl.bundle=")
			.withUserConfiguration(OwnCredentialsAndTrustConfiguration.class)
			.run((context) -> {
				assertThat(decision(context).policy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
				assertThat(context.getBean(AtomicInteger.class)).hasValueGreaterThan(0);
			});
	}

	@Test
	void whenACustomizerNeedsWhatWaitsForTheAnswerThenApplicationStartsWithAWarning(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(CircularConfiguration.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(LettuceConnectionFactory.class).getClientConfiguration().getClientName())
				.contains("circular");
			assertThat(output).contains("WARN", "could not be asked",
					"a bean that customizes clients of Redis needs the bean");
		});
	}

	private AzureRedisClusteringPolicy policy(io.github.azureredis.emulator.AzureRedisClusteringPolicy policy) {
		try (AzureRedisEmulator other = AzureRedisEmulator.builder().clusteringPolicy(policy).start()) {
			AzureRedisClusteringPolicy[] found = new AzureRedisClusteringPolicy[1];
			this.contextRunner
				.withPropertyValues("azure.redis.port=" + other.port(), "azure.redis.access-key=",
						TRUST + other.certificateAuthorityPem())
				.withBean("azureRedisTokenCredential", TokenCredential.class, other::credential)
				.withAllowBeanDefinitionOverriding(true)
				.run((context) -> {
					found[0] = decision(context).policy();
					assertThat(context.getBean(LettuceConnectionFactory.class).isClusterAware())
						.isEqualTo(found[0].needsClusterClient());
				});
			return found[0];
		}
	}

	private static Decision decision(ApplicationContext context) {
		return context.getBean(AzureRedisClustering.class).decision();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCredentialsAndTrustConfiguration {

		@Bean
		AtomicInteger handshakes() {
			return new AtomicInteger();
		}

		@Bean
		LettuceClientConfigurationBuilderCustomizer ownCredentialsAndTrust(AtomicInteger handshakes) {
			RedisCredentialsProvider credentials = RedisCredentialsProvider.from(() -> {
				handshakes.incrementAndGet();
				return RedisCredentials.just("default", "key");
			});
			return (builder) -> builder.redisCredentialsProviderFactory(new RedisCredentialsProviderFactory() {

				@Override
				public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration redisConfiguration) {
					return credentials;
				}

			}).useSsl().disablePeerVerification();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CircularConfiguration {

		@Bean
		LettuceClientConfigurationBuilderCustomizer circular(ClientResources resources) {
			return (builder) -> builder.clientName("circular");
		}

	}

}
