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

package io.github.azureredis.autoconfigure.diagnostics;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A failure, its causes and what they suppressed, which is where the cluster client has
 * the failures of each node.
 */
final class Causes {

	private final Set<Throwable> failures = Collections.newSetFromMap(new IdentityHashMap<>());

	private final boolean connectedBefore;

	Causes(Throwable failure) {
		this(failure, false);
	}

	Causes(Throwable failure, boolean connectedBefore) {
		this.connectedBefore = connectedBefore;
		add(failure);
	}

	private void add(Throwable failure) {
		for (Throwable current = failure; current != null && this.failures.add(current); current = current.getCause()) {
			for (Throwable suppressed : current.getSuppressed()) {
				add(suppressed);
			}
		}
	}

	<T extends Throwable> Optional<T> find(Class<T> type) {
		return find(type, (failure) -> true);
	}

	<T extends Throwable> Optional<T> find(Class<T> type, Predicate<String> message) {
		return this.failures.stream()
			.filter(type::isInstance)
			.map(type::cast)
			.filter((failure) -> message.test(String.valueOf(failure.getMessage())))
			.findFirst();
	}

	boolean have(Class<? extends Throwable> type) {
		return find(type).isPresent();
	}

	/**
	 * Return whether the application has been connected before, so that its settings are
	 * not to blame.
	 * @return whether it is known
	 */
	boolean areAfterConnection() {
		return this.connectedBefore;
	}

	Stream<Throwable> stream() {
		return this.failures.stream();
	}

}
