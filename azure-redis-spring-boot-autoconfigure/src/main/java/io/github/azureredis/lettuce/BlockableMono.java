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

import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A Mono that may be blocked on by a Reactor thread. Lettuce 7.5 calls {@code block()}
 * when it prints a {@code RedisURI}, which it does for each new connection, on whatever
 * thread that is made; Reactor's own refuses that on its threads
 * (<a href="https://github.com/redis/lettuce/issues/3603">lettuce#3603</a>). The source
 * must end by itself.
 *
 * @param <T> the type of the value
 */
final class BlockableMono<T> extends Mono<T> {

	private final Mono<T> source;

	BlockableMono(Mono<T> source) {
		this.source = source;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		this.source.subscribe(actual);
	}

	@Override
	public @Nullable T block() {
		try {
			return this.source.toFuture().join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

}
