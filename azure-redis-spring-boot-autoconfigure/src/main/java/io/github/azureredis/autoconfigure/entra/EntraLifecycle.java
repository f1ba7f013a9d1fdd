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

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link SmartLifecycle} that stops the renewal of tokens after every
 * {@link LettuceConnectionFactory} has stopped, and starts it again before they start. A
 * context that is stopped, and a checkpoint of its JVM, hold no token.
 */
class EntraLifecycle implements SmartLifecycle {

	private final EntraBeans beans;

	private volatile boolean running;

	EntraLifecycle(EntraBeans beans) {
		this.beans = beans;
	}

	@Override
	public void start() {
		this.running = true;
		EntraTokenProvider tokens = this.beans.getTokenProvider();
		if (tokens != null) {
			tokens.start();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		EntraTokenProvider tokens = this.beans.getTokenProvider();
		if (tokens != null) {
			tokens.stop();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		// After the events of Azure Redis, and before all connection factories, which are
		// in phase 0.
		return Integer.MIN_VALUE + 1;
	}

}
