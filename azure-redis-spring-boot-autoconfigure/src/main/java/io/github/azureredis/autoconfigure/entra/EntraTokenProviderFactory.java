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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Factory for a token provider that is not the application's own. It is built when
 * something needs it, stopped after every {@link LettuceConnectionFactory} has stopped,
 * and started again before they start: a context that is stopped holds no token.
 */
final class EntraTokenProviderFactory implements SmartLifecycle, AutoCloseable, TokenSource {

	/**
	 * After the events of Azure Redis, and before all connection factories, which are in
	 * phase 0.
	 */
	static final int PHASE = Integer.MIN_VALUE + 1;

	private final AzureRedisProperties.Token properties;

	private final Supplier<EntraCredential> credential;

	private final Supplier<List<EntraTokenListener>> listeners;

	private final List<EntraTokenListener> addedListeners = new ArrayList<>();

	private @Nullable EntraTokenProvider tokens;

	private boolean kept;

	private boolean stopped;

	private volatile boolean running;

	EntraTokenProviderFactory(AzureRedisProperties.Token properties, Supplier<EntraCredential> credential,
			Supplier<List<EntraTokenListener>> listeners) {
		this.properties = properties;
		this.credential = credential;
		this.listeners = listeners;
	}

	/**
	 * Return the token provider, which lives until this factory is closed.
	 * @return the token provider
	 */
	@Override
	public EntraTokenProvider get() {
		return getOrBuild(true);
	}

	/**
	 * Return the token provider, which lives until {@link #release()} unless it is
	 * {@linkplain #get() needed} otherwise.
	 * @return the token provider
	 */
	@Override
	public EntraTokenProvider borrow() {
		return getOrBuild(false);
	}

	private EntraTokenProvider getOrBuild(boolean keep) {
		// Other beans are created while no lock is held.
		EntraCredential credential = this.credential.get();
		List<EntraTokenListener> listeners = this.listeners.get();
		synchronized (this) {
			this.kept |= keep;
			EntraTokenProvider tokens = this.tokens;
			if (tokens == null) {
				tokens = build(credential, listeners);
				this.tokens = tokens;
			}
			return tokens;
		}
	}

	private EntraTokenProvider build(EntraCredential credential, List<EntraTokenListener> listeners) {
		EntraTokenProvider.Builder builder = EntraTokenProvider.builder(credential.credential())
			.scope(this.properties.getScope())
			.refreshBeforeExpiry(this.properties.getRefreshBeforeExpiry())
			.requestTimeout(this.properties.getRequestTimeout());
		listeners.forEach(builder::listener);
		this.addedListeners.forEach(builder::listener);
		EntraTokenProvider tokens = builder.build();
		if (this.stopped) {
			tokens.stop();
		}
		return tokens;
	}

	@Override
	public String origin() {
		return this.credential.get().origin();
	}

	/**
	 * Add a listener to the token provider, whether it has been built or not.
	 * @param listener the listener
	 */
	synchronized void addListener(EntraTokenListener listener) {
		this.addedListeners.add(listener);
		if (this.tokens != null) {
			this.tokens.addListener(listener);
		}
	}

	/**
	 * Close the token provider if it has only been borrowed.
	 */
	@Override
	public synchronized void release() {
		if (!this.kept) {
			close();
		}
	}

	@Override
	public synchronized void close() {
		if (this.tokens != null) {
			this.tokens.close();
			this.tokens = null;
		}
	}

	@Override
	public synchronized void start() {
		this.running = true;
		this.stopped = false;
		if (this.tokens != null) {
			this.tokens.start();
		}
	}

	@Override
	public synchronized void stop() {
		this.running = false;
		this.stopped = true;
		if (this.tokens != null) {
			this.tokens.stop();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
