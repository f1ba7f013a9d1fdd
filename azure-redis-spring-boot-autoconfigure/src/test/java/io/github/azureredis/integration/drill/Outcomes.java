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

package io.github.azureredis.integration.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * What has become of the commands of a {@link DrillLoad} that began during one drill.
 */
final class Outcomes {

	private final LongAdder commands = new LongAdder();

	private final LongAdder lost = new LongAdder();

	private final LongAdder doubled = new LongAdder();

	private final AtomicLong longestNanos = new AtomicLong();

	private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

	/**
	 * Run a command.
	 * @param what its key, or what it does if it has none
	 * @param command the command
	 * @return its result, {@code null} if it has failed
	 */
	<T> @Nullable T attempt(String what, Supplier<@Nullable T> command) {
		Instant begin = Instant.now();
		long nanos = System.nanoTime();
		this.commands.increment();
		try {
			return command.get();
		}
		catch (RuntimeException ex) {
			this.failures.add(new Failure(what, begin, Instant.now(), ex));
			return null;
		}
		finally {
			this.longestNanos.accumulateAndGet(System.nanoTime() - nanos, Math::max);
		}
	}

	void lost(long count) {
		this.lost.add(count);
	}

	void doubled(long count) {
		this.doubled.add(count);
	}

	long commands() {
		return this.commands.sum();
	}

	long lost() {
		return this.lost.sum();
	}

	long doubled() {
		return this.doubled.sum();
	}

	Duration longest() {
		return Duration.ofNanos(this.longestNanos.get());
	}

	List<Failure> failures() {
		return List.copyOf(this.failures);
	}

	List<Failure> failures(Predicate<String> what) {
		return this.failures.stream().filter((failure) -> what.test(failure.what())).toList();
	}

	/**
	 * Command that has failed.
	 *
	 * @param what its key, or what it does
	 * @param begin when it began
	 * @param end when it failed
	 * @param cause why
	 */
	record Failure(String what, Instant begin, Instant end, RuntimeException cause) {

		String reason() {
			return String.valueOf(NestedExceptionUtils.getMostSpecificCause(this.cause));
		}

		@Override
		public String toString() {
			return this.what + " from " + this.begin + " to " + this.end + ": " + reason();
		}

	}

}
