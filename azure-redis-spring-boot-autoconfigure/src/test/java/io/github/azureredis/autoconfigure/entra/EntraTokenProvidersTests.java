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

import java.util.List;
import java.util.stream.Stream;

import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.github.azureredis.autoconfigure.StubCredential;
import io.github.azureredis.autoconfigure.instances.NamedInstances;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TokenRenewedEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;

/**
 * Tests for {@link EntraTokenProviders}.
 */
@Tag("slow")
class EntraTokenProvidersTests {

	@Test
	void whenInstancesHaveTheSameCredentialThenTheyShareTheTokensOfTheDefaultInstance() {
		try (ConfigurableApplicationContext context = run(Application.class, "--azure.redis.host=localhost",
				"--azure.redis.port=1")) {
			create(context, "cache", "vectors");
			await().untilAsserted(() -> assertThat(credential(context).requests()).hasSize(1));
			assertThat(providers(context, "cache", "vectors")).containsOnly(context.getBean(EntraTokenProvider.class));
		}
	}

	@Test
	void whenThereIsNoDefaultInstanceThenInstancesWithTheSameCredentialShareTheirTokens() {
		try (ConfigurableApplicationContext context = run(Application.class)) {
			create(context, "cache", "vectors");
			await().untilAsserted(() -> assertThat(credential(context).requests()).hasSize(1));
			assertThat(providers(context, "cache", "vectors").distinct()).hasSize(1);
			assertThat(context.getBeanNamesForType(EntraTokenProvider.class)).isEmpty();
		}
	}

	@Test
	void whenTokenSettingsDifferThenEachHasItsOwnTokens() {
		try (ConfigurableApplicationContext context = run(Application.class,
				"--azure.redis.instances.vectors.token.scope=other")) {
			create(context, "cache", "vectors");
			await().untilAsserted(
					() -> assertThat(credential(context).requests()).extracting((request) -> request.getScopes().get(0))
						.containsExactlyInAnyOrder("https://redis.azure.com/.default", "other"));
			assertThat(providers(context, "cache", "vectors").distinct()).hasSize(2);
		}
	}

	@Test
	void whenOnlyTheSpreadDiffersThenTokensAreShared() {
		try (ConfigurableApplicationContext context = run(Application.class,
				"--azure.redis.instances.vectors.token.reauthentication-spread=1s")) {
			create(context, "cache", "vectors");
			assertThat(providers(context, "cache", "vectors").distinct()).hasSize(1);
		}
	}

	@Test
	void whenCredentialIsConfiguredThenItIsSharedByThoseThatHaveTheSameValues() {
		try (ConfigurableApplicationContext context = run(WithoutCredential.class,
				"--azure.redis.credential.managed-identity-enabled=true",
				"--azure.redis.instances.cache.credential.client-id=one",
				"--azure.redis.instances.vectors.credential.client-id=one",
				"--azure.redis.instances.other.credential.client-id=two")) {
			create(context, "cache", "vectors", "other");
			List<EntraTokenProvider> providers = providers(context, "cache", "vectors", "other").toList();
			assertThat(providers.get(0)).isSameAs(providers.get(1)).isNotSameAs(providers.get(2));
		}
	}

	@Test
	void whenApplicationHasATokenProviderThenInstancesThatLeaveTheCredentialOpenUseIt() {
		try (ConfigurableApplicationContext context = run(OwnProvider.class,
				"--azure.redis.instances.other.credential.managed-identity-enabled=true")) {
			create(context, "cache", "other");
			assertThat(providers(context, "cache")).containsOnly(context.getBean(EntraTokenProvider.class));
			assertThat(providers(context, "other")).doesNotContain(context.getBean(EntraTokenProvider.class));
		}
	}

	@Test
	void whenTokenIsRenewedThenEachInstanceAndTheApplicationAreTold() {
		try (ConfigurableApplicationContext context = run(Application.class)) {
			create(context, "cache", "vectors");
			EntraTokenListener listener = context.getBean("listener", EntraTokenListener.class);
			then(listener).should(timeout(5000)).onTokenRenewed(any(TokenRenewedEvent.class));
			AzureRedisMonitor monitor = context.getBean(AzureRedisMonitor.class);
			await().untilAsserted(() -> assertThat(Stream.of("cache", "vectors").map(monitor::getStatus))
				.extracting((status) -> status.getTotals().getRenewals())
				.contains(1L));
			assertThat(monitor.getStatus("vectors").getToken()).isNotNull();
		}
	}

	@Test
	void whenContextIsClosedThenConnectionsEndBeforeTheirTokens() {
		ConfigurableApplicationContext context = run(Application.class);
		create(context, "cache");
		LettuceConnectionFactory factory = context.getBean("cacheRedisConnectionFactory",
				LettuceConnectionFactory.class);
		EntraTokenProvider provider = providers(context, "cache").findFirst().orElseThrow();
		assertThat(provider.isRunning()).isTrue();
		context.close();
		assertThat(factory.isRunning()).isFalse();
		assertThat(provider.isRunning()).isFalse();
	}

	@Test
	void whenInstanceHasACredentialOfItsOwnThenItWinsOverTheBeanForRedis() {
		try (ConfigurableApplicationContext context = run(Application.class,
				"--azure.redis.instances.cache.credential.managed-identity-enabled=true")) {
			create(context, "cache", "vectors");
			assertThat(Stream.of("cache", "vectors").map((name) -> use(context, name).credentialOrigin()))
				.containsExactly("azure.redis.instances.cache.credential", "bean 'azureRedisTokenCredential'");
		}
	}

	@Test
	void whenDefaultInstanceHasAnAccessKeyThenItsCredentialIsNotResolved() {
		try (ConfigurableApplicationContext context = run(TwoCredentials.class, "--azure.redis.host=localhost",
				"--azure.redis.port=1", "--azure.redis.access-key=key",
				"--azure.redis.instances.cache.credential.managed-identity-enabled=true")) {
			create(context, "cache");
			assertThat(context.getBeanFactory().containsSingleton("azureRedisEntraCredential")).isFalse();
		}
	}

	@Test
	void whenCredentialOfDefaultInstanceCannotBeResolvedThenInstanceUsesItsOwn() {
		try (ConfigurableApplicationContext context = run(OwnCredentialsOfDefault.class, "--azure.redis.host=localhost",
				"--azure.redis.port=1", "--azure.redis.instances.cache.credential.managed-identity-enabled=true")) {
			create(context, "cache");
			assertThat(use(context, "cache").credentialOrigin()).isEqualTo("azure.redis.instances.cache.credential");
		}
	}

	@Test
	void whenApplicationSetsCredentialsOfItsOwnThenNoneIsResolved() {
		try (ConfigurableApplicationContext context = run(OwnCredentials.class)) {
			create(context, "cache");
			assertThat(use(context, "cache")).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenApplicationHasATokenProviderThenItsListenersAreAddedOnce(boolean defaultInstance) {
		try (ConfigurableApplicationContext context = run(ListeningOwnProvider.class, defaultInstance
				? new String[] { "--azure.redis.host=localhost", "--azure.redis.port=1" } : new String[0])) {
			create(context, "cache", "vectors");
			EntraTokenProvider provider = context.getBean(EntraTokenProvider.class);
			EntraTokenListener listener = context.getBean("listener", EntraTokenListener.class);
			provider.stop();
			clearInvocations(listener);
			EntraTokenListener last = mock(EntraTokenListener.class);
			provider.addListener(last);
			provider.start();
			// Listeners are told in the order in which they were added.
			then(last).should(timeout(5000)).onTokenRenewed(any(TokenRenewedEvent.class));
			then(listener).should().onTokenRenewed(any(TokenRenewedEvent.class));
		}
	}

	private static void create(ConfigurableApplicationContext context, String... names) {
		Stream.of(names).forEach((name) -> context.getBean(name + "RedisConnectionFactory"));
	}

	private static Stream<EntraTokenProvider> providers(ConfigurableApplicationContext context, String... names) {
		return Stream.of(names).map((name) -> use(context, name).provider());
	}

	private static EntraTokens.Use use(ConfigurableApplicationContext context, String name) {
		return context.getBean(NamedInstances.class).find(name).get(EntraTokens.class).getUse();
	}

	private static void setCredentials(LettuceClientConfigurationBuilder client) {
		client.redisCredentialsProviderFactory(new RedisCredentialsProviderFactory() {
		});
	}

	private static StubCredential credential(ConfigurableApplicationContext context) {
		return context.getBean(StubCredential.class);
	}

	private static ConfigurableApplicationContext run(Class<?> source, String... arguments) {
		List<String> all = Stream
			.concat(Stream.of("cache", "vectors", "other")
				.flatMap((name) -> Stream.of("--azure.redis.instances." + name + ".host=localhost",
						"--azure.redis.instances." + name + ".port=1")),
					Stream.concat(Stream.of("--azure.redis.clustering-policy=none"), Stream.of(arguments)))
			.toList();
		return new SpringApplicationBuilder(source).web(WebApplicationType.NONE).run(all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithoutCredential {

	}

	@Configuration(proxyBeanMethods = false)
	static class Application extends WithoutCredential {

		@Bean
		StubCredential azureRedisTokenCredential() {
			return new StubCredential();
		}

		@Bean
		EntraTokenListener listener() {
			return mock(EntraTokenListener.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnProvider extends WithoutCredential {

		@Bean
		EntraTokenProvider ownProvider() {
			return EntraTokenProvider.builder(new StubCredential()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListeningOwnProvider extends OwnProvider {

		@Bean
		EntraTokenListener listener() {
			return mock(EntraTokenListener.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoCredentials extends WithoutCredential {

		@Bean
		StubCredential storage() {
			return new StubCredential();
		}

		@Bean
		StubCredential vault() {
			return new StubCredential();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCredentials extends TwoCredentials {

		@Bean
		LettuceClientConfigurationBuilderCustomizer ownCredentials() {
			return EntraTokenProvidersTests::setCredentials;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCredentialsOfDefault extends TwoCredentials {

		@Bean
		DefaultCustomizer ownCredentials() {
			return EntraTokenProvidersTests::setCredentials;
		}

	}

	interface DefaultCustomizer extends LettuceClientConfigurationBuilderCustomizer, DefaultInstanceOnly {

	}

}
