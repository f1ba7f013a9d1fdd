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

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.github.azureredis.lettuce.AzureRedisClientResources;
import io.github.azureredis.lettuce.replay.ReplayListener;
import io.github.azureredis.lettuce.replay.ReplayPolicy;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.MaintNotificationsConfig.EndpointType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.ArgumentCaptor;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AzureRedisConnectionDefaultsAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AzureRedisConnectionDefaultsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisClusterAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
				AzureRedisConnectionDefaultsAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
				DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, StubCredential::new)
		.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net",
				"azure.redis.clustering-policy=none");

	@Test
	void whenNothingIsCustomizedThenDefaultsAreInForce() {
		this.contextRunner.withPropertyValues("spring.data.redis.connect-timeout=1234ms").run((context) -> {
			SocketOptions socketOptions = getSocketOptions(context);
			assertThat(socketOptions.isEnableTcpUserTimeout()).isEqualTo(Epoll.isAvailable());
			assertThat(socketOptions.getConnectTimeout()).isEqualTo(Duration.ofMillis(1234));
			assertThat(getClientResources(context).reconnectDelay().createDelay(30))
				.isLessThanOrEqualTo(Duration.ofSeconds(5));
			assertThat(keepsAlive(context)).isTrue();
		});
	}

	@Test
	void whenApplicationCustomizesThenItWins() {
		this.contextRunner.withUserConfiguration(OwnOptionsConfiguration.class).run((context) -> {
			assertThat(getSocketOptions(context).isEnableTcpUserTimeout()).isFalse();
			assertThat(getClientResources(context).reconnectDelay().createDelay(30)).isEqualTo(Duration.ofDays(1));
		});
	}

	@Test
	void whenNothingIsCustomizedThenMaintenanceNotificationsHaveNoAddress() {
		this.contextRunner.run((context) -> assertThat(getMovingEndpointType(context)).isEqualTo(EndpointType.NONE));
	}

	@Test
	void whenApplicationCustomizesMaintenanceNotificationsThenItWins() {
		this.contextRunner
			.withBean(LettuceClientOptionsBuilderCustomizer.class,
					() -> (builder) -> builder
						.maintNotificationsConfig(MaintNotificationsConfig.enabled(EndpointType.EXTERNAL_FQDN)))
			.run((context) -> assertThat(getMovingEndpointType(context)).isEqualTo(EndpointType.EXTERNAL_FQDN));
	}

	@Test
	void whenApplicationHasReplayListenerThenMonitorIsToldAsWell() {
		ReplayListener own = mock(ReplayListener.class);
		this.contextRunner.withBean("own", ReplayListener.class, () -> own).run((context) -> {
			AzureRedisClientResources.Builder resources = mock(AzureRedisClientResources.Builder.class);
			context.getBean("azureRedisReplayCustomizer", AzureRedisClientCustomizer.class)
				.customize(LettuceClientConfiguration.builder(), resources);
			ArgumentCaptor<ReplayListener[]> listeners = ArgumentCaptor.forClass(ReplayListener[].class);
			then(resources).should().replay(eq(ReplayPolicy.ALL), listeners.capture());
			Stream.of(listeners.getValue()).forEach((listener) -> listener.onUnanswered(3, 0));
			then(own).should().onUnanswered(3, 0);
			assertThat(
					context.getBean(AzureRedisMonitor.class).getStatus().getConnectionTotals().getCommandsSentAgain())
				.isEqualTo(3);
		});
	}

	@Test
	void whenAccessKeyIsSetThenDefaultsAreInForce() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key").run((context) -> {
			assertThat(getSocketOptions(context).isEnableTcpUserTimeout()).isEqualTo(Epoll.isAvailable());
			assertThat(keepsAlive(context)).isTrue();
		});
	}

	@Test
	void whenApplicationHasConnectionDetailsThenDefaultsAreBoots() {
		this.contextRunner.withBean(DataRedisConnectionDetails.class, OwnConnectionDetails::new)
			.run((context) -> assertThat(context).doesNotHaveBean(AzureRedisConnectionDefaultsAutoConfiguration.class));
	}

	@Test
	void whenCommandTimeoutIsShorterThanAHandshakeMayTakeThenWarnsOnce(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spring.data.redis.timeout=2s")
			.run((context) -> assertThat(output)
				.containsOnlyOnce("The command timeout ('spring.data.redis.timeout') is 2000 ms.")
				.contains("Set it to 10 s or more"));
	}

	@Test
	void whenCommandTimeoutIsLongEnoughThenDoesNotWarn(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spring.data.redis.timeout=10s")
			.run((context) -> assertThat(output).doesNotContain("The command timeout"));
	}

	@Test
	void whenAccessKeyIsSetThenShortCommandTimeoutIsFine(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spring.data.redis.timeout=2s", "azure.redis.access-key=key")
			.run((context) -> assertThat(output).doesNotContain("The command timeout"));
	}

	private static EndpointType getMovingEndpointType(ApplicationContext context) {
		return getClientConfiguration(context).getClientOptions()
			.orElseThrow()
			.getMaintNotificationsConfig()
			.getEndpointTypeSource()
			.getEndpointType(InetSocketAddress.createUnresolved("localhost", 6380), true);
	}

	private static SocketOptions getSocketOptions(ApplicationContext context) {
		return getClientConfiguration(context).getClientOptions().orElseThrow().getSocketOptions();
	}

	private static ClientResources getClientResources(ApplicationContext context) {
		return getClientConfiguration(context).getClientResources().orElseThrow();
	}

	private static boolean keepsAlive(ApplicationContext context) {
		EmbeddedChannel channel = new EmbeddedChannel();
		RedisHandshakeHandler handshake = mock();
		given(handshake.channelInitialized()).willReturn(new CompletableFuture<>());
		channel.pipeline().addLast(new CommandEncoder(), handshake, mock(CommandHandler.class));
		getClientResources(context).nettyCustomizer().afterChannelInitialized(channel);
		return StreamSupport.stream(channel.pipeline().spliterator(), false)
			.anyMatch((handler) -> handler.getValue().getClass().getSimpleName().equals("KeepAliveHandler"));
	}

	private static LettuceClientConfiguration getClientConfiguration(ApplicationContext context) {
		Object configuration = ReflectionTestUtils.getField(context.getBean(LettuceConnectionFactory.class),
				"clientConfiguration");
		assertThat(configuration).isInstanceOf(LettuceClientConfiguration.class);
		return (LettuceClientConfiguration) configuration;
	}

	static class OwnConnectionDetails implements DataRedisConnectionDetails {

		@Override
		public Standalone getStandalone() {
			return Standalone.of("localhost", 6379);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOptionsConfiguration {

		@Bean
		LettuceClientOptionsBuilderCustomizer ownSocketOptions() {
			return (builder) -> builder.socketOptions(SocketOptions.create());
		}

		@Bean
		ClientResourcesBuilderCustomizer ownReconnectDelay() {
			return (builder) -> builder.reconnectDelay(Delay.constant(Duration.ofDays(1)));
		}

	}

}
