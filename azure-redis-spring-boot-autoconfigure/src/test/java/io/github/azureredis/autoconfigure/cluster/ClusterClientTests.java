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

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDefaultsAutoConfiguration;
import io.github.azureredis.autoconfigure.StubCredential;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the cluster client that Boot makes of the starter's contributions.
 */
class ClusterClientTests {

	private static final String HOST = "my-cache.westeurope.redis.azure.net";

	private static final String REFRESH = "spring.data.redis.lettuce.cluster.refresh.";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisClusterAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
				AzureRedisConnectionDefaultsAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
				DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, StubCredential::new)
		.withPropertyValues("azure.redis.host=" + HOST, "azure.redis.clustering-policy=oss");

	@Test
	void whenPolicyIsOssThenEndpointIsTheOneSeedAndCertificatesAreVerifiedInFull() {
		this.contextRunner.run((context) -> {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			RedisClusterConfiguration configuration = factory.getClusterConfiguration();
			assertThat(configuration).isNotNull();
			assertThat(configuration.getClusterNodes()).containsExactly(new RedisNode(HOST, 10000));
			assertThat(factory.getClientConfiguration().isUseSsl()).isTrue();
			assertThat(factory.getClientConfiguration().getVerifyMode()).isEqualTo(SslVerifyMode.FULL);
		});
	}

	@Test
	void whenNothingIsConfiguredThenTopologyIsRefreshedFromTheEndpoint() {
		this.contextRunner.run((context) -> {
			ClusterTopologyRefreshOptions refresh = clientOptions(context).getTopologyRefreshOptions();
			assertThat(refresh.useDynamicRefreshSources()).isFalse();
			assertThat(refresh.isPeriodicRefreshEnabled()).isTrue();
			assertThat(refresh.getRefreshPeriod()).isEqualTo(Duration.ofMinutes(1));
			assertThat(refresh.getAdaptiveRefreshTriggers()).containsExactlyInAnyOrder(RefreshTrigger.MOVED_REDIRECT,
					RefreshTrigger.UNCOVERED_SLOT, RefreshTrigger.UNKNOWN_NODE, RefreshTrigger.PERSISTENT_RECONNECTS);
			assertThat(refresh.getAdaptiveRefreshTimeout()).isEqualTo(Duration.ofSeconds(1));
		});
	}

	@Test
	void whenRefreshIsConfiguredThenItIsSo() {
		this.contextRunner.withPropertyValues(REFRESH + "period=7s", REFRESH + "dynamicRefreshSources=true")
			.run((context) -> {
				ClusterTopologyRefreshOptions refresh = clientOptions(context).getTopologyRefreshOptions();
				assertThat(refresh.useDynamicRefreshSources()).isTrue();
				assertThat(refresh.getRefreshPeriod()).isEqualTo(Duration.ofSeconds(7));
			});
	}

	@Test
	void whenOtherPropertiesOfBootAreSetThenTheyAreKept() {
		this.contextRunner
			.withPropertyValues("spring.data.redis.cluster.max-redirects=9",
					"spring.data.redis.lettuce.read-from=replica-preferred", "spring.data.redis.connect-timeout=1234ms",
					"spring.data.redis.client-name=me")
			.run((context) -> {
				LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
				RedisClusterConfiguration configuration = factory.getClusterConfiguration();
				assertThat(configuration).isNotNull();
				assertThat(configuration.getMaxRedirects()).isEqualTo(9);
				assertThat(factory.getClientConfiguration().getReadFrom()).contains(ReadFrom.REPLICA_PREFERRED);
				assertThat(factory.getClientConfiguration().getClientName()).contains("me");
				assertThat(clientOptions(context).getSocketOptions().getConnectTimeout())
					.isEqualTo(Duration.ofMillis(1234));
			});
	}

	@Test
	void whenApplicationCustomizesTheOptionsOfAClusterClientThenItWins() {
		this.contextRunner
			.withBean(LettuceClientOptionsBuilderCustomizer.class,
					() -> (builder) -> ((ClusterClientOptions.Builder) builder).topologyRefreshOptions(
							ClusterTopologyRefreshOptions.builder().enablePeriodicRefresh(Duration.ofHours(1)).build()))
			.run((context) -> assertThat(clientOptions(context).getTopologyRefreshOptions().getRefreshPeriod())
				.isEqualTo(Duration.ofHours(1)));
	}

	@Test
	void whenApplicationReplacesBootsOptionsThenTheyAreKeptAndTopologyIsRefreshed() {
		this.contextRunner
			.withBean(LettuceClientConfigurationBuilderCustomizer.class,
					() -> (builder) -> builder.clientOptions(ClientOptions.builder().requestQueueSize(5).build()))
			.run((context) -> {
				assertThat(clientOptions(context).getRequestQueueSize()).isEqualTo(5);
				assertThat(clientOptions(context).getTopologyRefreshOptions().isPeriodicRefreshEnabled()).isTrue();
			});
	}

	@Test
	void whenApplicationReplacesBootsOptionsByThoseOfAClusterClientThenTheyAreKept() {
		ClusterClientOptions own = ClusterClientOptions.create();
		this.contextRunner
			.withBean(LettuceClientConfigurationBuilderCustomizer.class, () -> (builder) -> builder.clientOptions(own))
			.run((context) -> assertThat(clientOptions(context)).isSameAs(own));
	}

	@Test
	void whenClientIsAClusterClientThenNodesAreReachedThroughTheEndpoint() {
		this.contextRunner
			.run((context) -> assertThat(resolve(context, "10.0.0.4")).isEqualTo(new Address(HOST, 8501)));
	}

	@Test
	void whenClientIsPlainThenNothingOfThisApplies() {
		for (String policy : List.of("enterprise", "none")) {
			this.contextRunner.withPropertyValues("azure.redis.clustering-policy=" + policy).run((context) -> {
				LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
				assertThat(factory.isClusterAware()).isFalse();
				assertThat(factory.getClientConfiguration().getClientOptions()).get()
					.isNotInstanceOf(ClusterClientOptions.class);
				assertThat(resolve(context, "10.0.0.4")).isEqualTo(new Address("10.0.0.4", 8501));
			});
		}
	}

	@Test
	void whenPolicyIsOssAndADatabaseIsSetThenFails() {
		this.contextRunner
			.withPropertyValues("azure.redis.host=my-cache.redis.cache.windows.net", "azure.redis.database=2")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AzureRedisConfigurationException.class)
				.hasMessageContaining("'azure.redis.database' is 2"));
	}

	private static ClusterClientOptions clientOptions(ApplicationContext context) {
		ClientOptions options = configuration(context).getClientOptions().orElseThrow();
		assertThat(options).isInstanceOf(ClusterClientOptions.class);
		return (ClusterClientOptions) options;
	}

	private static Address resolve(ApplicationContext context, String host) {
		InetSocketAddress address = (InetSocketAddress) configuration(context).getClientResources()
			.orElseThrow()
			.socketAddressResolver()
			.resolve(RedisURI.create(host, 8501));
		return new Address(address.getHostString(), address.getPort());
	}

	private static LettuceClientConfiguration configuration(ApplicationContext context) {
		return context.getBean(LettuceConnectionFactory.class).getClientConfiguration();
	}

	private record Address(String host, int port) {

	}

}
