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

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Instance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InstanceInheritance}.
 */
class InstanceInheritanceTests {

	private final Map<String, String> environment = new LinkedHashMap<>();

	@ParameterizedTest
	@CsvSource({ "username, username, me, you", "database, database, 1, 2", "access-key, accessKey, one, two",
			"clustering-policy, clusteringPolicy, OSS, NONE", "replay, replay, IDEMPOTENT, NONE",
			"ssl.enabled, ssl.enabled, false, true", "ssl.bundle, ssl.bundle, one, two",
			"token.scope, token.scope, one, two", "token.refresh-before-expiry, token.refreshBeforeExpiry, PT1M, PT2M",
			"token.request-timeout, token.requestTimeout, PT1S, PT2S",
			"token.reauthentication-spread, token.reauthenticationSpread, PT1S, PT2S",
			"credential.client-id, credential.clientId, one, two",
			"credential.client-secret, credential.clientSecret, one, two",
			"credential.tenant-id, credential.tenantId, one, two",
			"credential.client-certificate-path, credential.clientCertificatePath, one, two",
			"credential.client-certificate-password, credential.clientCertificatePassword, one, two",
			"credential.managed-identity-enabled, credential.managedIdentityEnabled, true, false" })
	void whenInstanceDoesNotSetPropertyOfAzureRedisThenItInheritsItElseItHasItsOwn(String name, String path,
			String outer, String own) {
		this.environment.put("azure.redis." + name, outer);
		assertThat(wrap(azureRedis()).getPropertyValue(path)).hasToString(outer);
		this.environment.put("azure.redis.instances.cache." + name, own);
		assertThat(wrap(azureRedis()).getPropertyValue(path)).hasToString(own);
		this.environment.remove("azure.redis." + name);
		assertThat(wrap(azureRedis()).getPropertyValue(path)).hasToString(own);
	}

	@ParameterizedTest
	@CsvSource({ "timeout, timeout, PT1S, PT2S", "connect-timeout, connectTimeout, PT1S, PT2S",
			"client-name, clientName, one, two", "lettuce.read-from, lettuce.readFrom, replica, master",
			"lettuce.pool.enabled, lettuce.pool.enabled, true, false",
			"lettuce.pool.max-idle, lettuce.pool.maxIdle, 3, 4", "lettuce.pool.min-idle, lettuce.pool.minIdle, 3, 4",
			"lettuce.pool.max-active, lettuce.pool.maxActive, 3, 4",
			"lettuce.pool.max-wait, lettuce.pool.maxWait, PT1S, PT2S",
			"lettuce.pool.time-between-eviction-runs, lettuce.pool.timeBetweenEvictionRuns, PT1S, PT2S",
			"lettuce.cluster.refresh.dynamic-refresh-sources, lettuce.cluster.refresh.dynamicRefreshSources, false, true",
			"lettuce.cluster.refresh.period, lettuce.cluster.refresh.period, PT1S, PT2S" })
	void whenInstanceDoesNotSetPropertyOfSpringDataRedisThenItInheritsItElseItHasItsOwn(String name, String path,
			String outer, String own) {
		this.environment.put("spring.data.redis." + name, outer);
		assertThat(wrap(dataRedis()).getPropertyValue(path)).hasToString(outer);
		this.environment.put("azure.redis.instances.cache." + name, own);
		assertThat(wrap(dataRedis()).getPropertyValue(path)).hasToString(own);
		this.environment.remove("spring.data.redis." + name);
		assertThat(wrap(dataRedis()).getPropertyValue(path)).hasToString(own);
	}

	@ParameterizedTest
	@CsvSource({ "lettuce.shutdown-timeout, lettuce.shutdownTimeout, PT1S", "ssl.bundle, ssl.bundle, one",
			"cluster.max-redirects, cluster.maxRedirects, 3" })
	void whenInstanceCannotSetPropertyOfAConnectionThenItInheritsIt(String name, String path, String outer) {
		this.environment.put("spring.data.redis." + name, outer);
		assertThat(wrap(dataRedis()).getPropertyValue(path)).hasToString(outer);
	}

	@Test
	void whenHostAndPortAreSetOutsideThenInstanceDoesNotInheritThem() {
		this.environment.put("azure.redis.host", "outside");
		this.environment.put("azure.redis.port", "1");
		assertThat(azureRedis().getHost()).isNull();
		assertThat(azureRedis().getPort()).isNull();
		this.environment.put("azure.redis.instances.cache.host", "inside");
		this.environment.put("azure.redis.instances.cache.port", "2");
		assertThat(azureRedis().getHost()).isEqualTo("inside");
		assertThat(azureRedis().getPort()).isEqualTo(2);
	}

	@Test
	void whenNothingIsSetThenInstanceHasTheDefaults() {
		assertThat(azureRedis()).usingRecursiveComparison().isEqualTo(new AzureRedisProperties());
		assertThat(dataRedis()).usingRecursiveComparison().isEqualTo(new DataRedisProperties());
	}

	@Test
	void whenInstanceHasAnAccessKeyThenItInheritsNoIdentity() {
		this.environment.put("azure.redis.username", "me");
		this.environment.put("azure.redis.credential.managed-identity-enabled", "true");
		this.environment.put("azure.redis.instances.cache.access-key", "key");
		assertThat(azureRedis().getUsername()).isNull();
		assertThat(azureRedis().getCredential().isManagedIdentityEnabled()).isFalse();
	}

	@Test
	void whenInstanceHasACredentialThenItInheritsNoAccessKey() {
		this.environment.put("azure.redis.username", "me");
		this.environment.put("azure.redis.access-key", "key");
		this.environment.put("azure.redis.instances.cache.credential.managed-identity-enabled", "true");
		assertThat(azureRedis().getUsername()).isNull();
		assertThat(azureRedis().getAccessKey()).isNull();
	}

	@Test
	void whenAccessKeyOfInstanceIsEmptyThenItUsesTokens() {
		this.environment.put("azure.redis.access-key", "key");
		this.environment.put("azure.redis.instances.cache.access-key", "");
		assertThat(azureRedis().getAccessKey()).isEmpty();
	}

	@Test
	void whenInstanceHasACredentialOfAnotherKindThenItInheritsNothingOfTheFirst() {
		this.environment.put("azure.redis.credential.client-id", "outside");
		this.environment.put("azure.redis.credential.tenant-id", "tenant");
		this.environment.put("azure.redis.credential.client-secret", "secret");
		this.environment.put("azure.redis.instances.cache.credential.managed-identity-enabled", "true");
		assertThat(azureRedis().getCredential().getClientId()).isNull();
		assertThat(azureRedis().getCredential().getTenantId()).isNull();
		assertThat(azureRedis().getCredential().getClientSecret()).isNull();
	}

	@Test
	void whenInstanceHasAnotherManagedIdentityThenItSetsTheClientIdAlone() {
		this.environment.put("azure.redis.credential.managed-identity-enabled", "true");
		this.environment.put("azure.redis.instances.cache.credential.client-id", "inside");
		assertThat(azureRedis().getCredential().isManagedIdentityEnabled()).isTrue();
		assertThat(azureRedis().getCredential().getClientId()).isEqualTo("inside");
	}

	@Test
	void whenInstanceHasACertificateThenItInheritsTheRestOfTheServicePrincipal() {
		this.environment.put("azure.redis.credential.client-id", "outside");
		this.environment.put("azure.redis.credential.tenant-id", "tenant");
		this.environment.put("azure.redis.credential.client-secret", "secret");
		this.environment.put("azure.redis.instances.cache.credential.client-certificate-path", "file.pem");
		assertThat(azureRedis().getCredential().getTenantId()).isEqualTo("tenant");
		assertThat(azureRedis().getCredential().getClientId()).isEqualTo("outside");
		assertThat(azureRedis().getCredential().getClientSecret()).isNull();
		assertThat(azureRedis().getCredential().getClientCertificatePath()).isEqualTo("file.pem");
	}

	private AzureRedisProperties azureRedis() {
		return inheritance().azureRedis(instance());
	}

	private DataRedisProperties dataRedis() {
		return inheritance().dataRedis(instance());
	}

	private InstanceInheritance inheritance() {
		return new InstanceInheritance(binder().bindOrCreate("azure.redis", AzureRedisProperties.class),
				binder().bindOrCreate("spring.data.redis", DataRedisProperties.class));
	}

	private Instance instance() {
		return binder().bindOrCreate("azure.redis", AzureRedisInstancesProperties.class)
			.getInstances()
			.getOrDefault("cache", new Instance());
	}

	private Binder binder() {
		return new Binder(new MapConfigurationPropertySource(this.environment));
	}

	private static BeanWrapper wrap(Object bean) {
		return PropertyAccessorFactory.forBeanPropertyAccess(bean);
	}

}
