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

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties.ClientType;
import org.springframework.core.NativeDetector;
import org.springframework.core.env.Environment;
import org.springframework.lang.Contract;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Finds what would not work, all of it at once, before anything is connected.
 */
class AzureRedisConfigurationChecks {

	static final Problem UNSUPPORTED_CLIENT = new Problem("spring.data.redis.client-type",
			"'spring.data.redis.client-type' is jedis, which cannot renew Microsoft Entra ID tokens.",
			"Remove 'spring.data.redis.client-type' to use Lettuce, or set 'azure.redis.enabled' to false.");

	private static final String EMULATOR_CLASS = "io.github.azureredis.emulator.AzureRedisEmulator";

	private static final String PASSWORDLESS_PROPERTY = "spring.data.redis.azure.passwordless-enabled";

	private final AzureRedisProperties properties;

	private final DataRedisProperties dataRedisProperties;

	private final Environment environment;

	private final @Nullable ClassLoader classLoader;

	private final List<Problem> problems = new ArrayList<>();

	AzureRedisConfigurationChecks(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			Environment environment, @Nullable ClassLoader classLoader) {
		this.properties = properties;
		this.dataRedisProperties = dataRedisProperties;
		this.environment = environment;
		this.classLoader = classLoader;
	}

	/**
	 * Check everything that can be known before there is an endpoint. There is none to
	 * make from the properties where the emulator runs.
	 */
	void checkProperties() {
		checkEnabled();
		checkEmulator();
		checkHost();
		checkPort();
		checkTheRest();
		throwProblems();
	}

	/**
	 * Check everything that is not about where the endpoint is.
	 * @param endpoint the endpoint
	 */
	void checkWithEndpoint(AzureRedisEndpoint endpoint) {
		checkEnabled();
		checkPlaintext(endpoint);
		checkDatabase(endpoint);
		checkTheRest();
		throwProblems();
	}

	private void checkTheRest() {
		checkAccessKey();
		checkCredential();
		checkDurations();
		checkSpringDataRedis();
		checkSpringCloudAzure();
	}

	private void throwProblems() {
		if (!this.problems.isEmpty()) {
			throw new AzureRedisConfigurationException(this.problems);
		}
	}

	private void checkEnabled() {
		// The condition may have been evaluated when the application was built.
		if (!this.properties.isEnabled()) {
			add("azure.redis.enabled",
					"'azure.redis.enabled' is false, but the application was processed ahead of time to connect to Azure"
							+ " Redis.",
					"Remove it, or set it to false also when the application is processed ahead of time.");
		}
	}

	private void checkEmulator() {
		if (!this.properties.getEmulator().isEnabled()) {
			return;
		}
		// A native image does not have the classes that it has no use for.
		if (!NativeDetector.inNativeImage() && !ClassUtils.isPresent(EMULATOR_CLASS, this.classLoader)) {
			add("azure.redis.emulator.enabled",
					"'azure.redis.emulator.enabled' is true, but the emulator is not on the class path.",
					"Add the dependency io.github.azureredis:azure-redis-emulator, or set"
							+ " 'azure.redis.emulator.enabled' to false.");
		}
		else {
			add("azure.redis.emulator.enabled",
					"'azure.redis.emulator.enabled' is true, but the emulator's auto-configuration has not run, so the"
							+ " application would connect to 'azure.redis.host'.",
					"Do not exclude AzureRedisEmulatorAutoConfiguration, and set 'azure.redis.emulator.enabled' also when"
							+ " the application is processed ahead of time. To connect to 'azure.redis.host', set it to"
							+ " false.");
		}
	}

	private void checkHost() {
		String host = this.properties.getHost();
		if (StringUtils.hasText(host)) {
			Problem problem = new AzureRedisHostName(host).problem();
			if (problem != null) {
				this.problems.add(problem);
			}
		}
		else if (this.problems.isEmpty()) {
			add(AzureRedisHostName.PROPERTY, "'azure.redis.host' is not set, so there is no Redis to connect to.",
					"Set 'azure.redis.host' to the host name of the Azure Redis instance, or 'azure.redis.enabled' to"
							+ " false to connect as 'spring.data.redis' says.");
		}
	}

	private void checkPort() {
		Integer port = this.properties.getPort();
		if (port != null && (port < 1 || port > 65535)) {
			add("azure.redis.port", "'azure.redis.port' is " + port + ", which is not a port.",
					"Set 'azure.redis.port' to a number from 1 to 65535, or remove it to have it follow from the host"
							+ " name.");
		}
		String host = this.properties.getHost();
		if (port == null && StringUtils.hasText(host) && new AzureRedisHostName(host).problem() == null
				&& AzureRedisOffering.ofHost(host).defaultPort() == null) {
			add("azure.redis.port",
					"'azure.redis.host' is '" + host + "', which does not end like the host name of an Azure Redis"
							+ " instance and so does not tell its port.",
					"Set 'azure.redis.port': Azure Managed Redis listens on 10000, Azure Cache for Redis on 6380.");
		}
	}

	private void checkPlaintext(AzureRedisEndpoint endpoint) {
		if (!endpoint.sslEnabled() && !isSet(this.properties.getAccessKey()) && !endpoint.isLoopback()) {
			add("azure.redis.ssl.enabled",
					"'azure.redis.ssl.enabled' is false, which would send Microsoft Entra ID tokens to '"
							+ endpoint.host() + "' unencrypted.",
					"Remove 'azure.redis.ssl.enabled'. Azure accepts tokens over TLS only.");
		}
	}

	private void checkDatabase(AzureRedisEndpoint endpoint) {
		int database = this.properties.getDatabase();
		if (database < 0) {
			add("azure.redis.database", "'azure.redis.database' is " + database + ", which is not a database index.",
					"Set 'azure.redis.database' to 0 or more.");
		}
		if (database > 0 && endpoint.offering() == AzureRedisOffering.MANAGED_REDIS) {
			add("azure.redis.database",
					"'azure.redis.database' is " + database + ", but Azure Managed Redis has only database 0.",
					"Remove 'azure.redis.database'.");
		}
	}

	private void checkAccessKey() {
		if (isSet(this.properties.getAccessKey()) && !credentialProperties().isEmpty()) {
			add("azure.redis.access-key",
					"Both 'azure.redis.access-key' and " + names(credentialProperties()) + " are set.",
					"Remove 'azure.redis.access-key' to authenticate with Microsoft Entra ID, or the others to use the"
							+ " key.");
		}
	}

	private void checkCredential() {
		AzureRedisProperties.Credential credential = this.properties.getCredential();
		List<String> set = credentialProperties();
		boolean secret = isSet(credential.getClientSecret());
		boolean certificate = isSet(credential.getClientCertificatePath());
		if (set.isEmpty()) {
			return;
		}
		if (credential.isManagedIdentityEnabled()) {
			List<String> surplus = new ArrayList<>(set);
			surplus.remove("managed-identity-enabled");
			surplus.remove("client-id");
			if (!surplus.isEmpty()) {
				add("azure.redis.credential.managed-identity-enabled",
						"'azure.redis.credential.managed-identity-enabled' is true, but there is also " + names(surplus)
								+ ", which is for service principals.",
						"Remove one or the other. A managed identity has only 'azure.redis.credential.client-id', and"
								+ " that only if it is user-assigned.");
			}
		}
		else if (secret && certificate) {
			add("azure.redis.credential.client-secret",
					"Both 'azure.redis.credential.client-secret' and 'azure.redis.credential.client-certificate-path'"
							+ " are set.",
					"Remove one of them.");
		}
		else if (!secret && !certificate) {
			add("azure.redis.credential", "Nothing but " + names(set) + " is set, which makes no credential.",
					"Add 'azure.redis.credential.client-secret' or 'client-certificate-path' for a service principal,"
							+ " or set 'azure.redis.credential.managed-identity-enabled' to true for a managed"
							+ " identity.");
		}
		else {
			checkServicePrincipal(credential, secret);
		}
	}

	private void checkServicePrincipal(AzureRedisProperties.Credential credential, boolean secret) {
		List<String> missing = new ArrayList<>();
		if (!isSet(credential.getClientId())) {
			missing.add("client-id");
		}
		if (!isSet(credential.getTenantId())) {
			missing.add("tenant-id");
		}
		if (!missing.isEmpty()) {
			add("azure.redis.credential." + missing.get(0),
					names(List.of(secret ? "client-secret" : "client-certificate-path")) + " is set, but not "
							+ names(missing) + ".",
					"Set " + names(missing) + " of the service principal as well.");
		}
		String certificatePath = credential.getClientCertificatePath();
		if (isSet(certificatePath) && !new File(certificatePath).canRead()) {
			add("azure.redis.credential.client-certificate-path",
					"'azure.redis.credential.client-certificate-path' is '" + certificatePath
							+ "', which is not a file that can be read.",
					"Set it to the path of a PEM or PFX file.");
		}
		if (secret && isSet(credential.getClientCertificatePassword())) {
			add("azure.redis.credential.client-certificate-password",
					"'azure.redis.credential.client-certificate-password' is set without a certificate.",
					"Remove it, or replace 'azure.redis.credential.client-secret' with"
							+ " 'azure.redis.credential.client-certificate-path'.");
		}
	}

	private void checkDurations() {
		AzureRedisProperties.Token token = this.properties.getToken();
		Duration margin = token.getRefreshBeforeExpiry();
		boolean positive = checkPositive("azure.redis.token.refresh-before-expiry", margin);
		if (checkPositive("azure.redis.token.request-timeout", token.getRequestTimeout()) && positive) {
			checkWithinMargin("azure.redis.token.request-timeout", token.getRequestTimeout(), margin);
		}
		if (token.getReauthenticationSpread().isNegative()) {
			add("azure.redis.token.reauthentication-spread", "'azure.redis.token.reauthentication-spread' is "
					+ text(token.getReauthenticationSpread()) + ", which is negative.",
					"Set 'azure.redis.token.reauthentication-spread' to 0 or more.");
		}
		else if (positive) {
			checkWithinMargin("azure.redis.token.reauthentication-spread", token.getReauthenticationSpread(), margin);
		}
	}

	private boolean checkPositive(String property, Duration duration) {
		if (duration.isNegative() || duration.isZero()) {
			add(property, "'" + property + "' is " + text(duration) + ", which is no time to wait.",
					"Set '" + property + "' to a positive duration, or remove it.");
			return false;
		}
		return true;
	}

	private void checkWithinMargin(String property, Duration duration, Duration margin) {
		if (duration.compareTo(margin) >= 0) {
			add(property,
					"'" + property + "' is " + text(duration) + ", but a token ends " + text(margin)
							+ " after the next one is asked for" + " ('azure.redis.token.refresh-before-expiry').",
					"Set '" + property + "' to less than that, or 'azure.redis.token.refresh-before-expiry' to more.");
		}
	}

	private void checkSpringDataRedis() {
		Map<String, @Nullable Object> addresses = new LinkedHashMap<>();
		addresses.put("spring.data.redis.url", this.dataRedisProperties.getUrl());
		addresses.put("spring.data.redis.sentinel", this.dataRedisProperties.getSentinel());
		addresses.put("spring.data.redis.masterreplica", this.dataRedisProperties.getMasterreplica());
		DataRedisProperties.Cluster cluster = this.dataRedisProperties.getCluster();
		addresses.put("spring.data.redis.cluster.nodes", (cluster != null) ? cluster.getNodes() : null);
		addresses.forEach((property, value) -> {
			if (value != null && !"".equals(value)) {
				add(property, "'" + property + "' is set, but where Redis is comes from 'azure.redis.host'.",
						"Remove '" + property + "', or set 'azure.redis.enabled' to false to connect as it says.");
			}
		});
		checkSpringDataRedisDatabase();
		if (this.dataRedisProperties.getClientType() == ClientType.JEDIS) {
			this.problems.add(UNSUPPORTED_CLIENT);
		}
	}

	private void checkSpringDataRedisDatabase() {
		int database = this.properties.getDatabase();
		int otherDatabase = this.dataRedisProperties.getDatabase();
		if (otherDatabase != 0 && otherDatabase != database) {
			add("spring.data.redis.database",
					"'spring.data.redis.database' is " + otherDatabase
							+ ", but the database comes from 'azure.redis.database', which is " + database + ".",
					"Remove 'spring.data.redis.database', and set 'azure.redis.database' to the one to use. Azure Managed"
							+ " Redis has only database 0.");
		}
	}

	private void checkSpringCloudAzure() {
		if ("true".equalsIgnoreCase(this.environment.getProperty(PASSWORDLESS_PROPERTY))) {
			add(PASSWORDLESS_PROPERTY,
					"'" + PASSWORDLESS_PROPERTY
							+ "' is true, so Spring Cloud Azure would set credentials for the same connections.",
					"Remove '" + PASSWORDLESS_PROPERTY + "': 'azure.redis' does without it.");
		}
	}

	private List<String> credentialProperties() {
		AzureRedisProperties.Credential credential = this.properties.getCredential();
		List<String> names = new ArrayList<>();
		Map<String, @Nullable String> values = new LinkedHashMap<>();
		values.put("client-id", credential.getClientId());
		values.put("client-secret", credential.getClientSecret());
		values.put("tenant-id", credential.getTenantId());
		values.put("client-certificate-path", credential.getClientCertificatePath());
		values.put("client-certificate-password", credential.getClientCertificatePassword());
		values.forEach((name, value) -> {
			if (isSet(value)) {
				names.add(name);
			}
		});
		if (credential.isManagedIdentityEnabled()) {
			names.add("managed-identity-enabled");
		}
		return names;
	}

	private static String names(List<String> credentialProperties) {
		return "'azure.redis.credential." + String.join("', 'azure.redis.credential.", credentialProperties) + "'";
	}

	private static String text(Duration duration) {
		long millis = duration.toMillis();
		return (millis % 1000 == 0) ? (millis / 1000) + "s" : millis + "ms";
	}

	@Contract("null -> false")
	private static boolean isSet(@Nullable String value) {
		return StringUtils.hasText(value);
	}

	private void add(String property, String description, String action) {
		this.problems.add(new Problem(property, description, action));
	}

}
