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

package io.github.azureredis.token;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link EntraTokenListener} that calls other listeners in their order. An exception of
 * one listener affects neither the others nor the caller. Thread-safe.
 */
final class TokenListeners implements EntraTokenListener {

	private static final Logger logger = LoggerFactory.getLogger(EntraTokenListener.class);

	private final List<EntraTokenListener> listeners = new CopyOnWriteArrayList<>();

	void add(EntraTokenListener listener) {
		this.listeners.add(listener);
	}

	void remove(EntraTokenListener listener) {
		this.listeners.remove(listener);
	}

	@Override
	public void onTokenRenewed(TokenRenewedEvent event) {
		forEach((listener) -> listener.onTokenRenewed(event));
	}

	@Override
	public void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
		forEach((listener) -> listener.onTokenRenewalFailed(event));
	}

	private void forEach(Consumer<EntraTokenListener> action) {
		for (EntraTokenListener listener : this.listeners) {
			try {
				action.accept(listener);
			}
			catch (Throwable ex) {
				logger.warn("A token listener failed", ex);
			}
		}
	}

}
