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

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.github.azureredis.emulator.AzureRedisEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every way to authenticate: applications with the real azure-identity, on the machine
 * that each of them is for, connect to Redis.
 */
@Tag("slow")
@Tag("drill")
class AuthenticationTests {

	private static final String GOVERNMENT_HOST = "my-cache.usgovvirginia.redis.usgovcloudapi.net";

	/** What an exclusion of spring-cloud-azure-starter removes from a class path. */
	private static final Pattern SPRING_CLOUD_AZURE = Pattern
		.compile(".*/(spring-cloud-azure|azure-core-(amqp|management)|nimbus-jose-jwt|(qpid-)?proton-j|spring-web"
				+ "|spring-boot-jackson2|jackson-(datatype-jdk8|module-parameter-names)|jakarta.validation-api)-[^/]*");

	private static final String TENANT = UUID.randomUUID().toString();

	private static final Identity SECRET = Identity.random();

	private static final Identity CERTIFICATE = Identity.random();

	private static final Identity FEDERATED = Identity.random();

	private static final Identity GLOBAL = Identity.random();

	private static AzureRedisEmulator emulator;

	private static EntraStub entra;

	private static TestCertificate clientCertificate;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(Applications.Application.class)
		.withPropertyValues("azure.redis.host=localhost", "azure.redis.port=" + emulator.port(),
				"azure.redis.ssl.bundle=emulator",
				"spring.ssl.bundle.pem.emulator.truststore.certificate=" + emulator.certificateAuthorityPem());

	@BeforeAll
	static void start(@TempDir Path directory) {
		AzureRedisEmulator.Builder builder = AzureRedisEmulator.builder().accessKey("key").hostNames(GOVERNMENT_HOST);
		List.of(SECRET, CERTIFICATE, FEDERATED, GLOBAL)
			.forEach((identity) -> builder.identity(identity.objectId(), identity.clientId()));
		emulator = builder.start();
		entra = new EntraStub(emulator, directory);
		clientCertificate = TestCertificate.create(directory, "client");
		register(SECRET, (form) -> "secret".equals(form.get("client_secret")));
		register(GLOBAL, (form) -> "global".equals(form.get("client_secret")));
		register(FEDERATED, (form) -> "federated".equals(form.get("client_assertion")));
		register(CERTIFICATE, (form) -> isSigned(form.get("client_assertion"), clientCertificate.certificate()));
	}

	@AfterAll
	static void stop() {
		entra.close();
		emulator.close();
	}

	@AfterEach
	void reset() {
		entra.tokenRequests().clear();
	}

	@Test
	void whenItRunsInKubernetesThenWorkloadIdentityAndServicePrincipalsAreUsed(@TempDir Path directory)
			throws IOException {
		Path token = Files.writeString(directory.resolve("token"), "federated");
		Arguments arguments = new Arguments();
		arguments.application("workload");
		arguments.application("secret", secret());
		arguments.application("pem", certificate(clientCertificate.writePem(directory)));
		arguments.application("pfx", certificate(clientCertificate.pfx()))
			.add("azure.redis.credential.client-certificate-password=" + TestCertificate.PASSWORD);
		arguments.application("global", global());
		arguments.application("both", secret()).add(global()).add("ask-bean=true");
		ForkedJvm jvm = jvm(directory).options(entra.proxyOptions())
			.trust(entra.certificateAuthority())
			.environment("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/")
			.environment("AZURE_TENANT_ID", TENANT)
			.environment("AZURE_CLIENT_ID", FEDERATED.clientId())
			.environment("AZURE_FEDERATED_TOKEN_FILE", token.toString())
			.run(Applications.class, arguments.toArray());
		assertThat(jvm.output()).contains("workload is " + FEDERATED.objectId())
			.contains("secret is " + SECRET.objectId())
			.contains("pem is " + CERTIFICATE.objectId())
			.contains("pfx is " + CERTIFICATE.objectId())
			.contains("global is " + GLOBAL.objectId())
			.contains("both is " + SECRET.objectId())
			.contains("both elsewhere is " + GLOBAL.objectId())
			.contains("both has the bean springCloudAzureDefaultCredential");
		assertThat(entra.tokenRequests()).hasSize(7).containsOnly(tokenUrl("login.microsoftonline.us"));
	}

	@Test
	void whenItRunsOnAVirtualMachineThenItsManagedIdentitiesAreUsed(@TempDir Path directory) {
		Arguments arguments = new Arguments();
		arguments.application("system");
		arguments.application("user", userAssigned(SECRET));
		ForkedJvm jvm = jvm(directory)
			.environment("AZURE_POD_IDENTITY_AUTHORITY_HOST", emulator.instanceMetadataEndpoint().toString())
			.run(Applications.class, arguments.toArray());
		assertThat(jvm.output()).contains("system is " + emulator.objectId()).contains("user is " + SECRET.objectId());
	}

	@Test
	void whenItRunsInAnAppServiceThenItsUserAssignedManagedIdentitiesAreUsed(@TempDir Path directory) {
		Arguments arguments = new Arguments();
		arguments.application("user", userAssigned(SECRET));
		arguments.application("global", "spring.cloud.azure.credential.managed-identity-enabled=true",
				"spring.cloud.azure.credential.client-id=" + GLOBAL.clientId());
		ForkedJvm jvm = ForkedJvm.run(directory, emulator, Applications.class, arguments.toArray());
		assertThat(jvm.output()).contains("user is " + SECRET.objectId()).contains("global is " + GLOBAL.objectId());
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void whenSpringCloudAzureIsExcludedThenAzureIdentityIsEnough(@TempDir Path directory) throws IOException {
		Arguments arguments = new Arguments();
		arguments.application("developer");
		arguments.application("public", secret());
		arguments.applicationAt(GOVERNMENT_HOST, "government", secret()).add("azure.redis.clustering-policy=none");
		arguments.application("china", secret()).add("spring.cloud.azure.profile.cloud-type=azure-china");
		Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost " + GOVERNMENT_HOST);
		ForkedJvm jvm = jvm(directory).classPath(SPRING_CLOUD_AZURE.asMatchPredicate().negate())
			.options(entra.proxyOptions())
			.options("-Djdk.net.hosts.file=" + hosts)
			.trust(entra.certificateAuthority())
			.environment("PATH", installCli(directory) + File.pathSeparator + System.getenv("PATH"))
			// No virtual machine of Azure, whatever answers at its address here.
			.environment("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1")
			.run(Applications.class, arguments.toArray());
		assertThat(jvm.output()).doesNotContain("has the bean")
			.contains("developer is " + FEDERATED.objectId())
			.contains("public is " + SECRET.objectId())
			.contains("government is " + SECRET.objectId())
			.contains("china is " + SECRET.objectId());
		assertThat(entra.tokenRequests()).containsExactly(tokenUrl("login.microsoftonline.com"),
				tokenUrl("login.microsoftonline.us"), tokenUrl("login.chinacloudapi.cn"));
	}

	@Test
	void whenApplicationHasACredentialThenItIsUsed() {
		this.contextRunner.withBean("mine", TokenCredential.class, () -> emulator.credential(FEDERATED.objectId()))
			.run((context) -> assertThat(Applications.whoAmI(context.getBean(StringRedisTemplate.class)))
				.isEqualTo(FEDERATED.objectId()));
	}

	@Test
	void whenAccessKeyIsSetThenItIsUsed() {
		this.contextRunner.withPropertyValues("azure.redis.access-key=key")
			.run((context) -> assertThat(Applications.whoAmI(context.getBean(StringRedisTemplate.class)))
				.isEqualTo("default"));
	}

	private static ForkedJvm.Builder jvm(Path directory) {
		return ForkedJvm.builder(directory).trust(emulator.certificateAuthority());
	}

	private static void register(Identity identity, Predicate<Map<String, String>> proof) {
		entra.register(identity.clientId(), identity.objectId(), proof);
	}

	private static String tokenUrl(String host) {
		return "https://" + host + "/" + TENANT + "/oauth2/v2.0/token";
	}

	private static String[] secret() {
		return new String[] { "azure.redis.credential.client-id=" + SECRET.clientId(),
				"azure.redis.credential.client-secret=secret", "azure.redis.credential.tenant-id=" + TENANT };
	}

	private static String[] certificate(Path file) {
		return new String[] { "azure.redis.credential.client-id=" + CERTIFICATE.clientId(),
				"azure.redis.credential.client-certificate-path=" + file,
				"azure.redis.credential.tenant-id=" + TENANT };
	}

	private static String[] global() {
		return new String[] { "spring.cloud.azure.credential.client-id=" + GLOBAL.clientId(),
				"spring.cloud.azure.credential.client-secret=global",
				"spring.cloud.azure.profile.tenant-id=" + TENANT };
	}

	private static String[] userAssigned(Identity identity) {
		return new String[] { "azure.redis.credential.managed-identity-enabled=true",
				"azure.redis.credential.client-id=" + identity.clientId() };
	}

	/**
	 * Installs an Azure CLI that is logged in.
	 * @return the directory that it is in
	 */
	private static Path installCli(Path directory) throws IOException {
		AccessToken token = emulator.credential(FEDERATED.objectId())
			.getTokenSync(new TokenRequestContext().addScopes("https://redis.azure.com/.default"));
		Path cli = Files.writeString(directory.resolve("az"), """
				#!/bin/sh
				[ "$*" = "account get-access-token --output json --resource https://redis.azure.com" ] || exit 1
				echo '{"accessToken": "%s", "expires_on": %d, "tokenType": "Bearer"}'
				""".formatted(token.getToken(), token.getExpiresAt().toEpochSecond()));
		assertThat(cli.toFile().setExecutable(true)).isTrue();
		return directory;
	}

	private static boolean isSigned(String assertion, X509Certificate certificate) {
		try {
			int end = assertion.lastIndexOf('.');
			Signature signature = Signature.getInstance("SHA256withRSA");
			signature.initVerify(certificate);
			signature.update(assertion.substring(0, end).getBytes(StandardCharsets.US_ASCII));
			return signature.verify(Base64.getUrlDecoder().decode(assertion.substring(end + 1)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Identity(String objectId, String clientId) {

		static Identity random() {
			return new Identity(UUID.randomUUID().toString(), UUID.randomUUID().toString());
		}

	}

	/**
	 * The arguments of {@link Applications}.
	 */
	private static final class Arguments {

		private final List<String> arguments = new ArrayList<>();

		Arguments application(String name, String... properties) {
			return applicationAt("localhost", name, properties);
		}

		Arguments applicationAt(String host, String name, String... properties) {
			this.arguments.add(name);
			return add("azure.redis.host=" + host, "azure.redis.port=" + emulator.port()).add(properties);
		}

		Arguments add(String... properties) {
			for (String property : properties) {
				this.arguments.add("--" + property);
			}
			return this;
		}

		String[] toArray() {
			return this.arguments.toArray(String[]::new);
		}

	}

}
