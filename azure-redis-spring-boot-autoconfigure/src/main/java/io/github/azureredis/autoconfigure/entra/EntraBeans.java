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

import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.token.EntraTokenProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Access to the lazy beans for authentication with tokens, without creating them.
 */
public final class EntraBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	EntraBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Return the token provider.
	 * @return the token provider or {@code null} if nothing has needed it yet
	 */
	public @Nullable EntraTokenProvider getTokenProvider() {
		return find(EntraTokenProvider.class);
	}

	/**
	 * Return the authentication of connections.
	 * @return the authentication or {@code null} if nothing has needed it yet
	 */
	public @Nullable EntraRedisAuthentication getAuthentication() {
		return find(EntraRedisAuthentication.class);
	}

	/**
	 * Return where the credential comes from.
	 * @return the origin or {@code null} if no credential is in use
	 */
	public @Nullable String getCredentialOrigin() {
		EntraCredential credential = find(EntraCredential.class);
		if (credential != null) {
			return credential.getOrigin();
		}
		EntraTokenProvider tokens = getTokenProvider();
		return (tokens != null) ? tokens.getStatus().getCredentialName() : null;
	}

	private <T> @Nullable T find(Class<T> type) {
		for (String name : this.beanFactory.getBeanNamesForType(type, true, false)) {
			if (this.beanFactory.containsSingleton(name) && type.isInstance(this.beanFactory.getSingleton(name))) {
				return type.cast(this.beanFactory.getSingleton(name));
			}
		}
		return null;
	}

}
