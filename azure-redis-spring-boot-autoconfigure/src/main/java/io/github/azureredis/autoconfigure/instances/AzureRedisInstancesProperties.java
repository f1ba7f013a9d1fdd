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
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.lettuce.replay.ReplayPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for named instances. What an instance leaves open is inherited
 * from {@code azure.redis} and {@code spring.data.redis}.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("azure.redis")
public class AzureRedisInstancesProperties {

	/**
	 * Named instances beside the default one. What an instance does not set, other than
	 * host and port, it inherits from "azure.redis" and "spring.data.redis".
	 */
	private final Map<String, Instance> instances = new LinkedHashMap<>();

	public Map<String, Instance> getInstances() {
		return this.instances;
	}

	/**
	 * Named instance.
	 */
	public static class Instance {

		/**
		 * Host name of the Redis instance, without scheme and port. Not inherited.
		 */
		private @Nullable String host;

		/**
		 * Port of the Redis instance. By default, it follows from the host name. Not
		 * inherited.
		 */
		private @Nullable Integer port;

		/**
		 * Object id of the identity to authenticate as.
		 */
		private @Nullable String username;

		/**
		 * Database index.
		 */
		private @Nullable Integer database;

		/**
		 * Clustering policy of the instance.
		 */
		private @Nullable AzureRedisClusteringPolicy clusteringPolicy;

		/**
		 * Access key to authenticate with instead of Microsoft Entra ID tokens.
		 */
		private @Nullable String accessKey;

		/**
		 * Commands to send again when their connection is lost before the reply.
		 */
		private @Nullable ReplayPolicy replay;

		/**
		 * Command timeout. By default, "spring.data.redis.timeout".
		 */
		private @Nullable Duration timeout;

		/**
		 * Connect timeout. By default, "spring.data.redis.connect-timeout".
		 */
		private @Nullable Duration connectTimeout;

		/**
		 * Client name to be set on connections. By default,
		 * "spring.data.redis.client-name".
		 */
		private @Nullable String clientName;

		private final Ssl ssl = new Ssl();

		private final Token token = new Token();

		private final Credential credential = new Credential();

		private final Lettuce lettuce = new Lettuce();

		public @Nullable String getHost() {
			return this.host;
		}

		public void setHost(@Nullable String host) {
			this.host = host;
		}

		public @Nullable Integer getPort() {
			return this.port;
		}

		public void setPort(@Nullable Integer port) {
			this.port = port;
		}

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable Integer getDatabase() {
			return this.database;
		}

		public void setDatabase(@Nullable Integer database) {
			this.database = database;
		}

		public @Nullable AzureRedisClusteringPolicy getClusteringPolicy() {
			return this.clusteringPolicy;
		}

		public void setClusteringPolicy(@Nullable AzureRedisClusteringPolicy clusteringPolicy) {
			this.clusteringPolicy = clusteringPolicy;
		}

		public @Nullable String getAccessKey() {
			return this.accessKey;
		}

		public void setAccessKey(@Nullable String accessKey) {
			this.accessKey = accessKey;
		}

		public @Nullable ReplayPolicy getReplay() {
			return this.replay;
		}

		public void setReplay(@Nullable ReplayPolicy replay) {
			this.replay = replay;
		}

		public @Nullable Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(@Nullable Duration timeout) {
			this.timeout = timeout;
		}

		public @Nullable Duration getConnectTimeout() {
			return this.connectTimeout;
		}

		public void setConnectTimeout(@Nullable Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
		}

		public @Nullable String getClientName() {
			return this.clientName;
		}

		public void setClientName(@Nullable String clientName) {
			this.clientName = clientName;
		}

		public Ssl getSsl() {
			return this.ssl;
		}

		public Token getToken() {
			return this.token;
		}

		public Credential getCredential() {
			return this.credential;
		}

		public Lettuce getLettuce() {
			return this.lettuce;
		}

	}

	/**
	 * TLS.
	 */
	public static class Ssl {

		/**
		 * Whether to use TLS.
		 */
		private @Nullable Boolean enabled;

		/**
		 * SSL bundle name.
		 */
		private @Nullable String bundle;

		public @Nullable Boolean getEnabled() {
			return this.enabled;
		}

		public void setEnabled(@Nullable Boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

	/**
	 * Microsoft Entra ID tokens.
	 */
	public static class Token {

		/**
		 * Scope to ask tokens for.
		 */
		private @Nullable String scope;

		/**
		 * How long before the expiry of a token the next one is asked for.
		 */
		private @Nullable Duration refreshBeforeExpiry;

		/**
		 * How long one request for a token may take.
		 */
		private @Nullable Duration requestTimeout;

		/**
		 * Time over which the re-authentication of many connections is spread.
		 */
		private @Nullable Duration reauthenticationSpread;

		public @Nullable String getScope() {
			return this.scope;
		}

		public void setScope(@Nullable String scope) {
			this.scope = scope;
		}

		public @Nullable Duration getRefreshBeforeExpiry() {
			return this.refreshBeforeExpiry;
		}

		public void setRefreshBeforeExpiry(@Nullable Duration refreshBeforeExpiry) {
			this.refreshBeforeExpiry = refreshBeforeExpiry;
		}

		public @Nullable Duration getRequestTimeout() {
			return this.requestTimeout;
		}

		public void setRequestTimeout(@Nullable Duration requestTimeout) {
			this.requestTimeout = requestTimeout;
		}

		public @Nullable Duration getReauthenticationSpread() {
			return this.reauthenticationSpread;
		}

		public void setReauthenticationSpread(@Nullable Duration reauthenticationSpread) {
			this.reauthenticationSpread = reauthenticationSpread;
		}

	}

	/**
	 * Credential for the instance alone. Instances whose credential and token settings
	 * are equal share their tokens.
	 */
	public static class Credential {

		/**
		 * Client id of the service principal or of the user-assigned managed identity.
		 */
		private @Nullable String clientId;

		/**
		 * Client secret of the service principal.
		 */
		private @Nullable String clientSecret;

		/**
		 * Tenant id of the service principal.
		 */
		private @Nullable String tenantId;

		/**
		 * Path of the client certificate of the service principal, a PEM or PFX file.
		 */
		private @Nullable String clientCertificatePath;

		/**
		 * Password of the client certificate, if it is a PFX file.
		 */
		private @Nullable String clientCertificatePassword;

		/**
		 * Whether to use a managed identity.
		 */
		private @Nullable Boolean managedIdentityEnabled;

		public @Nullable String getClientId() {
			return this.clientId;
		}

		public void setClientId(@Nullable String clientId) {
			this.clientId = clientId;
		}

		public @Nullable String getClientSecret() {
			return this.clientSecret;
		}

		public void setClientSecret(@Nullable String clientSecret) {
			this.clientSecret = clientSecret;
		}

		public @Nullable String getTenantId() {
			return this.tenantId;
		}

		public void setTenantId(@Nullable String tenantId) {
			this.tenantId = tenantId;
		}

		public @Nullable String getClientCertificatePath() {
			return this.clientCertificatePath;
		}

		public void setClientCertificatePath(@Nullable String clientCertificatePath) {
			this.clientCertificatePath = clientCertificatePath;
		}

		public @Nullable String getClientCertificatePassword() {
			return this.clientCertificatePassword;
		}

		public void setClientCertificatePassword(@Nullable String clientCertificatePassword) {
			this.clientCertificatePassword = clientCertificatePassword;
		}

		public @Nullable Boolean getManagedIdentityEnabled() {
			return this.managedIdentityEnabled;
		}

		public void setManagedIdentityEnabled(@Nullable Boolean managedIdentityEnabled) {
			this.managedIdentityEnabled = managedIdentityEnabled;
		}

	}

	/**
	 * Lettuce client.
	 */
	public static class Lettuce {

		/**
		 * Nodes to read from.
		 */
		private @Nullable String readFrom;

		private final Pool pool = new Pool();

		private final Cluster cluster = new Cluster();

		public @Nullable String getReadFrom() {
			return this.readFrom;
		}

		public void setReadFrom(@Nullable String readFrom) {
			this.readFrom = readFrom;
		}

		public Pool getPool() {
			return this.pool;
		}

		public Cluster getCluster() {
			return this.cluster;
		}

	}

	/**
	 * Connection pool.
	 */
	public static class Pool {

		/**
		 * Whether to use a pool.
		 */
		private @Nullable Boolean enabled;

		/**
		 * Maximum number of idle connections. Negative for no limit.
		 */
		private @Nullable Integer maxIdle;

		/**
		 * Minimum number of idle connections.
		 */
		private @Nullable Integer minIdle;

		/**
		 * Maximum number of connections. Negative for no limit.
		 */
		private @Nullable Integer maxActive;

		/**
		 * Maximum time to wait for a connection. Negative for no limit.
		 */
		private @Nullable Duration maxWait;

		/**
		 * Time between runs of the thread that closes idle connections.
		 */
		private @Nullable Duration timeBetweenEvictionRuns;

		public @Nullable Boolean getEnabled() {
			return this.enabled;
		}

		public void setEnabled(@Nullable Boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable Integer getMaxIdle() {
			return this.maxIdle;
		}

		public void setMaxIdle(@Nullable Integer maxIdle) {
			this.maxIdle = maxIdle;
		}

		public @Nullable Integer getMinIdle() {
			return this.minIdle;
		}

		public void setMinIdle(@Nullable Integer minIdle) {
			this.minIdle = minIdle;
		}

		public @Nullable Integer getMaxActive() {
			return this.maxActive;
		}

		public void setMaxActive(@Nullable Integer maxActive) {
			this.maxActive = maxActive;
		}

		public @Nullable Duration getMaxWait() {
			return this.maxWait;
		}

		public void setMaxWait(@Nullable Duration maxWait) {
			this.maxWait = maxWait;
		}

		public @Nullable Duration getTimeBetweenEvictionRuns() {
			return this.timeBetweenEvictionRuns;
		}

		public void setTimeBetweenEvictionRuns(@Nullable Duration timeBetweenEvictionRuns) {
			this.timeBetweenEvictionRuns = timeBetweenEvictionRuns;
		}

	}

	/**
	 * Cluster client.
	 */
	public static class Cluster {

		private final Refresh refresh = new Refresh();

		public Refresh getRefresh() {
			return this.refresh;
		}

	}

	/**
	 * Refresh of the topology.
	 */
	public static class Refresh {

		/**
		 * Whether to query all cluster nodes for the topology.
		 */
		private @Nullable Boolean dynamicRefreshSources;

		/**
		 * Time between two periodic refreshes.
		 */
		private @Nullable Duration period;

		/**
		 * Whether to refresh whenever an event asks for it.
		 */
		private @Nullable Boolean adaptive;

		public @Nullable Boolean getDynamicRefreshSources() {
			return this.dynamicRefreshSources;
		}

		public void setDynamicRefreshSources(@Nullable Boolean dynamicRefreshSources) {
			this.dynamicRefreshSources = dynamicRefreshSources;
		}

		public @Nullable Duration getPeriod() {
			return this.period;
		}

		public void setPeriod(@Nullable Duration period) {
			this.period = period;
		}

		public @Nullable Boolean getAdaptive() {
			return this.adaptive;
		}

		public void setAdaptive(@Nullable Boolean adaptive) {
			this.adaptive = adaptive;
		}

	}

}
