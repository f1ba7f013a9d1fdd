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

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How often the topology is read, and how often in one second.
 */
final class TopologyReads {

	private static final long SECOND = 1_000_000_000;

	private final LongSupplier reads;

	private final List<Sample> samples = new ArrayList<>();

	TopologyReads(LongSupplier reads) {
		this.reads = reads;
	}

	synchronized void begin() {
		this.samples.clear();
		sample();
	}

	/**
	 * Look how many there are by now. Whatever was read between two looks within a second
	 * was read within a second, so a late look does not count too many.
	 */
	synchronized void sample() {
		long before = System.nanoTime();
		long count = this.reads.getAsLong();
		this.samples.add(new Sample(before, System.nanoTime(), count));
	}

	synchronized long count() {
		return this.samples.get(this.samples.size() - 1).count() - this.samples.get(0).count();
	}

	synchronized long mostInOneSecond() {
		long most = 0;
		int first = 0;
		for (Sample last : this.samples) {
			while (last.after() - this.samples.get(first).before() >= SECOND) {
				first++;
			}
			most = Math.max(most, last.count() - this.samples.get(first).count());
		}
		return most;
	}

	private record Sample(long before, long after, long count) {

	}

}
