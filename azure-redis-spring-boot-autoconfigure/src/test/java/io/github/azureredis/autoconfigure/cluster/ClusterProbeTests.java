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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDefaultsAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.InstanceFixtures;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.token.EntraToken;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TokenFixtures;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterProbe} in an application that starts.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class ClusterProbeTests {

	private static final String TRUST = "spring.ssl.bundle.pem.emulator.truststore.certificate=";

	private static AzureRedisEmulator emulator;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisClusterAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
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
			assertThat(decision(context).getPolicy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
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

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ERR command is not allowed                  | The instance answered CLUSTER SLOTS with
			ERR unknown command 'CLUSTER'               | The instance answered CLUSTER SLOTS with
			ERR This has cluster support disabled       | The instance answered CLUSTER SLOTS with
			NOPERM this user has no permissions         | no permission for CLUSTER SLOTS, which '+cluster' gives
			ERR something that is not known             | could not be asked: RedisCommandExecutionException
			LOADING Redis is loading the data in memory | could not be asked: RedisLoadingException
			""")
	void whenInstanceAnswersWithAnErrorThenOnlyAKnownRefusalMeansNoCluster(String error, String reason)
			throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Thread thread = new Thread(() -> serve(server, error));
			thread.setDaemon(true);
			thread.start();
			AzureRedisProperties properties = new AzureRedisProperties();
			properties.setAccessKey("key");
			ClusterProbe probe = new ClusterProbe(
					AzureRedisInstance.of("localhost", server.getLocalPort(), AzureRedisOffering.MANAGED_REDIS, null),
					AzureRedisAuthentication.of(properties), () -> {
						throw new IllegalStateException();
					}, Duration.ofSeconds(1), null);
			assertThat(new ClusterDetection(properties, new DataRedisProperties(),
					InstanceFixtures.instance("my-cache.redis.azure.net"), probe)
				.detect()
				.getReason()).contains(reason);
		}
	}

	private static void serve(ServerSocket server, String clusterReply) {
		try (Socket socket = server.accept()) {
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				String command = "";
				for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
					reader.readLine();
					command += reader.readLine() + " ";
				}
				String reply = command.startsWith("HELLO") ? "-ERR unknown command 'HELLO'"
						: command.startsWith("CLUSTER") ? "-" + clusterReply : "+OK";
				socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			// The probe is done.
		}
	}

	@Test
	void whenThereIsNoTokenInTimeThenProbeDoesNotWaitForItAnyLonger() {
		AtomicBoolean cancelled = new AtomicBoolean();
		EntraTokenProvider tokens = mock();
		given(tokens.token()).willReturn(Mono.<EntraToken>never().doOnCancel(() -> cancelled.set(true)));
		given(tokens.getStatus()).willReturn(TokenFixtures.status(null, Instant.EPOCH, null, 0));
		ClusterProbe.Answer answer = new ClusterProbe(InstanceFixtures.instance("my-cache.redis.azure.net"),
				AzureRedisAuthentication.of(new AzureRedisProperties()), () -> tokens, Duration.ofMillis(50), null)
			.ask();
		assertThat(answer.text()).startsWith("there was no token within 50 ms");
		assertThat(cancelled).isTrue();
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
			.run((context) -> assertThat(decision(context).getPolicy()).isEqualTo(AzureRedisClusteringPolicy.NONE));
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
	void whenThereIsNoTokenThenRequestTimeoutBoundsTheWait(CapturedOutput output) {
		emulator.faults().tokenEndpointHung();
		this.contextRunner.withPropertyValues("azure.redis.token.request-timeout=300ms").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("WARN", "could not be asked", "there was no token within 300 ms");
			assertThat(emulator.connections()).isEmpty();
		});
	}

	@Test
	void whenTokenTakesLongerThanConnectTimeoutThenInstanceIsAskedAllTheSame() {
		try (AzureRedisEmulator other = AzureRedisEmulator.builder()
			.clusteringPolicy(io.github.azureredis.emulator.AzureRedisClusteringPolicy.ENTERPRISE)
			.start()) {
			other.faults().tokenEndpointSlow(Duration.ofSeconds(1));
			withEmulator(other).withPropertyValues("spring.data.redis.connect-timeout=300ms")
				.run((context) -> assertThat(decision(context).getPolicy())
					.isEqualTo(AzureRedisClusteringPolicy.ENTERPRISE));
		}
	}

	@Test
	void whenTokenComesAfterTheProbeGaveUpThenNoConnectionIsMade() {
		emulator.faults().tokenEndpointSlow(Duration.ofSeconds(1));
		long before = emulator.statistics().connectionsOpened();
		this.contextRunner.withBean(ClientResources.class, DefaultClientResources::create)
			.withPropertyValues("azure.redis.token.request-timeout=300ms")
			.run((context) -> {
				await().during(Duration.ofSeconds(2)).until(() -> emulator.statistics().connectionsOpened() == before);
				assertThat(emulator.connections()).isEmpty();
			});
	}

	@Test
	void whenApplicationHasItsOwnResourcesThenProbeLeavesThemAlone() {
		AtomicBoolean used = new AtomicBoolean();
		ClientResources resources = ClientResources.builder().nettyCustomizer(new NettyCustomizer() {

			@Override
			public void afterChannelInitialized(Channel channel) {
				used.set(true);
			}

		}).build();
		this.contextRunner.withBean(ClientResources.class, () -> resources).run((context) -> {
			assertThat(decision(context).getPolicy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
			assertThat(used).isFalse();
			await().until(() -> emulator.connections().isEmpty());
			assertThat(resources.eventExecutorGroup().isShuttingDown()).isFalse();
		});
	}

	@Test
	void whenProbeIsDoneThenNoneOfItsThreadsIsLeft() {
		ClientResources resources = DefaultClientResources.create();
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.contextRunner.withBean(ClientResources.class, () -> resources)
			.run((context) -> await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> !before.contains(thread) && thread.getName().startsWith("lettuce-"))
				.isEmpty()));
		resources.shutdown();
	}

	@Test
	void whenApplicationCustomizesClientsThenItsCustomizersAreCalledOnceAndNotForTheProbe() {
		AtomicInteger calls = new AtomicInteger();
		this.contextRunner
			.withBean(LettuceClientConfigurationBuilderCustomizer.class, () -> (builder) -> calls.incrementAndGet())
			.run((context) -> {
				assertThat(decision(context).getPolicy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
				assertThat(calls).hasValue(1);
			});
	}

	@Test
	void whenACustomizerNeedsWhatWaitsForTheAnswerThenInstanceIsAskedAllTheSame(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(CircularConfiguration.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(LettuceConnectionFactory.class).getClientConfiguration().getClientName())
				.contains("circular");
			assertThat(output).doesNotContain("could not be asked");
		});
	}

	private AzureRedisClusteringPolicy policy(io.github.azureredis.emulator.AzureRedisClusteringPolicy policy) {
		try (AzureRedisEmulator other = AzureRedisEmulator.builder().clusteringPolicy(policy).start()) {
			AzureRedisClusteringPolicy[] found = new AzureRedisClusteringPolicy[1];
			withEmulator(other).run((context) -> {
				found[0] = decision(context).getPolicy();
				assertThat(context.getBean(LettuceConnectionFactory.class).isClusterAware())
					.isEqualTo(found[0].needsClusterClient());
			});
			return found[0];
		}
	}

	private ApplicationContextRunner withEmulator(AzureRedisEmulator other) {
		return this.contextRunner
			.withPropertyValues("azure.redis.port=" + other.port(), "azure.redis.access-key=",
					TRUST + other.certificateAuthorityPem())
			.withBean("azureRedisTokenCredential", TokenCredential.class, other::credential)
			.withAllowBeanDefinitionOverriding(true);
	}

	private static ClusterDecision decision(ApplicationContext context) {
		return context.getBean(ClusterDecision.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class CircularConfiguration {

		@Bean
		LettuceClientConfigurationBuilderCustomizer circular(ClientResources resources) {
			return (builder) -> builder.clientName("circular");
		}

	}

}
