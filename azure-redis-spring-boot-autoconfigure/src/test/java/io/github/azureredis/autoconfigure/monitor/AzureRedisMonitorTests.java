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

package io.github.azureredis.autoconfigure.monitor;

import java.time.Duration;
import java.time.Instant;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.InstanceFixtures;
import io.github.azureredis.autoconfigure.NewThreads;
import io.github.azureredis.autoconfigure.StubCredential;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Authentication;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.EntraTokenStatus;
import io.github.azureredis.token.TokenFixtures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for the {@link AzureRedisMonitor} of an application.
 */
@Tag("slow")
class AzureRedisMonitorTests {

	private final StubCredential credential = new StubCredential();

	private final ApplicationContextRunner contextRunnerWithoutRedis = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisClusterAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
				AzureRedisEntraAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, () -> this.credential)
		.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net");

	private final ApplicationContextRunner contextRunner = this.contextRunnerWithoutRedis
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

	@Test
	void whenTokenIsThereThenTellsEverythingOfIt() {
		this.contextRunner.withPropertyValues("azure.redis.username=object-id").run((context) -> {
			await().until(() -> status(context).getToken().getExpiresAt() != null);
			AzureRedisStatus status = status(context);
			assertThat(status.getAuthentication().getMethod()).isEqualTo(AuthenticationMethod.TOKEN);
			assertThat(status.getAuthentication().getCredential()).isEqualTo("bean 'azureRedisTokenCredential'");
			assertThat(status.getAuthentication().getUsername()).isEqualTo("object-id");
			assertThat(status.getInstance().getPort()).isEqualTo(10000);
			assertThat(status.getToken().getScope()).isEqualTo("https://redis.azure.com/.default");
			assertThat(status.getToken().getExpiresAt()).isAfter(status.getTimestamp());
			assertThat(status.getTokenRemainingLife()).isPositive();
			assertThat(status.isTokenMissing()).isFalse();
			await().untilAsserted(() -> assertThat(status(context).getEvents()).singleElement()
				.satisfies((event) -> assertThat(event.getType()).isEqualTo(EventType.TOKEN_RENEWED)));
			assertThat(status(context).getTotals().getRenewals()).isEqualTo(1);
			assertThat(status(context).toString()).doesNotContain("stub-token");
		});
	}

	@Test
	void whenThereIsNoConnectionFactoryThenAskingStartsNothing() {
		NewThreads threads = new NewThreads();
		this.contextRunnerWithoutRedis.run((context) -> {
			AzureRedisStatus status = status(context);
			assertThat(status.getAuthentication().getMethod()).isEqualTo(AuthenticationMethod.NOT_STARTED);
			assertThat(status.getToken()).isNull();
			assertThat(status.isTokenMissing()).isFalse();
			assertThat(status.getTokenRemainingLife()).isNull();
			assertThat(threads.names()).isEmpty();
		});
		assertThat(this.credential.requests()).isEmpty();
	}

	@Test
	void whenAccessKeyIsSetThenThereIsNoTokenAndTheKeyIsNotShown() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=secret-key", "azure.redis.username=default")
			.run((context) -> {
				AzureRedisStatus status = status(context);
				assertThat(status.getAuthentication().getMethod()).isEqualTo(AuthenticationMethod.ACCESS_KEY);
				assertThat(status.getAuthentication().getUsername()).isEqualTo("default");
				assertThat(status.getToken()).isNull();
				assertThat(status.getAuthentication().getConnectionCount()).isZero();
				assertThat(status.toString()).doesNotContain("secret-key");
			});
	}

	@Test
	void whenApplicationHasCredentialsOfItsOwnThenTheTokenOfTheProbeEnds() {
		NewThreads threads = new NewThreads();
		withOwnCredentials().run((context) -> {
			assertThat(this.credential.requests()).hasSize(1);
			assertNoTokenIsInUse(status(context));
			await().untilAsserted(() -> assertThat(threads.names()).noneMatch((name) -> name.contains("token")));
			assertThat(context.getBean(EntraTokenProvider.class).token().block()).isNotNull();
		});
	}

	@Test
	void whenApplicationHasCredentialsOfItsOwnAndInjectsTheProviderThenOnlyItUsesTokens() {
		withOwnCredentials().withBean(ProviderUser.class).run((context) -> {
			EntraTokenProvider tokens = context.getBean(ProviderUser.class).tokens();
			assertThat(tokens.token().block()).isNotNull();
			assertNoTokenIsInUse(status(context));
		});
	}

	private ApplicationContextRunner withOwnCredentials() {
		RedisCredentialsProviderFactory own = new RedisCredentialsProviderFactory() {
		};
		return this.contextRunner
			.withBean(LettuceClientConfigurationBuilderCustomizer.class,
					() -> (builder) -> builder.redisCredentialsProviderFactory(own))
			.withPropertyValues("azure.redis.host=localhost", "azure.redis.port=1", "azure.redis.username=object-id");
	}

	private static void assertNoTokenIsInUse(AzureRedisStatus status) {
		assertThat(status.getAuthentication().getMethod()).isEqualTo(AuthenticationMethod.NOT_STARTED);
		assertThat(status.getToken()).isNull();
		assertThat(status.isTokenMissing()).isFalse();
	}

	@Test
	void whenApplicationHasConnectionDetailsThenThereIsNoMonitor() {
		DataRedisConnectionDetails details = mock();
		given(details.getStandalone()).willReturn(Standalone.of("container", 1));
		this.contextRunner.withBean(DataRedisConnectionDetails.class, () -> details)
			.run((context) -> assertThat(context).doesNotHaveBean(AzureRedisMonitor.class));
	}

	@Test
	void whenPortComesFromTheHostNameThenSaysSo() {
		this.contextRunnerWithoutRedis
			.run((context) -> assertThat(status(context).getInstance().getPortReason()).isEqualTo("host name"));
	}

	@Test
	void whenPortIsConfiguredThenSaysSo() {
		this.contextRunnerWithoutRedis.withPropertyValues("azure.redis.port=10000")
			.run((context) -> assertThat(status(context).getInstance().getPortReason()).isEqualTo("azure.redis.port"));
	}

	@Test
	void whenApplicationHasEndpointThenSaysSo() {
		this.contextRunnerWithoutRedis
			.withBean(AzureRedisInstance.class,
					() -> AzureRedisInstance.of("localhost", 1234, AzureRedisOffering.MANAGED_REDIS,
							SslBundle.systemDefault()))
			.run((context) -> assertThat(status(context).getInstance().getPortReason())
				.isEqualTo("AzureRedisInstance bean"));
	}

	@Test
	void whenFirstRequestIsUnderWayThenItIsNotKnownWhetherThereIsAToken() {
		assertThat(status(null, null).isTokenMissing()).isFalse();
		assertThat(status(null, null).getTokenRemainingLife()).isZero();
	}

	@Test
	void whenFirstRequestFailedThenTokenIsLacking() {
		assertThat(status(null, Duration.ZERO).isTokenMissing()).isTrue();
	}

	@Test
	void whenRenewalFailsThenTokenIsLackingFromItsEnd() {
		assertThat(status(Duration.ofNanos(1), Duration.ZERO).isTokenMissing()).isFalse();
		assertThat(status(Duration.ZERO, Duration.ZERO).isTokenMissing()).isTrue();
		assertThat(status(Duration.ofMinutes(-1), Duration.ZERO).getTokenRemainingLife()).isZero();
	}

	private AzureRedisStatus status(AssertableApplicationContext context) {
		return context.getBean(AzureRedisMonitor.class).getStatus();
	}

	private AzureRedisStatus status(Duration remaining, Duration failingFor) {
		Instant now = Instant.parse("2026-11-21T12:00:00Z");
		EntraTokenStatus token = TokenFixtures.status((remaining != null) ? now.plus(remaining) : null, now,
				(failingFor != null) ? now.minus(failingFor) : null, 1);
		return new AzureRedisStatus(now, InstanceFixtures.instance("my-cache.redis.azure.net"), null,
				new Authentication(AuthenticationMethod.TOKEN, null, null, 0), token,
				new AzureRedisEventRecorder(new CountedRenewals()).recording(),
				new ConnectionRecorder(() -> 0).totals());
	}

	/**
	 * A client of the application.
	 *
	 * @param tokens the tokens that it uses
	 */
	record ProviderUser(EntraTokenProvider tokens) {

	}

}
