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

import io.github.azureredis.token.EntraTokenProvider;

import org.springframework.beans.factory.ObjectProvider;

/**
 * {@link TokenSource} for the default instance, whose token provider is a bean that the
 * application may replace.
 */
class DefaultTokenSource implements TokenSource {

	private final ObjectProvider<EntraTokenProvider> providers;

	private final ObjectProvider<EntraTokenProviderFactory> factory;

	private final ObjectProvider<EntraCredential> credential;

	DefaultTokenSource(ObjectProvider<EntraTokenProvider> providers, ObjectProvider<EntraTokenProviderFactory> factory,
			ObjectProvider<EntraCredential> credential) {
		this.providers = providers;
		this.factory = factory;
		this.credential = credential;
	}

	@Override
	public EntraTokenProvider get() {
		return this.providers.getObject();
	}

	@Override
	public EntraTokenProvider borrow() {
		EntraTokenProviderFactory factory = this.factory.getIfAvailable();
		return (factory != null) ? factory.borrow() : this.providers.getObject();
	}

	@Override
	public void release() {
		this.factory.ifAvailable(EntraTokenProviderFactory::release);
	}

	@Override
	public String origin() {
		return (this.factory.getIfAvailable() != null) ? this.credential.getObject().origin()
				: get().getStatus().getCredentialName();
	}

}
