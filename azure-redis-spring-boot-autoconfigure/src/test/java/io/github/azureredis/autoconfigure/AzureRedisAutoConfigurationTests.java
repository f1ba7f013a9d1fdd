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

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.cluster.AzureRedisClusterAutoConfiguration;
import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitorAutoConfiguration;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslVerifyMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AzureRedisAutoConfiguration}.
 */
class AzureRedisAutoConfigurationTests {

	private static final String HOST = "my-cache.westeurope.redis.azure.net";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AzureRedisAutoConfiguration.class,
				AzureRedisClusterAutoConfiguration.class, AzureRedisMonitorAutoConfiguration.class,
				AzureRedisEntraAutoConfiguration.class, DataRedisAutoConfiguration.class, SslAutoConfiguration.class))
		.withBean("azureRedisTokenCredential", TokenCredential.class, StubCredential::new)
		.withPropertyValues("azure.redis.host=" + HOST, "azure.redis.clustering-policy=none");

	@Test
	void whenOnlyHostIsSetThenConnectsThereWithTls() {
		this.contextRunner.run((context) -> {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			assertThat(factory.getHostName()).isEqualTo(HOST);
			assertThat(factory.getPort()).isEqualTo(10000);
			assertThat(factory.getDatabase()).isZero();
			assertThat(factory.isUseSsl()).isTrue();
			assertThat(factory.getClientConfiguration().getVerifyMode()).isEqualTo(SslVerifyMode.FULL);
		});
	}

	@Test
	void noBeanIsAFunctionThatSpringCloudFunctionWouldFind() {
		AutoConfigurations all = AutoConfigurations.of(ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("io.github.azureredis."))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.toArray(Class<?>[]::new));
		this.contextRunner.withConfiguration(all)
			.run((context) -> assertThat(context.getBeansOfType(Object.class).values())
				.filteredOn((bean) -> bean.getClass().getName().startsWith("io.github.azureredis."))
				.hasSizeGreaterThan(20)
				.flatMap((bean) -> ClassUtils.getAllInterfacesAsSet(bean))
				.extracting(Class::getPackageName)
				.doesNotContain("java.util.function"));
	}

	@Test
	void whenHostIsThatOfCacheForRedisThenPortIs6380() {
		this.contextRunner.withPropertyValues("azure.redis.host=my-cache.redis.cache.windows.net")
			.run((context) -> assertThat(context.getBean(LettuceConnectionFactory.class).getPort()).isEqualTo(6380));
	}

	@Test
	void whenPortIsSetThenUsesIt() {
		this.contextRunner.withPropertyValues("azure.redis.port=1234")
			.run((context) -> assertThat(context.getBean(LettuceConnectionFactory.class).getPort()).isEqualTo(1234));
	}

	@Test
	void whenDatabaseIsSetThenUsesIt() {
		this.contextRunner
			.withPropertyValues("azure.redis.host=my-cache.redis.cache.windows.net", "azure.redis.database=5")
			.run((context) -> assertThat(context.getBean(LettuceConnectionFactory.class).getDatabase()).isEqualTo(5));
	}

	@Test
	void whenHostIsNotSetThenFailsAndDoesNotFallBackToLocalhost() {
		this.contextRunner.withPropertyValues("azure.redis.host=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AzureRedisConfigurationException.class)
				.hasMessageContaining("'azure.redis.host' is not set"));
	}

	@Test
	void whenEndpointContradictsPropertiesThenFails() {
		this.contextRunner.withPropertyValues("azure.redis.ssl.enabled=false")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AzureRedisConfigurationException.class)
				.hasMessageContaining("'azure.redis.ssl.enabled' is false"));
	}

	@Test
	void whenSpringDataRedisSaysAnotherDatabaseThenFails() {
		this.contextRunner.withPropertyValues("spring.data.redis.database=3")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AzureRedisConfigurationException.class)
				.hasMessageContaining("'spring.data.redis.database' is 3"));
	}

	@Test
	void whenEmulatorIsEnabledButItsAutoConfigurationDoesNotRunThenFailsAndDoesNotConnectToTheHost() {
		this.contextRunner.withPropertyValues("azure.redis.emulator.enabled=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AzureRedisConfigurationException.class)
				.hasMessageContaining("'azure.redis.emulator.enabled' is true"));
	}

	@Test
	void whenSpringDataRedisSaysElsewhereThenAzureRedisWins() {
		this.contextRunner
			.withPropertyValues("spring.data.redis.host=elsewhere", "spring.data.redis.port=1",
					"spring.data.redis.username=user", "spring.data.redis.password=password")
			.run((context) -> {
				LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
				assertThat(factory.getHostName()).isEqualTo(HOST);
				assertThat(factory.getPort()).isEqualTo(10000);
				assertThat(factory.getPassword()).isNull();
			});
	}

	@Test
	void whenDisabledThenBootAloneConnects() {
		this.contextRunner.withPropertyValues("azure.redis.enabled=false", "azure.redis.host=").run((context) -> {
			assertBackedOff(context);
			assertThat(context.getBean(LettuceConnectionFactory.class).getHostName()).isEqualTo("localhost");
		});
	}

	@Test
	void whenApplicationHasConnectionDetailsThenBacksOffWithoutAnyProperty() {
		this.contextRunner.withPropertyValues("azure.redis.host=")
			.withUserConfiguration(ConnectionDetailsConfiguration.class)
			.run((context) -> {
				assertBackedOff(context);
				assertThat(context.getBean(LettuceConnectionFactory.class).getHostName()).isEqualTo("container");
			});
	}

	@Test
	void whenApplicationHasConnectionFactoryThenBacksOff() {
		this.contextRunner.withPropertyValues("azure.redis.host=")
			.withBean(RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
			.run(this::assertBackedOff);
	}

	@Test
	void whenApplicationHasRedisConfigurationThenBacksOff() {
		this.contextRunner.withPropertyValues("azure.redis.host=")
			.withBean(RedisStandaloneConfiguration.class, () -> new RedisStandaloneConfiguration("own", 1))
			.run((context) -> {
				assertBackedOff(context);
				assertThat(context.getBean(LettuceConnectionFactory.class).getHostName()).isEqualTo("own");
			});
	}

	@Test
	void whenLettuceIsMissingThenBacksOff() {
		this.contextRunner.withPropertyValues("azure.redis.host=")
			.withClassLoader(new FilteredClassLoader(RedisClient.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertBackedOff(context);
			});
	}

	@Test
	void whenSpringDataRedisIsMissingThenBacksOff() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(AzureRedisAutoConfiguration.class, AzureRedisClusterAutoConfiguration.class,
							AzureRedisMonitorAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(RedisOperations.class, DataRedisAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertBackedOff(context);
			});
	}

	@Test
	void whenApplicationHasEndpointThenItTakesThePlaceOfTheProperties() {
		this.contextRunner.withPropertyValues("azure.redis.host=")
			.withBean(AzureRedisInstance.class,
					() -> AzureRedisInstance.of("own", 1, AzureRedisOffering.UNKNOWN, SslBundle.systemDefault()))
			.run((context) -> {
				LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
				assertThat(factory.getHostName()).isEqualTo("own");
				assertThat(factory.isUseSsl()).isTrue();
			});
	}

	@Test
	void whenAccessKeyIsSetThenItIsThePassword() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key").run((context) -> {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			assertThat(factory.getPassword()).isEqualTo("key");
			assertThat(context.getBean(DataRedisConnectionDetails.class).getUsername()).isNull();
		});
	}

	@Test
	void whenAccessKeyAndUsernameAreSetThenBothAreUsed() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key", "azure.redis.username=user")
			.run((context) -> {
				DataRedisConnectionDetails details = context.getBean(DataRedisConnectionDetails.class);
				assertThat(details.getUsername()).isEqualTo("user");
				assertThat(details.getPassword()).isEqualTo("key");
			});
	}

	@Test
	void whenUsernameIsSetWithTokensThenDetailsHaveNoCredentials() {
		this.contextRunner.withPropertyValues("azure.redis.username=user").run((context) -> {
			DataRedisConnectionDetails details = context.getBean(DataRedisConnectionDetails.class);
			assertThat(details.getUsername()).isNull();
			assertThat(details.getPassword()).isNull();
		});
	}

	@Test
	void whenTlsIsOffWithAccessKeyThenConnectsWithoutTls() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key", "azure.redis.ssl.enabled=false")
			.run((context) -> assertThat(context.getBean(LettuceConnectionFactory.class).isUseSsl()).isFalse());
	}

	@Test
	void whenBundleIsSetThenUsesIt() {
		this.contextRunner.withUserConfiguration(SslBundlesConfiguration.class)
			.withPropertyValues("azure.redis.ssl.bundle=one", "spring.data.redis.ssl.bundle=two")
			.run((context) -> assertThat(getSslBundle(context))
				.isSameAs(context.getBean(SslBundles.class).getBundle("one")));
	}

	@Test
	void whenOnlyBootsBundleIsSetThenUsesIt() {
		this.contextRunner.withUserConfiguration(SslBundlesConfiguration.class)
			.withPropertyValues("spring.data.redis.ssl.bundle=two")
			.run((context) -> assertThat(getSslBundle(context))
				.isSameAs(context.getBean(SslBundles.class).getBundle("two")));
	}

	@Test
	void whenBootsConnectionSettingsAreSetThenTheyStayInForce() {
		this.contextRunner
			.withPropertyValues("spring.data.redis.connect-timeout=1234ms", "spring.data.redis.timeout=4321ms",
					"spring.data.redis.client-name=orders", "spring.data.redis.lettuce.shutdown-timeout=99ms",
					"spring.data.redis.lettuce.read-from=any")
			.run((context) -> {
				LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
				assertThat(factory.getClientConfiguration().getClientOptions().orElseThrow().getSocketOptions())
					.satisfies((options) -> assertThat(options.getConnectTimeout()).isEqualTo(Duration.ofMillis(1234)));
				assertThat(factory.getTimeout()).isEqualTo(4321);
				assertThat(factory.getClientName()).isEqualTo("orders");
				assertThat(factory.getShutdownTimeout()).isEqualTo(99);
				assertThat(factory.getClientConfiguration().getReadFrom()).isPresent();
			});
	}

	@Test
	void whenBootsPoolIsSetThenItStaysInForce() {
		this.contextRunner.withPropertyValues("spring.data.redis.lettuce.pool.max-active=3")
			.run((context) -> assertThat(context.getBean(LettuceConnectionFactory.class).getClientConfiguration())
				.isInstanceOfSatisfying(LettucePoolingClientConfiguration.class,
						(pooling) -> assertThat(pooling.getPoolConfig().getMaxTotal()).isEqualTo(3)));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenVirtualThreadsAreOnThenBootsTwinIsUsed() {
		this.contextRunner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			LettuceConnectionFactory factory = context.getBean("redisConnectionFactoryVirtualThreads",
					LettuceConnectionFactory.class);
			assertThat(factory.getHostName()).isEqualTo(HOST);
			assertThat(factory.getClientConfiguration().getRedisCredentialsProviderFactory()).isPresent();
		});
	}

	@Test
	void whenApplicationHasCustomizersThenTheyStayInForce() {
		this.contextRunner.withUserConfiguration(CustomizersConfiguration.class).run((context) -> {
			LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
			assertThat(factory.getClientName()).isEqualTo("customized");
			assertThat(factory.getClientConfiguration().getClientOptions().orElseThrow().isAutoReconnect()).isFalse();
			assertThat(factory.getClientConfiguration().getRedisCredentialsProviderFactory()).isPresent();
		});
	}

	private void assertBackedOff(AssertableApplicationContext context) {
		assertThat(context).doesNotHaveBean(AzureRedisInstance.class)
			.doesNotHaveBean(AzureRedisConnectionDetails.class)
			.doesNotHaveBean(EntraTokenProvider.class)
			.doesNotHaveBean(EntraRedisAuthentication.class)
			.doesNotHaveBean(AzureRedisClientCustomizer.class)
			.doesNotHaveBean("azureRedisLettuceCustomizer");
	}

	private SslBundle getSslBundle(AssertableApplicationContext context) {
		return context.getBean(DataRedisConnectionDetails.class).getSslBundle();
	}

	@Configuration(proxyBeanMethods = false)
	static class ConnectionDetailsConfiguration {

		@Bean
		DataRedisConnectionDetails containerConnectionDetails() {
			return new DataRedisConnectionDetails() {

				@Override
				public Standalone getStandalone() {
					return Standalone.of("container", 1);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SslBundlesConfiguration {

		@Bean
		SslBundles sslBundles() {
			DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("one", SslBundle.of(null));
			registry.registerBundle("two", SslBundle.of(null));
			return registry;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizersConfiguration {

		@Bean
		LettuceClientConfigurationBuilderCustomizer clientConfigurationCustomizer() {
			return (builder) -> builder.clientName("customized");
		}

		@Bean
		LettuceClientOptionsBuilderCustomizer clientOptionsCustomizer() {
			return (builder) -> builder.autoReconnect(false);
		}

	}

}
