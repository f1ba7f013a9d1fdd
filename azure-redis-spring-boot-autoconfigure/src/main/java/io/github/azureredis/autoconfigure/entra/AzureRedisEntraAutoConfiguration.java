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
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Bean;
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

	private static final String TOKEN_PROVIDER_BEAN_NAME = "azureRedisEntraTokenProvider";

	@Bean
	@Lazy
	EntraCredential azureRedisEntraCredential(AzureRedisProperties properties, AzureRedisInstance instance,
			ObjectProvider<TokenCredential> tokenCredentials, ConfigurableListableBeanFactory beanFactory,
			Environment environment) {
		EntraAuthority authority = EntraAuthority.of(environment, instance.getHost());
		return new CredentialResolver(properties.getCredential(), authority, tokenCredentials, beanFactory).resolve();
	}

	@Bean(TOKEN_PROVIDER_BEAN_NAME)
	@Lazy
	@ConditionalOnMissingBean
	EntraTokenProvider azureRedisEntraTokenProvider(EntraCredential credential, AzureRedisProperties properties,
			ObjectProvider<EntraTokenListener> listeners) {
		AzureRedisProperties.Token token = properties.getToken();
		EntraTokenProvider.Builder builder = EntraTokenProvider.builder(credential.getCredential())
			.scope(token.getScope())
			.refreshBeforeExpiry(token.getRefreshBeforeExpiry())
			.requestTimeout(token.getRequestTimeout());
		listeners.orderedStream().forEach(builder::listener);
		return builder.build();
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	EntraRedisAuthentication azureRedisEntraAuthentication(EntraTokenProvider tokens, AzureRedisProperties properties,
			AzureRedisAuthentication authentication, ObjectProvider<EntraTokenListener> tokenListeners,
			ObjectProvider<ReauthenticationListener> listeners, ConfigurableListableBeanFactory beanFactory) {
		if (!beanFactory.containsBean(TOKEN_PROVIDER_BEAN_NAME)) {
			tokenListeners.orderedStream().forEach(tokens::addListener);
		}
		EntraRedisAuthentication.Builder builder = EntraRedisAuthentication.builder(tokens)
			.username(authentication.getUsername())
			.reauthenticationSpread(properties.getToken().getReauthenticationSpread());
		listeners.orderedStream().forEach(builder::listener);
		return builder.build();
	}

	@Bean
	EntraBeans azureRedisEntraBeans(ConfigurableListableBeanFactory beanFactory) {
		return new EntraBeans(beanFactory);
	}

	@Bean
	EntraLifecycle azureRedisEntraLifecycle(EntraBeans beans) {
		return new EntraLifecycle(beans);
	}

	@Bean
	EntraClientCustomizer azureRedisEntraCustomizer(AzureRedisInstance instance,
			AzureRedisAuthentication authentication, ObjectProvider<EntraRedisAuthentication> entraAuthentication,
			EntraBeans beans) {
		return new EntraClientCustomizer(instance, authentication, entraAuthentication, beans);
	}

}
