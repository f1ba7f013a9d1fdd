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

package io.github.azureredis.autoconfigure.instances;

import java.time.Duration;
import java.util.stream.Stream;

import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails.ClusterMode;
import io.github.azureredis.autoconfigure.AzureRedisLettuceCustomizer;
import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.ClientResources;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties.Pool;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Builder for the connection factories of named instances. What it builds is what Spring
 * Boot's {@code LettuceConnectionConfiguration}, which is not public, builds for the
 * default instance: a test compares the two, so this class follows that one step by step.
 */
class InstanceConnectionFactoryBuilder {

	private static final boolean COMMONS_POOL2_AVAILABLE = ClassUtils.isPresent("org.apache.commons.pool2.ObjectPool",
			InstanceConnectionFactoryBuilder.class.getClassLoader());

	private final ClientResources clientResources;

	private final ObjectProvider<LettuceClientConfigurationBuilderCustomizer> clientCustomizers;

	private final ObjectProvider<LettuceClientOptionsBuilderCustomizer> optionsCustomizers;

	private final Environment environment;

	InstanceConnectionFactoryBuilder(ClientResources clientResources,
			ObjectProvider<LettuceClientConfigurationBuilderCustomizer> clientCustomizers,
			ObjectProvider<LettuceClientOptionsBuilderCustomizer> optionsCustomizers, Environment environment) {
		this.clientResources = clientResources;
		this.clientCustomizers = clientCustomizers;
		this.optionsCustomizers = optionsCustomizers;
		this.environment = environment;
	}

	/**
	 * Build the connection factory of an instance. May connect, to find out whether the
	 * instance is clustered.
	 * @param instance the instance
	 * @return a connection factory that has not been initialized
	 */
	LettuceConnectionFactory build(NamedInstance instance) {
		AzureRedisConnectionDetails details = new AzureRedisConnectionDetails(instance.getInstance(),
				instance.getAuthentication(), instance.getProperties().getDatabase(), instance.get(ClusterMode.class));
		DataRedisConnectionDetails.Cluster cluster = details.getCluster();
		LettuceClientConfiguration client = clientConfiguration(instance, details.getSslBundle());
		LettuceConnectionFactory connectionFactory = (cluster != null)
				? new LettuceConnectionFactory(clusterConfiguration(instance, details, cluster), client)
				: new LettuceConnectionFactory(standaloneConfiguration(details), client);
		if (Threading.VIRTUAL.isActive(this.environment)) {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("redis-");
			executor.setVirtualThreads(true);
			connectionFactory.setExecutor(executor);
		}
		return connectionFactory;
	}

	private static RedisStandaloneConfiguration standaloneConfiguration(AzureRedisConnectionDetails details) {
		Standalone standalone = details.getStandalone();
		RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration();
		configuration.setHostName(standalone.getHost());
		configuration.setPort(standalone.getPort());
		configuration.setUsername(details.getUsername());
		configuration.setPassword(RedisPassword.of(details.getPassword()));
		configuration.setDatabase(standalone.getDatabase());
		return configuration;
	}

	private static RedisClusterConfiguration clusterConfiguration(NamedInstance instance,
			AzureRedisConnectionDetails details, DataRedisConnectionDetails.Cluster cluster) {
		RedisClusterConfiguration configuration = new RedisClusterConfiguration();
		for (Node node : cluster.getNodes()) {
			configuration.addClusterNode(new RedisNode(node.host(), node.port()));
		}
		DataRedisProperties.Cluster properties = instance.getDataRedisProperties().getCluster();
		if (properties != null && properties.getMaxRedirects() != null) {
			configuration.setMaxRedirects(properties.getMaxRedirects());
		}
		configuration.setUsername(details.getUsername());
		String password = details.getPassword();
		if (password != null) {
			configuration.setPassword(RedisPassword.of(password));
		}
		return configuration;
	}

	private LettuceClientConfiguration clientConfiguration(NamedInstance instance, @Nullable SslBundle sslBundle) {
		DataRedisProperties properties = instance.getDataRedisProperties();
		LettuceClientConfigurationBuilder client = builder(properties.getLettuce().getPool());
		applyProperties(client, properties, sslBundle);
		client.clientOptions(clientOptions(instance, sslBundle));
		client.clientResources(this.clientResources);
		ofEveryInstance(this.clientCustomizers).forEach((customizer) -> customizer.customize(client));
		new AzureRedisLettuceCustomizer(() -> instance.all(AzureRedisClientCustomizer.class)).customize(client);
		return client.build();
	}

	private static LettuceClientConfigurationBuilder builder(Pool pool) {
		Boolean enabled = pool.getEnabled();
		return ((enabled != null) ? enabled : COMMONS_POOL2_AVAILABLE) ? new PoolBuilderFactory().createBuilder(pool)
				: LettuceClientConfiguration.builder();
	}

	private static void applyProperties(LettuceClientConfigurationBuilder client, DataRedisProperties properties,
			@Nullable SslBundle sslBundle) {
		if (sslBundle != null) {
			client.useSsl();
		}
		if (properties.getTimeout() != null) {
			client.commandTimeout(properties.getTimeout());
		}
		Duration shutdownTimeout = properties.getLettuce().getShutdownTimeout();
		if (shutdownTimeout != null && !shutdownTimeout.isZero()) {
			client.shutdownTimeout(shutdownTimeout);
		}
		String readFrom = properties.getLettuce().getReadFrom();
		if (readFrom != null) {
			client.readFrom(readFrom(readFrom));
		}
		if (StringUtils.hasText(properties.getClientName())) {
			client.clientName(properties.getClientName());
		}
	}

	private static ReadFrom readFrom(String readFrom) {
		String[] parts = readFrom.split(":", 2);
		StringBuilder name = new StringBuilder();
		parts[0].chars()
			.filter(Character::isLetterOrDigit)
			.map(Character::toLowerCase)
			.forEach((c) -> name.append((char) c));
		return ReadFrom.valueOf((parts.length > 1) ? name + ":" + parts[1] : name.toString());
	}

	private ClientOptions clientOptions(NamedInstance instance, @Nullable SslBundle sslBundle) {
		DataRedisProperties properties = instance.getDataRedisProperties();
		ClientOptions.Builder options = optionsBuilder(properties);
		Duration connectTimeout = properties.getConnectTimeout();
		if (connectTimeout != null) {
			options.socketOptions(SocketOptions.builder().connectTimeout(connectTimeout).build());
		}
		if (sslBundle != null) {
			options.sslOptions(sslOptions(sslBundle));
		}
		options.timeoutOptions(TimeoutOptions.enabled());
		instance.all(LettuceClientOptionsBuilderCustomizer.class)
			.forEach((customizer) -> customizer.customize(options));
		ofEveryInstance(this.optionsCustomizers).forEach((customizer) -> customizer.customize(options));
		return options.build();
	}

	private static ClientOptions.Builder optionsBuilder(DataRedisProperties properties) {
		if (properties.getCluster() == null) {
			return ClientOptions.builder();
		}
		DataRedisProperties.Lettuce.Cluster.Refresh refresh = properties.getLettuce().getCluster().getRefresh();
		ClusterTopologyRefreshOptions.Builder options = ClusterTopologyRefreshOptions.builder()
			.dynamicRefreshSources(refresh.isDynamicRefreshSources());
		if (refresh.getPeriod() != null) {
			options.enablePeriodicRefresh(refresh.getPeriod());
		}
		return ClusterClientOptions.builder().topologyRefreshOptions(options.build());
	}

	private static SslOptions sslOptions(SslBundle sslBundle) {
		SslOptions.Builder options = SslOptions.builder();
		options.keyManager(sslBundle.getManagers().getKeyManagerFactory());
		options.trustManager(sslBundle.getManagers().getTrustManagerFactory());
		String[] ciphers = sslBundle.getOptions().getCiphers();
		if (ciphers != null) {
			options.cipherSuites(ciphers);
		}
		String[] protocols = sslBundle.getOptions().getEnabledProtocols();
		if (protocols != null) {
			options.protocols(protocols);
		}
		return options.build();
	}

	private static <T> Stream<T> ofEveryInstance(ObjectProvider<T> beans) {
		return beans.orderedStream().filter((bean) -> !(bean instanceof DefaultInstanceOnly));
	}

	/**
	 * Inner class to allow optional commons-pool2 dependency.
	 */
	private static final class PoolBuilderFactory {

		LettuceClientConfigurationBuilder createBuilder(Pool properties) {
			GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
			pool.setMaxTotal(properties.getMaxActive());
			pool.setMaxIdle(properties.getMaxIdle());
			pool.setMinIdle(properties.getMinIdle());
			Duration timeBetweenEvictionRuns = properties.getTimeBetweenEvictionRuns();
			if (timeBetweenEvictionRuns != null) {
				pool.setTimeBetweenEvictionRuns(timeBetweenEvictionRuns);
			}
			Duration maxWait = properties.getMaxWait();
			if (maxWait != null) {
				pool.setMaxWait(maxWait);
			}
			return LettucePoolingClientConfiguration.builder().poolConfig(pool);
		}

	}

}
