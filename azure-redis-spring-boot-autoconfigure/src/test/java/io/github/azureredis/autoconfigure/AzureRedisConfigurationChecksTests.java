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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link AzureRedisConfigurationChecks}.
 */
class AzureRedisConfigurationChecksTests {

	private static final String HOST = "azure.redis.host=my-cache.westeurope.redis.azure.net";

	private static final String MANAGED_IDENTITY = "azure.redis.credential.managed-identity-enabled=true";

	private static final String CLIENT_ID = "azure.redis.credential.client-id=client";

	private static final String CLIENT_SECRET = "azure.redis.credential.client-secret=secret";

	private static final String TENANT_ID = "azure.redis.credential.tenant-id=tenant";

	private final MockEnvironment environment = new MockEnvironment();

	private ClassLoader classLoader = getClass().getClassLoader();

	@Test
	void whenOnlyHostIsSetThenNoProblem() {
		assertNoProblems(HOST);
	}

	@Test
	void whenHostIsNotSetThenSaysSo() {
		assertThat(problem()).isEqualTo(new Problem("azure.redis.host",
				"'azure.redis.host' is not set, so there is no Redis to connect to.",
				"Set 'azure.redis.host' to the host name of the Azure Redis instance, or 'azure.redis.enabled' to"
						+ " false to connect as 'spring.data.redis' says."));
	}

	@Test
	void whenHostIsEmptyThenItIsNotSet() {
		assertThat(problem("azure.redis.host=").description()).contains("is not set");
	}

	@Test
	void whenDisabledAfterProcessingAheadOfTimeThenSaysSoAndAsksForNoHost() {
		Problem problem = problem("azure.redis.enabled=false");
		assertThat(problem.property()).isEqualTo("azure.redis.enabled");
		assertThat(problem.description()).contains("is false", "ahead of time");
	}

	@Test
	void whenHostIsUrlThenSaysSo() {
		assertThat(problem("azure.redis.host=rediss://my.redis.azure.net").description()).contains("a scheme");
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 65536 })
	void whenPortIsOutOfRangeThenSaysSo(int port) {
		assertThat(problem(HOST, "azure.redis.port=" + port).description())
			.isEqualTo("'azure.redis.port' must be between 1 and 65535 but is " + port + ".");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 65535 })
	void whenPortIsInRangeThenNoProblem(int port) {
		assertNoProblems(HOST, "azure.redis.port=" + port);
	}

	@Test
	void whenHostDoesNotTellPortThenSaysSo() {
		Problem problem = problem("azure.redis.host=redis.internal");
		assertThat(problem.property()).isEqualTo("azure.redis.port");
		assertThat(problem.description()).startsWith("'azure.redis.host' is 'redis.internal'");
		assertThat(problem.action()).contains("10000", "6380");
	}

	@Test
	void whenHostDoesNotTellPortAndPortIsSetThenNoProblem() {
		assertNoProblems("azure.redis.host=redis.internal", "azure.redis.port=10000");
	}

	@Test
	void whenSeveralThingsAreWrongThenTellsAllOfThem() {
		assertThat(problems("azure.redis.port=0", "azure.redis.token.request-timeout=0",
				"spring.data.redis.url=redis://localhost"))
			.extracting(Problem::property)
			.containsExactlyInAnyOrder("azure.redis.host", "azure.redis.port", "azure.redis.token.request-timeout",
					"spring.data.redis.url");
	}

	@Test
	void whenEmulatorIsEnabledAndMissingThenNamesTheDependency() {
		this.classLoader = new FilteredClassLoader(AzureRedisEmulator.class);
		Problem problem = problem("azure.redis.emulator.enabled=true");
		assertThat(problem.property()).isEqualTo("azure.redis.emulator.enabled");
		assertThat(problem.action()).contains("io.github.azureredis:azure-redis-emulator");
	}

	@Test
	void whenEmulatorIsEnabledAndThereButHasNotMadeTheEndpointThenSaysHow() {
		Problem problem = problem(HOST, "azure.redis.emulator.enabled=true");
		assertThat(problem.property()).isEqualTo("azure.redis.emulator.enabled");
		assertThat(problem.description()).contains("has not run", "'azure.redis.host'");
		assertThat(problem.action()).contains("AzureRedisEmulatorAutoConfiguration", "ahead of time");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			spring.data.redis.url=rediss://:secret@localhost, spring.data.redis.url
			spring.data.redis.cluster.nodes=localhost:1,      spring.data.redis.cluster.nodes
			spring.data.redis.sentinel.master=m,              spring.data.redis.sentinel
			spring.data.redis.masterreplica.nodes=host:1,     spring.data.redis.masterreplica
			spring.data.redis.database=3,                     spring.data.redis.database
			spring.data.redis.client-type=jedis,              spring.data.redis.client-type
			spring.data.redis.azure.passwordless-enabled=true, spring.data.redis.azure.passwordless-enabled
			""")
	void whenOtherSettingContradictsThenSaysSo(String setting, String property) {
		Problem problem = problem(HOST, setting);
		assertThat(problem.property()).isEqualTo(property);
		assertThat(problem.description()).startsWith("'" + property + "' is ").doesNotContain("secret");
		assertThat(problem.action()).startsWith("Remove '" + property + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.data.redis.url=", "spring.data.redis.host=localhost",
			"spring.data.redis.cluster.max-redirects=3", "spring.data.redis.client-type=lettuce",
			"spring.data.redis.azure.passwordless-enabled=false", "spring.data.redis.database=0" })
	void whenOtherSettingDoesNotContradictThenNoProblem(String setting) {
		assertNoProblems(HOST, setting);
	}

	@Test
	void whenDatabasesDifferThenNamesBothProperties() {
		Problem problem = problem("azure.redis.host=my-cache.redis.cache.windows.net", "azure.redis.database=2",
				"spring.data.redis.database=3");
		assertThat(problem.description())
			.isEqualTo("'spring.data.redis.database' is 3, but the database comes from 'azure.redis.database', which"
					+ " is 2.");
		assertThat(problem.action()).contains("'spring.data.redis.database'", "'azure.redis.database'");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 3 })
	void whenDatabasesDoNotContradictThenNoProblem(int database) {
		assertNoProblems("azure.redis.host=my-cache.redis.cache.windows.net", "azure.redis.database=3",
				"spring.data.redis.database=" + database);
	}

	@ParameterizedTest
	@CsvSource(
			textBlock = """
					azure.redis.token.refresh-before-expiry=0s,    azure.redis.token.refresh-before-expiry,   must be positive but is 0s.
					azure.redis.token.refresh-before-expiry=-5ms,  azure.redis.token.refresh-before-expiry,   must be positive but is -5ms.
					azure.redis.token.request-timeout=0s,          azure.redis.token.request-timeout,         must be positive but is 0s.
					azure.redis.token.request-timeout=5m,          azure.redis.token.request-timeout,         'must be less than ''azure.redis.token.refresh-before-expiry'', which is 300s, but is 300s.'
					azure.redis.token.reauthentication-spread=-1s, azure.redis.token.reauthentication-spread, must not be negative but is -1s.
					azure.redis.token.reauthentication-spread=5m,  azure.redis.token.reauthentication-spread, 'must be less than ''azure.redis.token.refresh-before-expiry'', which is 300s, but is 300s.'
					""")
	void whenDurationMakesNoSenseThenSaysSo(String setting, String property, String rule) {
		Problem problem = problem(HOST, setting);
		assertThat(problem.property()).isEqualTo(property);
		assertThat(problem.description()).isEqualTo("'" + property + "' " + rule);
		assertThat(problem.action()).startsWith("Set '" + property + "'");
	}

	@Test
	void whenSpreadIsZeroThenNoProblem() {
		assertNoProblems(HOST, "azure.redis.token.reauthentication-spread=0");
	}

	@Test
	void whenAccessKeyAndCredentialAreSetThenSaysSo() {
		Problem problem = problem(HOST, "azure.redis.access-key=secret", MANAGED_IDENTITY);
		assertThat(problem.property()).isEqualTo("azure.redis.access-key");
		assertThat(problem.description())
			.isEqualTo("Both 'azure.redis.access-key' and 'azure.redis.credential.managed-identity-enabled' are set.");
	}

	@Test
	void whenAccessKeyIsEmptyThenItIsNotSet() {
		assertNoProblems(HOST, "azure.redis.access-key=", MANAGED_IDENTITY);
	}

	@Test
	void whenManagedIdentityThenNoProblem() {
		assertNoProblems(HOST, MANAGED_IDENTITY);
	}

	@Test
	void whenManagedIdentityHasClientIdThenNoProblem() {
		assertNoProblems(HOST, MANAGED_IDENTITY, CLIENT_ID);
	}

	@Test
	void whenManagedIdentityHasSecretThenSaysSo() {
		assertThat(problem(HOST, MANAGED_IDENTITY, CLIENT_ID, CLIENT_SECRET).description())
			.contains("'azure.redis.credential.client-secret', which is for service principals");
	}

	@Test
	void whenServicePrincipalHasSecretThenNoProblem() {
		assertNoProblems(HOST, CLIENT_ID, CLIENT_SECRET, TENANT_ID);
	}

	@Test
	void whenServicePrincipalHasNoTenantThenSaysSo() {
		Problem problem = problem(HOST, CLIENT_ID, CLIENT_SECRET);
		assertThat(problem.property()).isEqualTo("azure.redis.credential.tenant-id");
		assertThat(problem.description())
			.isEqualTo("'azure.redis.credential.client-secret' is set, but not 'azure.redis.credential.tenant-id'.");
	}

	@Test
	void whenServicePrincipalHasNoClientIdThenSaysSo() {
		assertThat(problem(HOST, CLIENT_SECRET, TENANT_ID).property()).isEqualTo("azure.redis.credential.client-id");
	}

	@Test
	void whenServicePrincipalHasNeitherSecretNorCertificateThenSaysSo() {
		Problem problem = problem(HOST, CLIENT_ID, TENANT_ID);
		assertThat(problem.description()).contains("'azure.redis.credential.client-id'",
				"'azure.redis.credential.tenant-id'");
		assertThat(problem.action()).contains("client-secret", "client-certificate-path", "managed-identity-enabled");
	}

	@Test
	void whenServicePrincipalHasSecretAndCertificateThenSaysSo() {
		assertThat(problem(HOST, CLIENT_ID, TENANT_ID, CLIENT_SECRET,
				"azure.redis.credential.client-certificate-path=client.pem")
			.description()).contains("client-secret", "client-certificate-path");
	}

	@Test
	void whenServicePrincipalHasCertificateThenNoProblem(@TempDir Path directory) throws IOException {
		Path certificate = Files.createFile(directory.resolve("client.pem"));
		assertNoProblems(HOST, CLIENT_ID, TENANT_ID, "azure.redis.credential.client-certificate-path=" + certificate);
	}

	@Test
	void whenCertificateCannotBeReadThenSaysSo() {
		assertThat(problem(HOST, CLIENT_ID, TENANT_ID, "azure.redis.credential.client-certificate-path=no/such.pem")
			.description())
			.isEqualTo("'azure.redis.credential.client-certificate-path' must be a readable file but is"
					+ " 'no/such.pem'.");
	}

	@Test
	void whenCertificatePasswordHasNoCertificateThenSaysSo() {
		assertThat(problem(HOST, CLIENT_ID, TENANT_ID, CLIENT_SECRET,
				"azure.redis.credential.client-certificate-password=secret")
			.property()).isEqualTo("azure.redis.credential.client-certificate-password");
	}

	@Test
	void whenSecretsAreSetThenNoProblemShowsThem() {
		assertThat(problems(HOST, "azure.redis.access-key=my-secret", MANAGED_IDENTITY,
				"azure.redis.credential.client-secret=my-secret",
				"azure.redis.credential.client-certificate-password=my-secret"))
			.isNotEmpty()
			.asString()
			.doesNotContain("my-secret");
	}

	@Test
	void whenTlsIsOffWithTokensThenSaysSo() {
		Problem problem = problemWith(endpoint("my-cache.westeurope.redis.azure.net", false));
		assertThat(problem.property()).isEqualTo("azure.redis.ssl.enabled");
		assertThat(problem.description()).contains("'my-cache.westeurope.redis.azure.net'", "unencrypted");
	}

	@Test
	void whenTlsIsOffWithTokensForLoopbackThenNoProblem() {
		assertThatNoException().isThrownBy(() -> checks().check(endpoint("127.0.0.1", false)));
	}

	@Test
	void whenTlsIsOffWithAccessKeyThenNoProblem() {
		assertThatNoException().isThrownBy(() -> checks("azure.redis.access-key=secret")
			.check(endpoint("my-cache.westeurope.redis.azure.net", false)));
	}

	@Test
	void whenDatabaseIsSetForManagedRedisThenSaysSo() {
		Problem problem = problemWith(endpoint("my-cache.westeurope.redis.azure.net", true), "azure.redis.database=3");
		assertThat(problem.description())
			.isEqualTo("'azure.redis.database' is 3, but Azure Managed Redis has only database 0.");
	}

	@Test
	void whenDatabaseIsSetForCacheForRedisThenNoProblem() {
		assertThatNoException().isThrownBy(
				() -> checks("azure.redis.database=3").check(endpoint("my-cache.redis.cache.windows.net", true)));
	}

	@Test
	void whenDatabaseIsNegativeThenSaysSo() {
		assertThat(problemWith(endpoint("my-cache.redis.cache.windows.net", true), "azure.redis.database=-1")
			.description()).isEqualTo("'azure.redis.database' must not be negative but is -1.");
	}

	@Test
	void whenEndpointComesFromElsewhereThenOtherSettingsAreCheckedAllTheSame() {
		assertThat(problemWith(endpoint("localhost", true), "spring.data.redis.url=redis://localhost").property())
			.isEqualTo("spring.data.redis.url");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			localhost,             true
			LOCALHOST,             true
			127.0.0.1,             true
			127.255.1.9,           true
			::1,                   true
			127.example.com,       false
			128.0.0.1,             false
			localhost.example.com, false
			my.redis.azure.net,    false
			""")
	void whenTlsIsOffWithTokensThenOnlyLoopbackIsNoProblem(String host, boolean loopback) {
		List<Problem> problems = InstanceChecks.check(new AzureRedisProperties(),
				AzureRedisInstance.of(host, 6379, AzureRedisOffering.UNKNOWN, null));
		assertThat(problems.isEmpty()).isEqualTo(loopback);
	}

	private AzureRedisInstance endpoint(String host, boolean sslEnabled) {
		return AzureRedisInstance.of(host, 10000, AzureRedisOffering.ofHost(host),
				sslEnabled ? SslBundle.systemDefault() : null);
	}

	private Problem problem(String... settings) {
		List<Problem> problems = problems(settings);
		assertThat(problems).hasSize(1);
		return problems.get(0);
	}

	private Problem problemWith(AzureRedisInstance endpoint, String... settings) {
		List<Problem> problems = problemsOf(() -> checks(settings).check(endpoint));
		assertThat(problems).hasSize(1);
		return problems.get(0);
	}

	private List<Problem> problems(String... settings) {
		return problemsOf(() -> checks(settings).check(null));
	}

	private List<Problem> problemsOf(ThrowingCallable check) {
		return assertThatExceptionOfType(AzureRedisConfigurationException.class).isThrownBy(check)
			.actual()
			.getProblems();
	}

	private void assertNoProblems(String... settings) {
		assertThatNoException().isThrownBy(() -> checks(settings).check(null));
	}

	private AzureRedisConfigurationChecks checks(String... settings) {
		TestPropertyValues.of(settings).applyTo(this.environment);
		Binder binder = Binder.get(this.environment);
		return new AzureRedisConfigurationChecks(binder.bindOrCreate("azure.redis", AzureRedisProperties.class),
				binder.bindOrCreate("spring.data.redis", DataRedisProperties.class), this.environment,
				this.classLoader);
	}

}
