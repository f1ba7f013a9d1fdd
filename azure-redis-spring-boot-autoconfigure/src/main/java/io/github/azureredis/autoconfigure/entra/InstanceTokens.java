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
import java.util.function.Supplier;

import io.github.azureredis.autoconfigure.instances.NamedInstance;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.lettuce.ReauthenticationListener;
import io.github.azureredis.token.EntraTokenProvider;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and authentication of a named instance, both made when they are needed.
 */
class InstanceTokens implements TokenSource, AutoCloseable {

	private final NamedInstance instance;

	private final Supplier<TokenSource> sources;

	private final Supplier<List<ReauthenticationListener>> listeners;

	private @Nullable TokenSource source;

	private @Nullable EntraRedisAuthentication authentication;

	/**
	 * Create tokens.
	 * @param instance the instance
	 * @param sources supplier of the source, which is asked once
	 * @param listeners supplier of the listeners for re-authentication
	 */
	InstanceTokens(NamedInstance instance, Supplier<TokenSource> sources,
			Supplier<List<ReauthenticationListener>> listeners) {
		this.instance = instance;
		this.sources = sources;
		this.listeners = listeners;
	}

	private synchronized TokenSource source() {
		TokenSource source = this.source;
		if (source == null) {
			source = this.sources.get();
			this.source = source;
		}
		return source;
	}

	@Override
	public EntraTokenProvider get() {
		return source().get();
	}

	@Override
	public EntraTokenProvider borrow() {
		return source().borrow();
	}

	@Override
	public void release() {
		TokenSource source;
		synchronized (this) {
			source = this.source;
		}
		if (source != null) {
			source.release();
		}
	}

	@Override
	public String origin() {
		return source().origin();
	}

	/**
	 * Return the authentication for the connections of the instance.
	 * @return the authentication, which is always the same
	 */
	synchronized EntraRedisAuthentication authentication() {
		EntraRedisAuthentication authentication = this.authentication;
		if (authentication == null) {
			EntraRedisAuthentication.Builder builder = EntraRedisAuthentication.builder(get())
				.instanceName(this.instance.getName())
				.username(this.instance.getAuthentication().getUsername())
				.reauthenticationSpread(this.instance.getProperties().getToken().getReauthenticationSpread());
			this.listeners.get().forEach(builder::listener);
			authentication = builder.build();
			this.authentication = authentication;
		}
		return authentication;
	}

	@Override
	public synchronized void close() {
		if (this.authentication != null) {
			this.authentication.close();
		}
	}

}
