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

package io.github.azureredis.integration;

import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.emulator.AzureRedisEmulatorInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.AzureRedisOffering;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@code azure.redis.emulator.enabled} in applications with named instances.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class EmulatedInstancesTests {

	private static final String CACHE = "--azure.redis.instances.cache.host=cache.westeurope.redis.azure.net";

	private static final String CLUSTERED = "--azure.redis.instances.vectors.clustering-policy=oss";

	@Test
	void whenThereIsNoDefaultInstanceThenEachNameHasAnEmulatorAndAllHaveOneToken(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(Application.class, CACHE, CLUSTERED)) {
			Emulators emulators = context.getBean(Emulators.class);
			assertThat(context.getBeanNamesForType(AzureRedisEmulator.class))
				.containsExactlyInAnyOrder("cacheAzureRedisEmulator", "vectorsAzureRedisEmulator");
			assertThat(emulators.unqualified.getIfAvailable()).isNull();
			assertThat(emulators.cache.clusteringPolicy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
			assertThat(emulators.vectors.clusteringPolicy()).isEqualTo(AzureRedisClusteringPolicy.OSS);
			setAndGet(context, "cacheStringRedisTemplate");
			setAndGet(context, "vectorsStringRedisTemplate");
			assertThat(context.getBean("cacheRedisConnectionFactory", LettuceConnectionFactory.class)
				.getRequiredNativeClient()).isInstanceOf(RedisClient.class);
			assertThat(context.getBean("vectorsRedisConnectionFactory", LettuceConnectionFactory.class)
				.getRequiredNativeClient()).isInstanceOf(RedisClusterClient.class);
			assertThat(emulators.cache.statistics().tokenRequests()).isEqualTo(1);
			assertThat(emulators.vectors.statistics().tokenRequests()).isZero();
			assertThat(emulators.cache.connections()).isNotEmpty();
			assertThat(output).containsOnlyOnce("The emulator on localhost:" + emulators.cache.port()
					+ " is used as instance 'cache' instead of cache.westeurope.redis.azure.net");
			assertThat(output).containsOnlyOnce(
					"The emulator on localhost:" + emulators.vectors.port() + " is used as instance 'vectors'");
		}
		assertThat(output).doesNotContain(" WARN ", " ERROR ");
	}

	@Test
	void whenThereIsADefaultInstanceThenItsEmulatorIssuesTheTokens() {
		try (ConfigurableApplicationContext context = run(Application.class, CACHE, CLUSTERED,
				"--azure.redis.host=sessions.westeurope.redis.azure.net", "--azure.redis.username=of-azure",
				"--azure.redis.instances.vectors.credential.client-id=of-azure",
				"--azure.redis.instances.vectors.credential.managed-identity-enabled=true")) {
			Emulators emulators = context.getBean(Emulators.class);
			AzureRedisEmulator issuer = emulators.unqualified.getObject();
			assertThat(issuer.clusteringPolicy()).isEqualTo(AzureRedisClusteringPolicy.NONE);
			setAndGet(context, "stringRedisTemplate");
			setAndGet(context, "cacheStringRedisTemplate");
			setAndGet(context, "vectorsStringRedisTemplate");
			assertThat(issuer.statistics().tokenRequests()).isEqualTo(1);
			assertThat(emulators.cache.statistics().tokenRequests() + emulators.vectors.statistics().tokenRequests())
				.isZero();
			assertThat(context.getBean(AzureRedisMonitor.class).getStatus("vectors").getInstance().getPort())
				.isEqualTo(emulators.vectors.port());
		}
	}

	@Test
	void whenInstanceIsConfiguredThenItsEmulatorFollows() {
		try (ConfigurableApplicationContext context = run(Application.class,
				"--azure.redis.instances.cache.host=cache.redis.cache.windows.net",
				"--azure.redis.instances.cache.access-key=key", "--azure.redis.instances.cache.database=3",
				"--azure.redis.instances.vectors.host=vectors.westeurope.redis.azure.net",
				"--azure.redis.emulator.clustering-policy=oss",
				"--azure.redis.instances.cache.clustering-policy=none")) {
			Emulators emulators = context.getBean(Emulators.class);
			assertThat(emulators.cache.offering()).isEqualTo(AzureRedisOffering.CACHE_FOR_REDIS);
			assertThat(emulators.vectors.offering()).isEqualTo(AzureRedisOffering.MANAGED_REDIS);
			assertThat(emulators.vectors.clusteringPolicy()).isEqualTo(AzureRedisClusteringPolicy.OSS);
			setAndGet(context, "cacheStringRedisTemplate");
			assertThat(emulators.cache.statistics().tokenRequests()).isZero();
			setAndGet(context, "vectorsStringRedisTemplate");
			assertThat(emulators.cache.statistics().tokenRequests()).isEqualTo(1);
		}
	}

	@Test
	void whenApplicationHasTheAddressOfAnInstanceThenThatGetsNoEmulator() {
		try (ConfigurableApplicationContext context = run(OwnAddress.class, CACHE, CLUSTERED)) {
			assertThat(context.getBeanNamesForType(AzureRedisEmulator.class)).containsExactlyInAnyOrder("own",
					"vectorsAzureRedisEmulator");
			setAndGet(context, "cacheStringRedisTemplate");
			assertThat(context.getBean("own", AzureRedisEmulator.class).statistics().tokenRequests()).isEqualTo(1);
			setAndGet(context, "vectorsStringRedisTemplate");
		}
	}

	@Test
	void whenClusteringPolicyOfEmulatorsIsAutoThenTheAnalysisNamesTheProperty(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run(Application.class, CACHE, "--azure.redis.emulator.clustering-policy=auto").close());
		assertThat(output).contains("APPLICATION FAILED TO START", "'azure.redis.emulator.clustering-policy'");
	}

	@Test
	void whenEmulatorsAreExcludedThenTheAnalysisNamesTheProperty(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Application.class, CACHE,
				"--spring.autoconfigure.exclude=" + AzureRedisEmulatorInstancesAutoConfiguration.class.getName())
			.close());
		assertThat(output).contains("APPLICATION FAILED TO START",
				"'azure.redis.emulator.enabled' is true, but the emulator's auto-configuration has not run");
	}

	private static void setAndGet(ConfigurableApplicationContext context, String bean) {
		StringRedisTemplate redis = context.getBean(bean, StringRedisTemplate.class);
		redis.opsForValue().set("key", bean);
		assertThat(redis.opsForValue().get("key")).isEqualTo(bean);
	}

	private static ConfigurableApplicationContext run(Class<?> source, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--azure.redis.emulator.enabled=true");
		return new SpringApplicationBuilder(source).web(WebApplicationType.NONE).run(all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Emulators emulators(@Qualifier("cache") ObjectProvider<AzureRedisEmulator> cache,
				@Qualifier("vectors") ObjectProvider<AzureRedisEmulator> vectors,
				ObjectProvider<AzureRedisEmulator> unqualified) {
			return new Emulators(cache.getIfAvailable(), vectors.getIfAvailable(), unqualified);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OwnAddress {

		@Bean(defaultCandidate = false)
		AzureRedisEmulator own() {
			return AzureRedisEmulator.builder().start();
		}

		@Bean(defaultCandidate = false)
		AzureRedisInstance cacheAzureRedisInstance(@Qualifier("own") AzureRedisEmulator own) throws Exception {
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("own", own.certificateAuthority());
			return AzureRedisInstance.of(own.host(), own.port(),
					io.github.azureredis.autoconfigure.AzureRedisOffering.MANAGED_REDIS,
					SslBundle.of(SslStoreBundle.of(null, null, trusted)));
		}

		@Bean
		TokenCredential azureRedisTokenCredential(@Qualifier("own") AzureRedisEmulator own) {
			return own.credential();
		}

	}

	/**
	 * The emulators as an application gets them.
	 *
	 * @param cache the one of the instance 'cache'
	 * @param vectors the one of the instance 'vectors'
	 * @param unqualified the one of the default instance
	 */
	record Emulators(AzureRedisEmulator cache, AzureRedisEmulator vectors,
			ObjectProvider<AzureRedisEmulator> unqualified) {

	}

}
