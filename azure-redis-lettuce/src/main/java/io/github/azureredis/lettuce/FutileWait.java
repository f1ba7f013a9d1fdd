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

package io.github.azureredis.lettuce;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Memory of a wait that ended without a token. Threads that connect often queue up behind
 * a lock, and each would otherwise wait anew once it is its turn. Thread-safe.
 */
final class FutileWait {

	private static final long LONGEST_MEMORY = Duration.ofSeconds(10).toNanos();

	private final LongSupplier nanoTime;

	private volatile long rememberedUntil;

	FutileWait() {
		this(System::nanoTime);
	}

	FutileWait(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.rememberedUntil = nanoTime.getAsLong();
	}

	/**
	 * Remember a wait that has just ended for as long as it took, up to 10 seconds.
	 * @param waited the length of the wait
	 */
	void remember(Duration waited) {
		long until = this.nanoTime.getAsLong() + Math.min(waited.toNanos(), LONGEST_MEMORY);
		if (until - this.rememberedUntil > 0) {
			this.rememberedUntil = until;
		}
	}

	boolean isRecent() {
		return this.rememberedUntil - this.nanoTime.getAsLong() > 0;
	}

}
