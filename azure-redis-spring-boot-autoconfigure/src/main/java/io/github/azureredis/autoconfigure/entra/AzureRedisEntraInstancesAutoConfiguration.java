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

import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;
import io.github.azureredis.autoconfigure.instances.InstanceFeature;
import io.github.azureredis.autoconfigure.instances.InstanceInheritance;
import io.github.azureredis.autoconfigure.instances.NamedInstance;
import io.github.azureredis.autoconfigure.instances.NamedInstances;
import io.github.azureredis.lettuce.ReauthenticationListener;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for authentication at named
 * instances with Microsoft Entra ID tokens.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { AzureRedisInstancesAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class })
@ConditionalOnLettuce
@ConditionalOnBean(NamedInstances.class)
public final class AzureRedisEntraInstancesAutoConfiguration {

	@Bean
	EntraTokenProviders azureRedisEntraTokenProviders(AzureRedisProperties properties,
			ObjectProvider<EntraTokenProvider> beans, ObjectProvider<EntraTokenProviderFactory> defaultFactory,
			ObjectProvider<EntraCredential> defaultCredential, ObjectProvider<EntraTokenListener> listeners) {
		return new EntraTokenProviders(properties, beans, defaultFactory, defaultCredential,
				() -> ofEveryInstance(listeners).toList());
	}

	@Bean
	InstanceFeature azureRedisEntraInstanceFeature(EntraTokenProviders providers,
			ObjectProvider<ReauthenticationListener> listeners, ObjectProvider<TokenCredential> credentials,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		return (instance) -> {
			InstanceTokens tokens = new InstanceTokens(instance,
					() -> providers.source(instance.getProperties(),
							() -> credential(instance, credentials, beanFactory, environment),
							instance.all(EntraTokenListener.class).toList()),
					() -> Stream.concat(ofEveryInstance(listeners), instance.all(ReauthenticationListener.class))
						.toList());
			EntraTokens use = new EntraTokens(tokens);
			instance.add(tokens);
			instance.add(use);
			instance.add(new EntraClientCustomizer(instance.getInstance(), instance.getAuthentication(),
					tokens::authentication, use));
		};
	}

	private static EntraCredential credential(NamedInstance instance, ObjectProvider<TokenCredential> credentials,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		EntraAuthority authority = EntraAuthority.of(environment, instance.getInstance().getHost());
		return new CredentialResolver(instance.getProperties().getCredential(), authority, instance.getName(),
				InstanceInheritance.isSet(instance.getOwnProperties().getCredential()), credentials, beanFactory)
			.resolve();
	}

	private static <T> Stream<T> ofEveryInstance(ObjectProvider<T> beans) {
		return beans.orderedStream().filter((bean) -> !(bean instanceof DefaultInstanceOnly));
	}

}
