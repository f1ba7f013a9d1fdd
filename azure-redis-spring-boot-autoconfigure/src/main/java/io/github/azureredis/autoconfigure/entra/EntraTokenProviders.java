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

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.entra.CredentialResolver.ConfiguredIdentity;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.StringUtils;

/**
 * The token providers of named instances: one for each credential with the same settings,
 * however many instances use it. An instance whose credential and settings are those of
 * the default instance shares that one's provider, and one that leaves both open shares
 * the provider that the application has as a bean. Thread-safe.
 */
final class EntraTokenProviders implements SmartLifecycle, AutoCloseable {

	private final AzureRedisProperties outer;

	private final ObjectProvider<EntraTokenProvider> beans;

	private final ObjectProvider<EntraTokenProviderFactory> defaultFactory;

	private final ObjectProvider<EntraCredential> defaultCredential;

	private final Supplier<List<EntraTokenListener>> listeners;

	private final Map<Key, EntraTokenProviderFactory> factories = new LinkedHashMap<>();

	private final Map<EntraTokenProvider, Set<EntraTokenListener>> addedListeners = new IdentityHashMap<>();

	private volatile boolean running;

	private boolean stopped;

	EntraTokenProviders(AzureRedisProperties outer, ObjectProvider<EntraTokenProvider> beans,
			ObjectProvider<EntraTokenProviderFactory> defaultFactory, ObjectProvider<EntraCredential> defaultCredential,
			Supplier<List<EntraTokenListener>> listeners) {
		this.outer = outer;
		this.beans = beans;
		this.defaultFactory = defaultFactory;
		this.defaultCredential = defaultCredential;
		this.listeners = listeners;
	}

	/**
	 * Return the source of the tokens for an instance.
	 * @param properties the properties of the instance, with those that it inherits
	 * @param credential supplier of the credential of the instance
	 * @param instanceListeners the listeners of the instance alone
	 * @return the source
	 */
	TokenSource source(AzureRedisProperties properties, Supplier<EntraCredential> credential,
			List<EntraTokenListener> instanceListeners) {
		EntraTokenProviderFactory defaultFactory = this.defaultFactory.getIfAvailable();
		if (defaultFactory == null && isInherited(properties)) {
			EntraTokenProvider bean = this.beans.getIfUnique();
			if (bean != null) {
				addListeners(bean, this.listeners.get());
				instanceListeners.forEach(bean::addListener);
				return new BeanTokenSource(bean);
			}
		}
		EntraCredential resolved = credential.get();
		Key key = Key.of(resolved, properties.getToken());
		EntraTokenProviderFactory factory = (defaultFactory != null && key.equals(defaultKey())) ? defaultFactory
				: factory(key, properties.getToken(), resolved);
		instanceListeners.forEach(factory::addListener);
		return factory;
	}

	/**
	 * Add listeners of the application to its token provider, those only that it does not
	 * have yet: the default instance and all that share the provider come with the same.
	 * @param bean the token provider
	 * @param listeners the listeners
	 */
	void addListeners(EntraTokenProvider bean, List<EntraTokenListener> listeners) {
		synchronized (this.addedListeners) {
			Set<EntraTokenListener> added = this.addedListeners.computeIfAbsent(bean,
					(newBean) -> Collections.newSetFromMap(new IdentityHashMap<>()));
			listeners.stream().filter(added::add).forEach(bean::addListener);
		}
	}

	private boolean isInherited(AzureRedisProperties properties) {
		return properties.getToken().getScope().equals(this.outer.getToken().getScope())
				&& ConfiguredIdentity.of(properties.getCredential(), null)
					.equals(ConfiguredIdentity.of(this.outer.getCredential(), null));
	}

	private @Nullable Key defaultKey() {
		if (StringUtils.hasText(this.outer.getAccessKey())) {
			return null;
		}
		try {
			EntraCredential credential = this.defaultCredential.getIfAvailable();
			return (credential != null) ? Key.of(credential, this.outer.getToken()) : null;
		}
		catch (BeanCreationException ex) {
			// The default instance may have credentials of the application's own.
			if (ex.contains(AzureRedisConfigurationException.class)) {
				return null;
			}
			throw ex;
		}
	}

	private synchronized EntraTokenProviderFactory factory(Key key, AzureRedisProperties.Token properties,
			EntraCredential credential) {
		return this.factories.computeIfAbsent(key, (newKey) -> {
			EntraTokenProviderFactory factory = new EntraTokenProviderFactory(properties, () -> credential,
					this.listeners);
			if (this.stopped) {
				factory.stop();
			}
			return factory;
		});
	}

	@Override
	public synchronized void start() {
		this.running = true;
		this.stopped = false;
		this.factories.values().forEach(EntraTokenProviderFactory::start);
	}

	@Override
	public synchronized void stop() {
		this.running = false;
		this.stopped = true;
		this.factories.values().forEach(EntraTokenProviderFactory::stop);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return EntraTokenProviderFactory.PHASE;
	}

	@Override
	public synchronized void close() {
		this.factories.values().forEach(EntraTokenProviderFactory::close);
	}

	/**
	 * What decides whether instances share their tokens.
	 *
	 * @param credential the identity of the credential
	 * @param scope the scope
	 * @param refreshBeforeExpiry when the next token is requested
	 * @param requestTimeout how long a request may take
	 */
	private record Key(Object credential, String scope, Duration refreshBeforeExpiry, Duration requestTimeout) {

		static Key of(EntraCredential credential, AzureRedisProperties.Token properties) {
			return new Key(credential.identity(), properties.getScope(), properties.getRefreshBeforeExpiry(),
					properties.getRequestTimeout());
		}

	}

	/**
	 * {@link TokenSource} with the token provider of the application.
	 *
	 * @param get the token provider
	 */
	private record BeanTokenSource(EntraTokenProvider get) implements TokenSource {

		@Override
		public EntraTokenProvider borrow() {
			return this.get;
		}

		@Override
		public void release() {
			// The application closes it.
		}

		@Override
		public String origin() {
			return this.get.getStatus().getCredentialName();
		}

	}

}
