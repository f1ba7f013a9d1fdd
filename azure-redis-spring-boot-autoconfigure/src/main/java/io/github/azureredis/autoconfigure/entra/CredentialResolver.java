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

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.AadCredentialBuilderBase;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.instances.InstanceNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Resolver for the credential that tokens are requested from.
 */
class CredentialResolver {

	private static final String BEAN_NAME = "azureRedisTokenCredential";

	private static final String SPRING_CLOUD_AZURE_BEAN_NAME = "springCloudAzureDefaultCredential";

	private static final String IDENTITY_CLASS = "com.azure.identity.DefaultAzureCredentialBuilder";

	private static final Logger logger = LoggerFactory.getLogger(CredentialResolver.class);

	private final AzureRedisProperties.Credential properties;

	private final EntraAuthority authority;

	private final @Nullable String instance;

	private final boolean ownProperties;

	private final ObjectProvider<TokenCredential> tokenCredentials;

	private final ConfigurableListableBeanFactory beanFactory;

	CredentialResolver(AzureRedisProperties.Credential properties, EntraAuthority authority,
			ObjectProvider<TokenCredential> tokenCredentials, ConfigurableListableBeanFactory beanFactory) {
		this(properties, authority, null, false, tokenCredentials, beanFactory);
	}

	/**
	 * Create a resolver.
	 * @param properties the properties, with those that a named instance inherits
	 * @param authority the authority
	 * @param instance the name of the instance or {@code null} for the default instance
	 * @param ownProperties whether a named instance itself sets any of the properties
	 * @param tokenCredentials the credentials of the application
	 * @param beanFactory the bean factory
	 */
	CredentialResolver(AzureRedisProperties.Credential properties, EntraAuthority authority, @Nullable String instance,
			boolean ownProperties, ObjectProvider<TokenCredential> tokenCredentials,
			ConfigurableListableBeanFactory beanFactory) {
		this.instance = instance;
		this.ownProperties = ownProperties;
		this.properties = properties;
		this.authority = authority;
		this.tokenCredentials = tokenCredentials;
		this.beanFactory = beanFactory;
	}

	EntraCredential resolve() {
		String emulator = (this.instance != null) ? InstanceNames.emulatorCredentialBean(this.instance)
				: AzureRedisAuthentication.EMULATOR_CREDENTIAL_BEAN_NAME;
		if (this.beanFactory.containsBean(emulator)) {
			return new EntraCredential(this.beanFactory.getBean(emulator, TokenCredential.class), "the emulator");
		}
		boolean configured = StringUtils.hasText(this.properties.getClientId())
				|| this.properties.isManagedIdentityEnabled();
		if (this.beanFactory.containsBean(BEAN_NAME) && !(configured && this.ownProperties)) {
			return getBean(BEAN_NAME);
		}
		if (configured) {
			requireIdentity("'" + propertyName() + "' is set");
			return new EntraCredential(IdentityCredentials.create(this.properties, this.authority.url()),
					propertyName(), ConfiguredIdentity.of(this.properties, this.authority.url()));
		}
		EntraCredential application = resolveFromApplication();
		if (application != null) {
			warnAboutOtherCloud(application.credential());
			return application;
		}
		requireIdentity("The application has no TokenCredential bean");
		return new EntraCredential(IdentityCredentials.createDefault(this.authority.url()), "DefaultAzureCredential",
				Optional.ofNullable(this.authority.url()));
	}

	private String propertyName() {
		return this.ownProperties ? ofInstance("azure.redis.credential") : "azure.redis.credential";
	}

	private String ofInstance(String property) {
		return (this.instance != null) ? InstanceNames.inProperties(this.instance, property) : property;
	}

	private EntraCredential getBean(String name) {
		TokenCredential credential = this.beanFactory.getBean(name, TokenCredential.class);
		return new EntraCredential(credential, "bean '" + name + "'");
	}

	private @Nullable EntraCredential resolveFromApplication() {
		try {
			TokenCredential credential = this.tokenCredentials.getIfAvailable();
			return (credential != null) ? new EntraCredential(credential, origin(credential)) : null;
		}
		catch (NoUniqueBeanDefinitionException ex) {
			return getBean(chooseBesideSpringCloudAzure(ex));
		}
	}

	/**
	 * Spring Cloud Azure always adds its own credential, which is no reason to call the
	 * choice unclear.
	 */
	private String chooseBesideSpringCloudAzure(NoUniqueBeanDefinitionException ex) {
		Collection<String> names = ex.getBeanNamesFound();
		if (names == null) {
			names = List
				.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, TokenCredential.class));
		}
		List<String> own = names.stream()
			.filter((name) -> !name.equals(SPRING_CLOUD_AZURE_BEAN_NAME) && !isFallback(name))
			.toList();
		if (own.size() == 1) {
			return own.get(0);
		}
		throw new AzureRedisConfigurationException(new Problem(propertyName(),
				"The application has several TokenCredential beans and not exactly one that is primary: '"
						+ String.join("', '", names) + "'.",
				"Name the bean for Redis '" + BEAN_NAME + "', or make one of them primary."));
	}

	private boolean isFallback(String name) {
		try {
			return this.beanFactory.getMergedBeanDefinition(name).isFallback();
		}
		catch (NoSuchBeanDefinitionException ex) {
			// A singleton that was registered without a definition
			return false;
		}
	}

	private String origin(TokenCredential credential) {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(TokenCredential.class, true, false))
			.filter((name) -> this.beanFactory.containsSingleton(name)
					&& this.beanFactory.getSingleton(name) == credential)
			.findFirst()
			.map((name) -> "bean '" + name + "'")
			.orElseGet(() -> "a bean of type " + credential.getClass().getName());
	}

	private void warnAboutOtherCloud(TokenCredential credential) {
		EntraAuthority.Cloud cloud = this.authority.ofHost();
		if (cloud != null && this.authority.configured() == null
				&& this.beanFactory.containsSingleton(SPRING_CLOUD_AZURE_BEAN_NAME)
				&& this.beanFactory.getSingleton(SPRING_CLOUD_AZURE_BEAN_NAME) == credential) {
			logger.warn(
					"{} is in another cloud than the one that Spring Cloud Azure gets tokens from."
							+ " Set spring.cloud.azure.profile.cloud-type to {}",
					ofInstance("azure.redis.host"), cloud.name().toLowerCase(Locale.ROOT));
		}
	}

	private void requireIdentity(String reason) {
		if (!ClassUtils.isPresent(IDENTITY_CLASS, this.beanFactory.getBeanClassLoader())) {
			throw new AzureRedisConfigurationException(new Problem(propertyName(),
					reason + ", but azure-identity is not on the class path, so no Microsoft Entra ID"
							+ " token can be requested.",
					"Add the dependency com.azure:azure-identity, or declare a TokenCredential bean named '" + BEAN_NAME
							+ "'."));
		}
	}

	/**
	 * Identity of a credential that is made from properties. Not a record, whose text
	 * would show the secret.
	 */
	static final class ConfiguredIdentity {

		private final List<Object> values;

		private ConfiguredIdentity(List<Object> values) {
			this.values = values;
		}

		static ConfiguredIdentity of(AzureRedisProperties.Credential properties, @Nullable String authority) {
			return new ConfiguredIdentity(Stream
				.of(properties.isManagedIdentityEnabled(), properties.getClientId(), properties.getTenantId(),
						properties.getClientSecret(), properties.getClientCertificatePath(),
						properties.getClientCertificatePassword(), authority)
				.<Object>map(Optional::ofNullable)
				.toList());
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof ConfiguredIdentity identity && identity.values.equals(this.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

	}

	/**
	 * Inner class to allow optional azure-identity dependency.
	 */
	private static final class IdentityCredentials {

		static TokenCredential create(AzureRedisProperties.Credential properties, @Nullable String authority) {
			if (properties.isManagedIdentityEnabled()) {
				String clientId = properties.getClientId();
				return new ManagedIdentityCredentialBuilder().clientId(StringUtils.hasText(clientId) ? clientId : null)
					.build();
			}
			if (StringUtils.hasText(properties.getClientSecret())) {
				return withAuthority(new ClientSecretCredentialBuilder(), authority).tenantId(properties.getTenantId())
					.clientId(properties.getClientId())
					.clientSecret(properties.getClientSecret())
					.build();
			}
			return createWithCertificate(properties, authority);
		}

		private static TokenCredential createWithCertificate(AzureRedisProperties.Credential properties,
				@Nullable String authority) {
			// Whether it is a PEM or a PFX file, azure-identity tells by its content.
			return withAuthority(new ClientCertificateCredentialBuilder(), authority).tenantId(properties.getTenantId())
				.clientId(properties.getClientId())
				.pfxCertificate(properties.getClientCertificatePath())
				.clientCertificatePassword(properties.getClientCertificatePassword())
				.build();
		}

		static TokenCredential createDefault(@Nullable String authority) {
			DefaultAzureCredentialBuilder builder = new DefaultAzureCredentialBuilder();
			return ((authority != null) ? builder.authorityHost(authority) : builder).build();
		}

		private static <T extends AadCredentialBuilderBase<T>> T withAuthority(T builder, @Nullable String authority) {
			return (authority != null) ? builder.authorityHost(authority) : builder;
		}

	}

}
