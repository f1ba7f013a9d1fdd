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

package io.github.azureredis.autoconfigure.entra;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.NewThreads;
import io.github.azureredis.autoconfigure.StubCredential;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TokenRenewedEvent;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link AzureRedisEntraAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class AzureRedisEntraAutoConfigurationTests {

	private final StubCredential credential = new StubCredential();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisClusterAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
				AzureRedisEntraAutoConfiguration.class, DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, () -> this.credential)
		.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net",
				"azure.redis.clustering-policy=none");

	@Test
	void whenContextStartsThenTokenIsAskedForWithoutAnyConnection() {
		this.contextRunner.run((context) -> assertThat(awaitRequest()).isNotNull());
	}

	@Test
	void whenScopeIsNotSetThenAsksForThatOfAzureRedis() {
		this.contextRunner.run((context) -> assertThat(awaitRequest().getScopes())
			.containsExactly("https://redis.azure.com/.default"));
	}

	@Test
	void whenScopeIsSetThenAsksForIt() {
		this.contextRunner.withPropertyValues("azure.redis.token.scope=own")
			.run((context) -> assertThat(awaitRequest().getScopes()).containsExactly("own"));
	}

	@Test
	void whenUsernameIsSetThenConnectionsAuthenticateWithItAndNoTokenIsHandedOut() {
		this.contextRunner.withPropertyValues("azure.redis.username=object-id").run((context) -> {
			RedisCredentials credentials = getCredentialsProvider(context.getBean(LettuceConnectionFactory.class))
				.resolveCredentials()
				.block(Duration.ofSeconds(30));
			assertThat(credentials).isNotNull();
			assertThat(credentials.getUsername()).isEqualTo("object-id");
			assertThat(credentials.getPassword()).isNull();
		});
	}

	@Test
	void whenSeveralClientsAreMadeThenTheyShareOneProvider() {
		this.contextRunner.withPropertyValues("azure.redis.username=object-id").run((context) -> {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			assertThat(getCredentialsProvider(factory)).isSameAs(getCredentialsProvider(factory));
		});
	}

	@Test
	void whenContextStartsThenSaysWhereAndWithWhichCredential(CapturedOutput output) {
		this.contextRunner.run((context) -> assertThat(output)
			.containsOnlyOnce("Azure Redis at my-cache.westeurope.redis.azure.net:10000")
			.contains("bean 'azureRedisTokenCredential'")
			.doesNotContain("stub-token"));
	}

	@Test
	void whenAccessKeyIsSetThenNoTokenIsAskedFor(CapturedOutput output) {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key").run((context) -> {
			assertThat(getClientConfiguration(context.getBean(LettuceConnectionFactory.class))
				.getRedisCredentialsProviderFactory()).isEmpty();
			assertNothingWasStarted(output);
		});
	}

	@Test
	void whenApplicationHasCredentialsOfItsOwnThenTheyStayInForce(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(OwnCredentialsConfiguration.class).run((context) -> {
			assertThat(getClientConfiguration(context.getBean(LettuceConnectionFactory.class))
				.getRedisCredentialsProviderFactory()).containsSame(OwnCredentialsConfiguration.OWN);
			assertNothingWasStarted(output);
		});
		assertThat(output).containsOnlyOnce("The application sets a RedisCredentialsProviderFactory of its own");
	}

	@Test
	void whenApplicationHasClientResourcesThenTheyStayInForce() {
		this.contextRunner.withUserConfiguration(OwnClientResourcesConfiguration.class).run((context) -> {
			ClientResources own = context.getBean(ClientResources.class);
			ClientResources used = getClientConfiguration(context.getBean(LettuceConnectionFactory.class))
				.getClientResources()
				.orElseThrow();
			assertThat(used).isNotSameAs(own);
			assertThat(used.eventLoopGroupProvider()).isSameAs(own.eventLoopGroupProvider());
			assertThat(used.ioThreadPoolSize()).isEqualTo(3);
		});
	}

	@Test
	void whenApplicationHasNettyCustomizerThenItStaysInForce() {
		this.contextRunner.withUserConfiguration(NettyCustomizerConfiguration.class).run((context) -> {
			Bootstrap bootstrap = new Bootstrap();
			getClientConfiguration(context.getBean(LettuceConnectionFactory.class)).getClientResources()
				.orElseThrow()
				.nettyCustomizer()
				.afterBootstrapInitialized(bootstrap);
			verify(context.getBean(NettyCustomizer.class)).afterBootstrapInitialized(bootstrap);
		});
	}

	@Test
	void whenContextIsClosedThenAuthenticationIsClosedAfterTheConnectionFactory() {
		this.contextRunner.withUserConfiguration(DestructionConfiguration.class)
			.run((context) -> assertThat(awaitRequest()).isNotNull());
		assertThat(DestructionConfiguration.destroyed).containsSubsequence("redisConnectionFactory",
				"azureRedisEntraTokenProvider");
	}

	@Test
	void whenConnectionFactoryIsNeededFirstThenAuthenticationIsStillClosedAfterIt() {
		this.contextRunner.withUserConfiguration(DestructionConfiguration.class, EarlyUserConfiguration.class)
			.run((context) -> assertThat(awaitRequest()).isNotNull());
		assertThat(DestructionConfiguration.destroyed).containsSubsequence("redisConnectionFactory",
				"azureRedisEntraTokenProvider");
	}

	@Test
	void whenContextIsClosedThenNoThreadIsLeft() {
		NewThreads threads = new NewThreads();
		this.contextRunner.run((context) -> {
			assertThat(awaitRequest()).isNotNull();
			assertThat(threads.names()).isNotEmpty();
		});
		await().untilAsserted(() -> assertThat(threads.names()).isEmpty());
	}

	@Test
	void whenTokenIsRenewedThenApplicationIsTold() {
		this.contextRunner.withUserConfiguration(EventsConfiguration.class).run((context) -> {
			TokenRenewedEvent event = context.getBean(EventsConfiguration.class).events.poll(30, TimeUnit.SECONDS);
			assertThat(event).isNotNull();
			assertThat(event.getCredentialName()).isEqualTo("StubCredential");
		});
	}

	@Test
	void whenApplicationHasItsOwnTokenProviderThenItIsUsed() {
		try (EntraTokenProvider own = EntraTokenProvider.builder(this.credential).scope("own").build()) {
			this.contextRunner.withBean(EntraTokenProvider.class, () -> own)
				.withUserConfiguration(EventsConfiguration.class)
				.run((context) -> {
					assertThat(context).hasSingleBean(EntraTokenProvider.class)
						.doesNotHaveBean("azureRedisEntraTokenProvider");
					assertThat(awaitRequest().getScopes()).containsExactly("own");
					assertThat(context.getBean(AzureRedisMonitor.class).getStatus().getToken().getScope())
						.isEqualTo("own");
				});
			assertThat(this.credential.requests()).isEmpty();
		}
	}

	@Test
	void whenApplicationHasItsOwnTokenProviderThenItsEventsAreRecordedOnceWhateverItsName() {
		try (EntraTokenProvider own = EntraTokenProvider.builder(this.credential).build()) {
			own.token().block();
			own.stop();
			this.contextRunner
				.withBean("azureRedisEntraTokenProvider", EntraTokenProvider.class, () -> own,
						(definition) -> definition.setDestroyMethodName(""))
				.run((context) -> {
					own.start();
					own.token().block();
					await().untilAsserted(() -> assertThat(
							context.getBean(AzureRedisMonitor.class).getStatus().getTotals().getRenewals())
						.isEqualTo(1));
				});
		}
	}

	@Test
	void whenContextIsStoppedThenTokenProviderOfTheApplicationGoesOn() {
		try (EntraTokenProvider own = EntraTokenProvider.builder(this.credential).build()) {
			this.contextRunner.withBean(EntraTokenProvider.class, () -> own).run((context) -> {
				context.stop();
				assertThat(own.isRunning()).isTrue();
			});
		}
	}

	@Test
	void whenContextIsStoppedThenTokenProviderOfTheStarterDoesNotRunUntilItStarts() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key").run((context) -> {
			context.stop();
			EntraTokenProvider tokens = context.getBean(EntraTokenProvider.class);
			assertThat(tokens.isRunning()).isFalse();
			context.start();
			assertThat(tokens.isRunning()).isTrue();
		});
	}

	@Test
	void whenApplicationHasAuthenticationForAClientOfItsOwnThenConnectionsDoNotUseIt() {
		this.contextRunner
			.withBean("own", EntraRedisAuthentication.class,
					() -> EntraRedisAuthentication.builder(mock(EntraTokenProvider.class)).build())
			.run((context) -> assertThat(getCredentialsProvider(context.getBean(LettuceConnectionFactory.class)))
				.isNotSameAs(context.getBean(EntraRedisAuthentication.class).credentialsProvider())
				.isSameAs(context.getBean("azureRedisEntraAuthentication", EntraRedisAuthentication.class)
					.credentialsProvider()));
	}

	@Test
	void whenApplicationInjectsTheTokenProviderThenItIsTheOneInUse() {
		this.contextRunner.withBean(Holder.class).run((context) -> {
			assertThat(awaitRequest()).isNotNull();
			assertThat(context.getBean(Holder.class).tokens).isSameAs(context.getBean(EntraTokenProvider.class));
			assertThat(context.getBean(Holder.class).authentication.credentialsProvider())
				.isSameAs(getCredentialsProvider(context.getBean(LettuceConnectionFactory.class)));
			assertThat(this.credential.requests()).isEmpty();
		});
	}

	@Test
	void whenNothingNeedsATokenThenNoneIsAskedFor(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(AzureRedisAutoConfiguration.class, AzureRedisClusterAutoConfiguration.class,
							AzureRedisMonitorAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class))
			.withBean("azureRedisTokenCredential", TokenCredential.class, () -> this.credential)
			.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertNothingWasStarted(output);
			});
	}

	private void assertNothingWasStarted(CapturedOutput output) {
		assertThat(output).doesNotContain("Azure Redis at");
		assertThat(this.credential.requests()).isEmpty();
	}

	private TokenRequestContext awaitRequest() throws InterruptedException {
		return this.credential.requests().poll(30, TimeUnit.SECONDS);
	}

	private RedisCredentialsProvider getCredentialsProvider(LettuceConnectionFactory factory) {
		return getClientConfiguration(factory).getRedisCredentialsProviderFactory()
			.orElseThrow()
			.createCredentialsProvider(factory.getStandaloneConfiguration());
	}

	private LettuceClientConfiguration getClientConfiguration(LettuceConnectionFactory factory) {
		return factory.getClientConfiguration();
	}

	static class Holder {

		private final EntraTokenProvider tokens;

		private final EntraRedisAuthentication authentication;

		Holder(EntraTokenProvider tokens, EntraRedisAuthentication authentication) {
			this.tokens = tokens;
			this.authentication = authentication;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCredentialsConfiguration {

		static final RedisCredentialsProviderFactory OWN = new RedisCredentialsProviderFactory() {
		};

		@Bean
		LettuceClientConfigurationBuilderCustomizer ownCredentials() {
			return (builder) -> builder.redisCredentialsProviderFactory(OWN);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClientResourcesConfiguration {

		@Bean(destroyMethod = "shutdown")
		DefaultClientResources ownClientResources() {
			return DefaultClientResources.builder().ioThreadPoolSize(3).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NettyCustomizerConfiguration {

		@Bean
		NettyCustomizer nettyCustomizer() {
			return mock(NettyCustomizer.class);
		}

		@Bean
		ClientResourcesBuilderCustomizer clientResourcesCustomizer(NettyCustomizer nettyCustomizer) {
			return (builder) -> builder.nettyCustomizer(nettyCustomizer);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyUserConfiguration {

		@Bean
		Object earlyUser(RedisConnectionFactory connectionFactory) {
			return new Object();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DestructionConfiguration {

		static final List<String> destroyed = new CopyOnWriteArrayList<>();

		@Bean
		static DestructionAwareBeanPostProcessor destructionRecorder() {
			destroyed.clear();
			return (bean, beanName) -> destroyed.add(beanName);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EventsConfiguration {

		private final BlockingQueue<TokenRenewedEvent> events = new LinkedBlockingQueue<>();

		@EventListener
		void onTokenRenewed(TokenRenewedEvent event) {
			this.events.add(event);
		}

	}

}
