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

package io.github.azureredis.autoconfigure.entra;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.ClientCertificateCredential;
import com.azure.identity.ClientSecretCredential;
import com.azure.identity.DefaultAzureCredential;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.EnvironmentCredential;
import com.azure.identity.ManagedIdentityCredential;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.StubCredential;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link CredentialResolver}.
 */
@ExtendWith(OutputCaptureExtension.class)
class CredentialResolverTests {

	private static final String SPRING_CLOUD_AZURE = "springCloudAzureDefaultCredential";

	private final AzureRedisProperties.Credential properties = new AzureRedisProperties.Credential();

	private EntraAuthority authority = new EntraAuthority(null, null);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@Test
	void whenThereIsNothingThenDefaultAzureCredential() {
		EntraCredential resolved = resolve();
		assertThat(resolved.credential()).isInstanceOf(DefaultAzureCredential.class);
		assertThat(resolved.origin()).isEqualTo("DefaultAzureCredential");
	}

	@Test
	void whenApplicationHasOneCredentialThenIt() {
		register("mine");
		assertResolvesTo("mine");
	}

	@Test
	void whenApplicationHasOnlyThatOfSpringCloudAzureThenIt() {
		register(SPRING_CLOUD_AZURE);
		assertResolvesTo(SPRING_CLOUD_AZURE);
	}

	@Test
	void whenApplicationHasOneBesideThatOfSpringCloudAzureThenItsOwn() {
		register(SPRING_CLOUD_AZURE);
		register("mine");
		assertResolvesTo("mine");
	}

	@Test
	void whenApplicationHasSeveralAndOneIsPrimaryThenThatOne() {
		register("one");
		register("two", (definition) -> definition.setPrimary(true));
		register(SPRING_CLOUD_AZURE);
		assertResolvesTo("two");
	}

	@Test
	void whenApplicationHasSeveralAndNoneIsPrimaryThenFailsAndNamesThem() {
		register(SPRING_CLOUD_AZURE);
		register("one");
		register("two");
		assertThatExceptionOfType(AzureRedisConfigurationException.class).isThrownBy(this::resolve)
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
				assertThat(problem.description()).contains("'" + SPRING_CLOUD_AZURE + "', 'one', 'two'");
				assertThat(problem.action()).contains("'azureRedisTokenCredential'");
			}));
	}

	@Test
	void whenApplicationHasOneForRedisThenItWinsOverEverything() {
		register("primary", (definition) -> definition.setPrimary(true));
		register("azureRedisTokenCredential");
		this.properties.setManagedIdentityEnabled(true);
		assertResolvesTo("azureRedisTokenCredential");
	}

	@Test
	void whenInstanceHasPropertiesOfItsOwnThenTheyWinOverTheOneForRedis() {
		register("azureRedisTokenCredential");
		this.properties.setManagedIdentityEnabled(true);
		EntraCredential resolved = resolve("cache", true);
		assertThat(resolved.credential()).isInstanceOf(ManagedIdentityCredential.class);
		assertThat(resolved.origin()).isEqualTo("azure.redis.instances.cache.credential");
	}

	@Test
	void whenInstanceInheritsPropertiesThenTheOneForRedisWins() {
		register("azureRedisTokenCredential");
		this.properties.setManagedIdentityEnabled(true);
		assertThat(resolve("cache", false).credential()).isSameAs(this.context.getBean("azureRedisTokenCredential"));
	}

	@Test
	void whenInstanceHasPropertiesOfItsOwnThenThatOfItsEmulatorWins() {
		register("cacheAzureRedisEmulatorTokenCredential", this::notDefaultCandidate);
		this.properties.setManagedIdentityEnabled(true);
		assertThat(resolve("cache", true).origin()).isEqualTo("the emulator");
	}

	@ParameterizedTest
	@CsvSource({ "true, azure.redis.instances.cache.credential", "false, azure.redis.credential" })
	void whenIdentityIsMissingForInstanceThenNamesThePropertiesThatAreSet(boolean own, String property) {
		this.context.setClassLoader(new FilteredClassLoader(DefaultAzureCredentialBuilder.class));
		this.properties.setManagedIdentityEnabled(true);
		assertThatExceptionOfType(AzureRedisConfigurationException.class).isThrownBy(() -> resolve("cache", own))
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
				assertThat(problem.property()).isEqualTo(property);
				assertThat(problem.description()).startsWith("'" + property + "' is set");
			}));
	}

	@Test
	void whenHostOfInstanceIsInAnotherCloudThenWarningNamesIt(CapturedOutput output) {
		this.authority = new EntraAuthority(null, EntraAuthority.Cloud.AZURE_US_GOVERNMENT);
		register(SPRING_CLOUD_AZURE);
		resolve("cache", false);
		assertThat(output).contains("azure.redis.instances.cache.host is in another cloud");
	}

	@Test
	void whenOneForRedisIsNoDefaultCandidateThenItIsUsedAllTheSame() {
		register("azureRedisTokenCredential", this::notDefaultCandidate);
		assertResolvesTo("azureRedisTokenCredential");
	}

	@Test
	void whenOtherIsNoDefaultCandidateThenItIsLeftAlone() {
		register("other", this::notDefaultCandidate);
		assertThat(resolve().credential()).isInstanceOf(DefaultAzureCredential.class);
	}

	@Test
	void whenOtherIsNoAutowireCandidateThenItIsLeftAlone() {
		register("other", (definition) -> definition.setAutowireCandidate(false));
		assertThat(resolve().credential()).isInstanceOf(DefaultAzureCredential.class);
	}

	@Test
	void whenCredentialIsInParentContextThenIt() {
		TokenCredential credential = registerInParent((definition) -> {
		});
		EntraCredential resolved = resolve();
		assertThat(resolved.credential()).isSameAs(credential);
		assertThat(resolved.origin()).startsWith("a bean of type " + StubCredential.class.getName());
	}

	@Test
	void whenParentsCredentialIsPrimaryThenIt() {
		TokenCredential credential = registerInParent((definition) -> definition.setPrimary(true));
		register(SPRING_CLOUD_AZURE);
		register("one");
		register("two");
		assertThat(resolve().credential()).isSameAs(credential);
	}

	@Test
	void whenParentsCredentialIsFallbackThenOneOfTheContext() {
		registerInParent((definition) -> definition.setFallback(true));
		register(SPRING_CLOUD_AZURE);
		register("one");
		assertResolvesTo("one");
	}

	@Test
	void whenOthersAreFallbackThenTheOneThatIsNot() {
		register("one");
		register("two", (definition) -> definition.setFallback(true));
		assertResolvesTo("one");
	}

	@Test
	void whenOthersAreFallbackOrThatOfSpringCloudAzureThenTheOneThatIsNot() {
		register(SPRING_CLOUD_AZURE);
		register("one");
		register("two", (definition) -> definition.setFallback(true));
		assertResolvesTo("one");
	}

	@Test
	void whenApplicationHasOnlyFallbackBesideThatOfSpringCloudAzureThenThatOfSpringCloudAzure() {
		register(SPRING_CLOUD_AZURE);
		register("fallback", (definition) -> definition.setFallback(true));
		assertResolvesTo(SPRING_CLOUD_AZURE);
	}

	@Test
	void whenApplicationHasOneWithoutBeanDefinitionThenIt() {
		register(SPRING_CLOUD_AZURE);
		this.context.getBeanFactory().registerSingleton("singleton", mock(TokenCredential.class));
		assertResolvesTo("singleton");
	}

	@Test
	void whenSeveralArePrimaryThenFailsAndNamesThem() {
		register("one", (definition) -> definition.setPrimary(true));
		register("two", (definition) -> definition.setPrimary(true));
		assertThatExceptionOfType(AzureRedisConfigurationException.class).isThrownBy(this::resolve)
			.withMessageContaining("'one', 'two'");
	}

	@Test
	void whenCredentialIsThatOfTheEmulatorThenItWinsOverEverything() {
		register("azureRedisTokenCredential");
		register("azureRedisEmulatorTokenCredential", this::notDefaultCandidate);
		assertThat(resolve().origin()).isEqualTo("the emulator");
	}

	@Test
	void whenPropertiesAreSetThenTheyWinOverTheApplicationsCredential() {
		register("primary", (definition) -> definition.setPrimary(true));
		this.properties.setManagedIdentityEnabled(true);
		EntraCredential resolved = resolve();
		assertThat(resolved.credential()).isInstanceOf(ManagedIdentityCredential.class);
		assertThat(resolved.origin()).isEqualTo("azure.redis.credential");
	}

	@Test
	void whenManagedIdentityHasClientIdThenItIsUserAssigned() {
		this.properties.setManagedIdentityEnabled(true);
		this.properties.setClientId("client");
		assertThat(resolve().credential()).isInstanceOfSatisfying(ManagedIdentityCredential.class,
				(credential) -> assertThat(credential.getClientId()).isEqualTo("client"));
	}

	@ParameterizedTest
	@NullAndEmptySource
	void whenManagedIdentityHasNoClientIdThenItIsSystemAssigned(String clientId) {
		this.properties.setManagedIdentityEnabled(true);
		this.properties.setClientId(clientId);
		assertThat(resolve().credential()).isInstanceOfSatisfying(ManagedIdentityCredential.class,
				(credential) -> assertThat(credential.getClientId()).isNull());
	}

	@Test
	void whenServicePrincipalHasSecretThenClientSecretCredential() {
		this.properties.setClientId("client");
		this.properties.setTenantId("tenant");
		this.properties.setClientSecret("secret");
		assertThat(resolve().credential()).isInstanceOf(ClientSecretCredential.class)
			.extracting("identityClient")
			.hasFieldOrPropertyWithValue("clientId", "client")
			.hasFieldOrPropertyWithValue("tenantId", "tenant")
			.hasFieldOrPropertyWithValue("clientSecret", "secret");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			client.pem,
			client.pfx,
			client.pfx, password
			""")
	void whenServicePrincipalHasCertificateThenClientCertificateCredential(String path, String password) {
		this.properties.setClientId("client");
		this.properties.setTenantId("tenant");
		this.properties.setClientCertificatePath(path);
		this.properties.setClientCertificatePassword(password);
		assertThat(resolve().credential()).isInstanceOf(ClientCertificateCredential.class)
			.extracting("identityClient")
			.hasFieldOrPropertyWithValue("clientId", "client")
			.hasFieldOrPropertyWithValue("tenantId", "tenant")
			.hasFieldOrPropertyWithValue("certificatePath", path)
			.hasFieldOrPropertyWithValue("certificatePassword", password);
	}

	@Test
	void whenIdentityIsMissingAndThereIsNothingThenSaysWhatToAdd() {
		this.context.setClassLoader(new FilteredClassLoader(DefaultAzureCredentialBuilder.class));
		assertThatExceptionOfType(AzureRedisConfigurationException.class).isThrownBy(this::resolve)
			.satisfies((ex) -> assertThat(ex.getProblems().get(0).action()).contains("com.azure:azure-identity",
					"'azureRedisTokenCredential'"));
	}

	@Test
	void whenIdentityIsMissingAndPropertiesAreSetThenSaysWhatToAdd() {
		this.context.setClassLoader(new FilteredClassLoader(DefaultAzureCredentialBuilder.class));
		this.properties.setManagedIdentityEnabled(true);
		assertThatExceptionOfType(AzureRedisConfigurationException.class).isThrownBy(this::resolve)
			.satisfies((ex) -> assertThat(ex.getProblems().get(0).description())
				.contains("'azure.redis.credential' is set, but azure-identity is not on the class path"));
	}

	@Test
	void whenIdentityIsMissingAndApplicationHasCredentialThenIt() {
		this.context.setClassLoader(new FilteredClassLoader("com.azure.identity", "com.azure.spring"));
		register("mine");
		assertResolvesTo("mine");
	}

	@Test
	void whenAuthorityIsKnownThenDefaultAzureCredentialAsksIt() {
		this.authority = new EntraAuthority("https://login.microsoftonline.us/", null);
		assertThat(resolve().credential()).extracting("credentials", InstanceOfAssertFactories.list(Object.class))
			.filteredOn(EnvironmentCredential.class::isInstance)
			.extracting("identityClientOptions.authorityHost")
			.containsExactly("https://login.microsoftonline.us/");
	}

	@ParameterizedTest
	@CsvSource({ "secret,", ", client.pem" })
	void whenAuthorityIsKnownThenServicePrincipalAsksIt(String secret, String certificatePath) {
		this.authority = new EntraAuthority(null, EntraAuthority.Cloud.AZURE_CHINA);
		this.properties.setClientId("client");
		this.properties.setTenantId("tenant");
		this.properties.setClientSecret(secret);
		this.properties.setClientCertificatePath(certificatePath);
		assertThat(resolve().credential()).extracting("identityClient.options.authorityHost")
			.isEqualTo("https://login.chinacloudapi.cn/");
	}

	@Test
	void whenHostIsInAnotherCloudThanThatOfSpringCloudAzureThenWarns(CapturedOutput output) {
		this.authority = new EntraAuthority(null, EntraAuthority.Cloud.AZURE_US_GOVERNMENT);
		register(SPRING_CLOUD_AZURE);
		assertResolvesTo(SPRING_CLOUD_AZURE);
		assertThat(output).contains("Set spring.cloud.azure.profile.cloud-type to azure_us_government");
	}

	@Test
	void whenCloudOfSpringCloudAzureIsConfiguredThenDoesNotWarn(CapturedOutput output) {
		this.authority = new EntraAuthority("https://login.microsoftonline.us/",
				EntraAuthority.Cloud.AZURE_US_GOVERNMENT);
		register(SPRING_CLOUD_AZURE);
		assertResolvesTo(SPRING_CLOUD_AZURE);
		assertThat(output).doesNotContain("cloud-type");
	}

	@Test
	void whenHostIsInAnotherCloudAndCredentialIsTheApplicationsThenDoesNotWarn(CapturedOutput output) {
		this.authority = new EntraAuthority(null, EntraAuthority.Cloud.AZURE_US_GOVERNMENT);
		register(SPRING_CLOUD_AZURE);
		register("mine");
		assertResolvesTo("mine");
		assertThat(output).doesNotContain("cloud-type");
	}

	private void register(String name) {
		register(name, (definition) -> {
		});
	}

	private void register(String name, BeanDefinitionCustomizer customizer) {
		this.context.registerBean(name, TokenCredential.class, () -> mock(TokenCredential.class), customizer);
	}

	private TokenCredential registerInParent(BeanDefinitionCustomizer customizer) {
		AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext();
		StubCredential credential = new StubCredential();
		parent.registerBean("parents", TokenCredential.class, () -> credential, customizer);
		parent.refresh();
		this.context.setParent(parent);
		return credential;
	}

	private void notDefaultCandidate(BeanDefinition definition) {
		((AbstractBeanDefinition) definition).setDefaultCandidate(false);
	}

	private void assertResolvesTo(String name) {
		EntraCredential resolved = resolve();
		assertThat(resolved.credential()).isSameAs(this.context.getBean(name));
		assertThat(resolved.origin()).isEqualTo("bean '" + name + "'");
	}

	private EntraCredential resolve() {
		return resolve(null, false);
	}

	private EntraCredential resolve(String instance, boolean ownProperties) {
		if (!this.context.isActive()) {
			this.context.registerBean(InjectedCredentials.class);
			this.context.refresh();
		}
		return new CredentialResolver(this.properties, this.authority, instance, ownProperties,
				this.context.getBean(InjectedCredentials.class).provider(), this.context.getBeanFactory())
			.resolve();
	}

	/**
	 * What the auto-configuration has injected.
	 *
	 * @param provider the provider
	 */
	record InjectedCredentials(ObjectProvider<TokenCredential> provider) {

	}

}
