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

import io.github.azureredis.lettuce.replay.ReplayPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for Azure Managed Redis and Azure Cache for Redis.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("azure.redis")
public class AzureRedisProperties {

	/**
	 * Whether to connect to Azure Redis as configured here.
	 */
	private boolean enabled = true;

	/**
	 * Host name of the Redis instance, without scheme and port.
	 */
	private @Nullable String host;

	/**
	 * Port of the Redis instance. By default, it follows from the host name.
	 */
	private @Nullable Integer port;

	/**
	 * Object id of the identity to authenticate as. By default, the one that the token
	 * speaks for.
	 */
	private @Nullable String username;

	/**
	 * Database index. Azure Managed Redis has only one.
	 */
	private int database = 0;

	/**
	 * Clustering policy of the instance. By default, the instance is asked for it at
	 * start-up.
	 */
	private AzureRedisClusteringPolicy clusteringPolicy = AzureRedisClusteringPolicy.AUTO;

	/**
	 * Access key to authenticate with instead of Microsoft Entra ID tokens.
	 */
	private @Nullable String accessKey;

	/**
	 * Commands to send again when their connection is lost before the reply.
	 */
	private ReplayPolicy replay = ReplayPolicy.ALL;

	private final Ssl ssl = new Ssl();

	private final Token token = new Token();

	private final Credential credential = new Credential();

	private final MaintenanceEvents maintenanceEvents = new MaintenanceEvents();

	private final Emulator emulator = new Emulator();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

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

	public int getDatabase() {
		return this.database;
	}

	public void setDatabase(int database) {
		this.database = database;
	}

	public AzureRedisClusteringPolicy getClusteringPolicy() {
		return this.clusteringPolicy;
	}

	public void setClusteringPolicy(AzureRedisClusteringPolicy clusteringPolicy) {
		this.clusteringPolicy = clusteringPolicy;
	}

	public @Nullable String getAccessKey() {
		return this.accessKey;
	}

	public void setAccessKey(@Nullable String accessKey) {
		this.accessKey = accessKey;
	}

	public ReplayPolicy getReplay() {
		return this.replay;
	}

	public void setReplay(ReplayPolicy replay) {
		this.replay = replay;
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

	public MaintenanceEvents getMaintenanceEvents() {
		return this.maintenanceEvents;
	}

	public Emulator getEmulator() {
		return this.emulator;
	}

	/**
	 * TLS.
	 */
	public static class Ssl {

		/**
		 * Whether to use TLS. Can be switched off with an access key or for a loopback
		 * host only.
		 */
		private boolean enabled = true;

		/**
		 * SSL bundle name. By default, "spring.data.redis.ssl.bundle", or else the trust
		 * of the JDK.
		 */
		private @Nullable String bundle;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
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
		 * Scope to ask tokens for. The same in every Azure cloud.
		 */
		private String scope = "https://redis.azure.com/.default";

		/**
		 * How long before the expiry of a token the next one is asked for.
		 */
		private Duration refreshBeforeExpiry = Duration.ofMinutes(5);

		/**
		 * How long one request for a token may take.
		 */
		private Duration requestTimeout = Duration.ofSeconds(15);

		/**
		 * Time over which the re-authentication of many connections is spread.
		 */
		private Duration reauthenticationSpread = Duration.ofSeconds(5);

		public String getScope() {
			return this.scope;
		}

		public void setScope(String scope) {
			this.scope = scope;
		}

		public Duration getRefreshBeforeExpiry() {
			return this.refreshBeforeExpiry;
		}

		public void setRefreshBeforeExpiry(Duration refreshBeforeExpiry) {
			this.refreshBeforeExpiry = refreshBeforeExpiry;
		}

		public Duration getRequestTimeout() {
			return this.requestTimeout;
		}

		public void setRequestTimeout(Duration requestTimeout) {
			this.requestTimeout = requestTimeout;
		}

		public Duration getReauthenticationSpread() {
			return this.reauthenticationSpread;
		}

		public void setReauthenticationSpread(Duration reauthenticationSpread) {
			this.reauthenticationSpread = reauthenticationSpread;
		}

	}

	/**
	 * Credential for Redis alone.
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
		 * Whether to use a managed identity: the user-assigned one that has the client
		 * id, or else the system-assigned one.
		 */
		private boolean managedIdentityEnabled = false;

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

		public boolean isManagedIdentityEnabled() {
			return this.managedIdentityEnabled;
		}

		public void setManagedIdentityEnabled(boolean managedIdentityEnabled) {
			this.managedIdentityEnabled = managedIdentityEnabled;
		}

	}

	/**
	 * Maintenance that Azure Cache for Redis announces.
	 */
	public static class MaintenanceEvents {

		/**
		 * Whether to subscribe to the maintenance events of Azure Cache for Redis and
		 * publish them to the application. Azure Managed Redis has none.
		 */
		private boolean enabled = false;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * Local stand-in for the Azure service.
	 */
	public static class Emulator {

		/**
		 * Whether to start the emulator and connect to it, whatever the host is.
		 */
		private boolean enabled = false;

		/**
		 * Lifetime of the tokens that the emulator issues.
		 */
		private Duration tokenLifetime = Duration.ofHours(1);

		/**
		 * Clustering policy of the instance that the emulator stands in for.
		 */
		private AzureRedisClusteringPolicy clusteringPolicy = AzureRedisClusteringPolicy.NONE;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getTokenLifetime() {
			return this.tokenLifetime;
		}

		public void setTokenLifetime(Duration tokenLifetime) {
			this.tokenLifetime = tokenLifetime;
		}

		public AzureRedisClusteringPolicy getClusteringPolicy() {
			return this.clusteringPolicy;
		}

		public void setClusteringPolicy(AzureRedisClusteringPolicy clusteringPolicy) {
			this.clusteringPolicy = clusteringPolicy;
		}

	}

}
