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

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisStatus.Authentication;
import io.github.azureredis.autoconfigure.AzureRedisStatus.EventType;
import io.github.azureredis.token.EntraTokenStatus;
import io.github.azureredis.token.TokenFixtures;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
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
class AzureRedisMonitorTests {

	private final StubCredential credential = new StubCredential();

	private final ApplicationContextRunner contextRunnerWithoutRedis = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisEntraAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, () -> this.credential)
		.withPropertyValues("azure.redis.host=my-cache.westeurope.redis.azure.net");

	private final ApplicationContextRunner contextRunner = this.contextRunnerWithoutRedis
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

	@Test
	void whenTokenIsThereThenTellsEverythingOfIt() {
		this.contextRunner.withPropertyValues("azure.redis.username=object-id").run((context) -> {
			await().until(() -> status(context).token().getExpiresAt() != null);
			AzureRedisStatus status = status(context);
			assertThat(status.authentication()).isEqualTo(Authentication.TOKEN);
			assertThat(status.credential()).isEqualTo("bean 'azureRedisTokenCredential'");
			assertThat(status.username()).isEqualTo("object-id");
			assertThat(status.endpoint().port()).isEqualTo(10000);
			assertThat(status.token().getScope()).isEqualTo("https://redis.azure.com/.default");
			assertThat(status.token().getExpiresAt()).isAfter(status.at());
			assertThat(status.tokenRemainingLife()).isPositive();
			assertThat(status.lacksToken()).isFalse();
			await().untilAsserted(() -> assertThat(status(context).events()).singleElement()
				.satisfies((event) -> assertThat(event.type()).isEqualTo(EventType.TOKEN_RENEWED)));
			assertThat(status(context).totals().renewals()).isEqualTo(1);
			assertThat(status(context).toString()).doesNotContain("stub-token");
		});
	}

	@Test
	void whenThereIsNoConnectionFactoryThenAskingStartsNothing() {
		NewThreads threads = new NewThreads();
		this.contextRunnerWithoutRedis.run((context) -> {
			AzureRedisStatus status = status(context);
			assertThat(status.authentication()).isEqualTo(Authentication.NOT_STARTED);
			assertThat(status.token()).isNull();
			assertThat(status.lacksToken()).isFalse();
			assertThat(status.tokenRemainingLife()).isNull();
			assertThat(threads.names()).isEmpty();
		});
		assertThat(this.credential.requests()).isEmpty();
	}

	@Test
	void whenAccessKeyIsSetThenThereIsNoTokenAndTheKeyIsNotShown() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=secret-key", "azure.redis.username=default")
			.run((context) -> {
				AzureRedisStatus status = status(context);
				assertThat(status.authentication()).isEqualTo(Authentication.ACCESS_KEY);
				assertThat(status.username()).isEqualTo("default");
				assertThat(status.token()).isNull();
				assertThat(status.connections()).isZero();
				assertThat(status.toString()).doesNotContain("secret-key");
			});
	}

	@Test
	void whenApplicationHasCredentialsOfItsOwnThenNothingIsStarted() {
		RedisCredentialsProviderFactory own = new RedisCredentialsProviderFactory() {
		};
		this.contextRunner
			.withBean(LettuceClientConfigurationBuilderCustomizer.class,
					() -> (builder) -> builder.redisCredentialsProviderFactory(own))
			.run((context) -> assertThat(status(context).authentication()).isEqualTo(Authentication.NOT_STARTED));
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
			.run((context) -> assertThat(status(context).portReason()).isEqualTo("host name"));
	}

	@Test
	void whenPortIsConfiguredThenSaysSo() {
		this.contextRunnerWithoutRedis.withPropertyValues("azure.redis.port=10000")
			.run((context) -> assertThat(status(context).portReason()).isEqualTo("azure.redis.port"));
	}

	@Test
	void whenApplicationHasEndpointThenSaysSo() {
		this.contextRunnerWithoutRedis
			.withBean(AzureRedisEndpoint.class,
					() -> new AzureRedisEndpoint("localhost", 1234, AzureRedisOffering.MANAGED_REDIS, true, null))
			.run((context) -> assertThat(status(context).portReason()).isEqualTo("AzureRedisEndpoint bean"));
	}

	@Test
	void whenFirstRequestIsUnderWayThenItIsNotKnownWhetherThereIsAToken() {
		assertThat(status(null, null).lacksToken()).isFalse();
		assertThat(status(null, null).tokenRemainingLife()).isZero();
	}

	@Test
	void whenFirstRequestFailedThenTokenIsLacking() {
		assertThat(status(null, Duration.ZERO).lacksToken()).isTrue();
	}

	@Test
	void whenRenewalFailsThenTokenIsLackingFromItsEnd() {
		assertThat(status(Duration.ofNanos(1), Duration.ZERO).lacksToken()).isFalse();
		assertThat(status(Duration.ZERO, Duration.ZERO).lacksToken()).isTrue();
		assertThat(status(Duration.ofMinutes(-1), Duration.ZERO).tokenRemainingLife()).isZero();
	}

	private AzureRedisStatus status(AssertableApplicationContext context) {
		return context.getBean(AzureRedisMonitor.class).status();
	}

	private AzureRedisStatus status(Duration remaining, Duration failingFor) {
		Instant now = Instant.parse("2026-11-21T12:00:00Z");
		EntraTokenStatus token = TokenFixtures.status(null, (remaining != null) ? now.plus(remaining) : null, now,
				(failingFor != null) ? now.minus(failingFor) : null, (failingFor != null) ? 1 : 0, List.of());
		AzureRedisEndpoint endpoint = AzureRedisEndpoint.of("my-cache.redis.azure.net", null, null);
		return new AzureRedisStatus(now, endpoint, "host name", null, null, Authentication.TOKEN, null, null, token, 0,
				new AzureRedisEventRecorder().recording().totals(), null, List.of());
	}

}
