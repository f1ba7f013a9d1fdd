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
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Sets a {@link ProbeClient} up as Boot will set the application's client up, with the
 * same properties and customizers. Boot's own code cannot be used: what it makes depends
 * on the answer that the probe is for.
 */
class ProbeClientFactory implements Supplier<ProbeClient> {

	/**
	 * Boot's own {@link ClientResources}. They come from the configuration class that
	 * waits for the answer.
	 */
	private static final String BOOT_CLIENT_RESOURCES = "lettuceClientResources";

	private static final boolean POOL_AVAILABLE = ClassUtils.isPresent("org.apache.commons.pool2.ObjectPool",
			ProbeClientFactory.class.getClassLoader());

	private final DataRedisConnectionDetails connectionDetails;

	private final DataRedisProperties properties;

	private final ListableBeanFactory beanFactory;

	ProbeClientFactory(DataRedisConnectionDetails connectionDetails, DataRedisProperties properties,
			ListableBeanFactory beanFactory) {
		this.connectionDetails = connectionDetails;
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	@Override
	public ProbeClient get() {
		List<String> applicationResources = Arrays.stream(this.beanFactory.getBeanNamesForType(ClientResources.class))
			.filter((name) -> !name.equals(BOOT_CLIENT_RESOURCES))
			.toList();
		if (!applicationResources.isEmpty()) {
			return create(this.beanFactory.getBean(applicationResources.get(0), ClientResources.class), () -> {
			});
		}
		DefaultClientResources.Builder builder = DefaultClientResources.builder();
		this.beanFactory.getBeanProvider(ClientResourcesBuilderCustomizer.class)
			.orderedStream()
			.forEach((customizer) -> customizer.customize(builder));
		ClientResources resources = builder.build();
		return create(resources, resources::shutdown);
	}

	private ProbeClient create(ClientResources resources, Runnable release) {
		try {
			return new ProbeClient(server(), clientConfiguration(resources), release);
		}
		catch (RuntimeException ex) {
			release.run();
			throw ex;
		}
	}

	private RedisStandaloneConfiguration server() {
		DataRedisConnectionDetails.Standalone standalone = this.connectionDetails.getStandalone();
		Assert.state(standalone != null, "'standalone' must not be null");
		RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(standalone.getHost(),
				standalone.getPort());
		server.setUsername(this.connectionDetails.getUsername());
		server.setPassword(RedisPassword.of(this.connectionDetails.getPassword()));
		return server;
	}

	private LettuceClientConfiguration clientConfiguration(ClientResources resources) {
		LettuceClientConfigurationBuilder builder = POOL_AVAILABLE ? Pooling.builder()
				: LettuceClientConfiguration.builder();
		SslBundle sslBundle = this.connectionDetails.getSslBundle();
		if (sslBundle != null) {
			builder.useSsl();
		}
		Duration commandTimeout = this.properties.getTimeout();
		if (commandTimeout != null) {
			builder.commandTimeout(commandTimeout);
		}
		String clientName = this.properties.getClientName();
		if (StringUtils.hasText(clientName)) {
			builder.clientName(clientName);
		}
		builder.clientOptions(clientOptions(sslBundle));
		builder.clientResources(resources);
		this.beanFactory.getBeanProvider(LettuceClientConfigurationBuilderCustomizer.class)
			.orderedStream()
			.filter((customizer) -> !(customizer instanceof ClusterLettuceClientConfigurationBuilderCustomizer))
			.forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	private ClientOptions clientOptions(@Nullable SslBundle sslBundle) {
		ClientOptions.Builder builder = ClientOptions.builder();
		Duration connectTimeout = this.properties.getConnectTimeout();
		if (connectTimeout != null) {
			builder.socketOptions(SocketOptions.builder().connectTimeout(connectTimeout).build());
		}
		if (sslBundle != null) {
			builder.sslOptions(sslOptions(sslBundle));
		}
		builder.timeoutOptions(TimeoutOptions.enabled());
		this.beanFactory.getBeanProvider(LettuceClientOptionsBuilderCustomizer.class)
			.orderedStream()
			.forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	private static SslOptions sslOptions(SslBundle sslBundle) {
		SslOptions.Builder builder = SslOptions.builder();
		builder.keyManager(sslBundle.getManagers().getKeyManagerFactory());
		builder.trustManager(sslBundle.getManagers().getTrustManagerFactory());
		String[] ciphers = sslBundle.getOptions().getCiphers();
		if (ciphers != null) {
			builder.cipherSuites(ciphers);
		}
		String[] protocols = sslBundle.getOptions().getEnabledProtocols();
		if (protocols != null) {
			builder.protocols(protocols);
		}
		return builder.build();
	}

	/**
	 * Inner class to allow optional commons-pool2 dependency.
	 */
	private static final class Pooling {

		static LettuceClientConfigurationBuilder builder() {
			return LettucePoolingClientConfiguration.builder();
		}

	}

}
