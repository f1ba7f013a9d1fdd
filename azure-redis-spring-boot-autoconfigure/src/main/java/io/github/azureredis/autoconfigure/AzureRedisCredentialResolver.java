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

import java.util.Arrays;
import java.util.List;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Finds the credential to get tokens from.
 */
class AzureRedisCredentialResolver {

	private static final String EMULATOR_BEAN_NAME = "azureRedisEmulatorTokenCredential";

	private static final String BEAN_NAME = "azureRedisTokenCredential";

	private static final String SPRING_CLOUD_AZURE_BEAN_NAME = "springCloudAzureDefaultCredential";

	private static final String IDENTITY_CLASS = "com.azure.identity.DefaultAzureCredentialBuilder";

	private final AzureRedisProperties.Credential properties;

	private final ConfigurableListableBeanFactory beanFactory;

	AzureRedisCredentialResolver(AzureRedisProperties.Credential properties,
			ConfigurableListableBeanFactory beanFactory) {
		this.properties = properties;
		this.beanFactory = beanFactory;
	}

	ResolvedCredential resolve() {
		if (this.beanFactory.containsBean(EMULATOR_BEAN_NAME)) {
			TokenCredential credential = this.beanFactory.getBean(EMULATOR_BEAN_NAME, TokenCredential.class);
			return new ResolvedCredential(credential, "the emulator", true);
		}
		if (this.beanFactory.containsBean(BEAN_NAME)) {
			return getBean(BEAN_NAME);
		}
		if (StringUtils.hasText(this.properties.getClientId()) || this.properties.isManagedIdentityEnabled()) {
			requireIdentity("'azure.redis.credential' is set");
			return new ResolvedCredential(IdentityCredentials.create(this.properties), "azure.redis.credential", false);
		}
		String name = getNameOfApplicationCredential();
		if (name != null) {
			return getBean(name);
		}
		requireIdentity("The application has no TokenCredential bean");
		return new ResolvedCredential(IdentityCredentials.createDefault(), "DefaultAzureCredential", false);
	}

	private ResolvedCredential getBean(String name) {
		TokenCredential credential = this.beanFactory.getBean(name, TokenCredential.class);
		return new ResolvedCredential(credential, "bean '" + name + "'", false);
	}

	private @Nullable String getNameOfApplicationCredential() {
		List<String> names = Arrays
			.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, TokenCredential.class))
			.filter(this::isCandidate)
			.toList();
		if (names.size() <= 1) {
			return names.isEmpty() ? null : names.get(0);
		}
		List<String> primary = names.stream().filter(this::isPrimary).toList();
		if (primary.size() == 1) {
			return primary.get(0);
		}
		// Spring Cloud Azure always adds its own, so it is not what makes a choice
		// unclear.
		List<String> own = names.stream().filter((name) -> !name.equals(SPRING_CLOUD_AZURE_BEAN_NAME)).toList();
		if (own.size() == 1) {
			return own.get(0);
		}
		throw new AzureRedisConfigurationException(
				"azure.redis.credential", "The application has several TokenCredential beans and none is primary: '"
						+ String.join("', '", names) + "'.",
				"Name the bean for Redis '" + BEAN_NAME + "', or make one of them primary.");
	}

	private boolean isCandidate(String name) {
		return !this.beanFactory.containsBeanDefinition(name)
				|| isCandidate(this.beanFactory.getMergedBeanDefinition(name));
	}

	private boolean isCandidate(BeanDefinition definition) {
		return definition.isAutowireCandidate()
				&& (!(definition instanceof AbstractBeanDefinition bean) || bean.isDefaultCandidate());
	}

	private boolean isPrimary(String name) {
		return this.beanFactory.containsBeanDefinition(name)
				&& this.beanFactory.getMergedBeanDefinition(name).isPrimary();
	}

	private void requireIdentity(String reason) {
		if (!ClassUtils.isPresent(IDENTITY_CLASS, this.beanFactory.getBeanClassLoader())) {
			throw new AzureRedisConfigurationException("azure.redis.credential",
					reason + ", but azure-identity is not on the class path, so there is nothing to get Microsoft Entra"
							+ " ID tokens from.",
					"Add the dependency com.azure:azure-identity, or declare a TokenCredential bean named '" + BEAN_NAME
							+ "'.");
		}
	}

	/**
	 * A credential and where it comes from.
	 *
	 * @param credential the credential
	 * @param origin where it comes from, as one would say it to the user
	 * @param emulated whether its tokens are for the emulator
	 */
	record ResolvedCredential(TokenCredential credential, String origin, boolean emulated) {

	}

	/**
	 * Inner class to allow optional azure-identity dependency.
	 */
	private static final class IdentityCredentials {

		static TokenCredential create(AzureRedisProperties.Credential properties) {
			if (properties.isManagedIdentityEnabled()) {
				String clientId = properties.getClientId();
				return new ManagedIdentityCredentialBuilder().clientId(StringUtils.hasText(clientId) ? clientId : null)
					.build();
			}
			if (StringUtils.hasText(properties.getClientSecret())) {
				return new ClientSecretCredentialBuilder().tenantId(properties.getTenantId())
					.clientId(properties.getClientId())
					.clientSecret(properties.getClientSecret())
					.build();
			}
			return createWithCertificate(properties);
		}

		private static TokenCredential createWithCertificate(AzureRedisProperties.Credential properties) {
			ClientCertificateCredentialBuilder builder = new ClientCertificateCredentialBuilder()
				.tenantId(properties.getTenantId())
				.clientId(properties.getClientId());
			if (StringUtils.hasText(properties.getClientCertificatePassword())) {
				builder.pfxCertificate(properties.getClientCertificatePath())
					.clientCertificatePassword(properties.getClientCertificatePassword());
			}
			else {
				builder.pemCertificate(properties.getClientCertificatePath());
			}
			return builder.build();
		}

		static TokenCredential createDefault() {
			return new DefaultAzureCredentialBuilder().build();
		}

	}

}
