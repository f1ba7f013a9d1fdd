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

import java.util.List;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.lettuce.ReauthenticationListener;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for authentication at Azure Redis
 * with Microsoft Entra ID tokens.
 * <p>
 * Credential, token provider and authentication are lazy: no token is requested before a
 * connection factory or a bean of the application needs them, and none at all with an
 * access key.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class, after = AzureRedisAutoConfiguration.class,
		afterName = "com.azure.spring.cloud.autoconfigure.implementation.context.AzureTokenCredentialAutoConfiguration")
@ConditionalOnLettuce
@ConditionalOnBean(AzureRedisConnectionDetails.class)
public final class AzureRedisEntraAutoConfiguration {

	private static final String AUTHENTICATION_BEAN_NAME = "azureRedisEntraAuthentication";

	@Bean
	@Lazy
	EntraCredential azureRedisEntraCredential(AzureRedisProperties properties, AzureRedisInstance instance,
			ObjectProvider<TokenCredential> tokenCredentials, ConfigurableListableBeanFactory beanFactory,
			Environment environment) {
		EntraAuthority authority = EntraAuthority.of(environment, instance.getHost());
		return new CredentialResolver(properties.getCredential(), authority, tokenCredentials, beanFactory).resolve();
	}

	@Bean
	@ConditionalOnMissingBean(EntraTokenProvider.class)
	EntraTokenProviderFactory azureRedisEntraTokenProviderFactory(AzureRedisProperties properties,
			ObjectProvider<EntraCredential> credential, ObjectProvider<EntraTokenListener> listeners) {
		return new EntraTokenProviderFactory(properties.getToken(), credential::getObject,
				() -> listeners.orderedStream().toList());
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	EntraTokenProvider azureRedisEntraTokenProvider(EntraTokenProviderFactory factory) {
		return factory.get();
	}

	/**
	 * A fallback, since the application may have another one for a client of its own.
	 */
	@Bean(AUTHENTICATION_BEAN_NAME)
	@Lazy
	@Fallback
	EntraRedisAuthentication azureRedisEntraAuthentication(EntraTokenProvider tokens, AzureRedisProperties properties,
			AzureRedisAuthentication authentication, ObjectProvider<EntraTokenProviderFactory> factory,
			ObjectProvider<EntraTokenProviders> ofInstances, ObjectProvider<EntraTokenListener> tokenListeners,
			ObjectProvider<ReauthenticationListener> listeners) {
		if (factory.getIfAvailable() == null) {
			List<EntraTokenListener> all = tokenListeners.orderedStream().toList();
			EntraTokenProviders providers = ofInstances.getIfAvailable();
			if (providers != null) {
				providers.addListeners(tokens, all);
			}
			else {
				all.forEach(tokens::addListener);
			}
		}
		EntraRedisAuthentication.Builder builder = EntraRedisAuthentication.builder(tokens)
			.username(authentication.getUsername())
			.reauthenticationSpread(properties.getToken().getReauthenticationSpread());
		listeners.orderedStream().forEach(builder::listener);
		return builder.build();
	}

	@Bean
	EntraTokens azureRedisEntraTokens(ObjectProvider<EntraTokenProvider> providers,
			ObjectProvider<EntraTokenProviderFactory> factory, ObjectProvider<EntraCredential> credential) {
		return new EntraTokens(new DefaultTokenSource(providers, factory, credential));
	}

	@Bean
	EntraClientCustomizer azureRedisEntraCustomizer(AzureRedisInstance instance,
			AzureRedisAuthentication authentication,
			@Qualifier(AUTHENTICATION_BEAN_NAME) ObjectProvider<EntraRedisAuthentication> entraAuthentication,
			EntraTokens tokens) {
		return new EntraClientCustomizer(instance, authentication, entraAuthentication::getObject, tokens);
	}

}
