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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.SlotHash;

import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Keys in all parts of the slots, which are incremented and compared with what they
 * should be.
 */
final class Counters {

	static final int THREADS = 4;

	private static final int COUNT = 256;

	private static final int SLOTS_OF_EACH = SlotHash.SLOT_COUNT / COUNT;

	private final StringRedisTemplate redis;

	private final List<Counter> counters;

	private final Map<String, Long> succeeded = new ConcurrentHashMap<>();

	Counters(StringRedisTemplate redis, String prefix) {
		this.redis = redis;
		this.counters = keys(prefix).stream().map(Counter::new).toList();
	}

	/**
	 * Find a key for each part of the slots.
	 */
	private static List<String> keys(String prefix) {
		Map<Integer, String> keys = new ConcurrentHashMap<>();
		for (int i = 0; keys.size() < COUNT; i++) {
			String key = prefix + i;
			keys.putIfAbsent(SlotHash.getSlot(key) / SLOTS_OF_EACH, key);
		}
		return new ArrayList<>(keys.values());
	}

	List<String> keys() {
		return this.counters.stream().map((counter) -> counter.key).toList();
	}

	/**
	 * Return a task for one thread, each run of which increments the next one of its
	 * keys.
	 * @param thread 0 up to {@link #THREADS}
	 * @param outcomes what has become of commands
	 */
	Runnable task(int thread, CurrentOutcomes outcomes) {
		List<Counter> mine = IntStream.range(0, COUNT)
			.filter((i) -> i % THREADS == thread)
			.mapToObj(this.counters::get)
			.toList();
		int[] next = new int[1];
		return () -> mine.get(next[0]++ % mine.size()).increment(outcomes.get());
	}

	/**
	 * Return how often each key has been incremented with success.
	 */
	Map<String, Long> succeeded() {
		return Map.copyOf(this.succeeded);
	}

	long succeeded(String key) {
		return this.succeeded.getOrDefault(key, 0L);
	}

	private final class Counter {

		private final String key;

		private long value;

		/**
		 * Commands that have failed and may have been executed all the same.
		 */
		private long uncertain;

		Counter(String key) {
			this.key = key;
		}

		void increment(Outcomes outcomes) {
			Long reply = outcomes.attempt(this.key, () -> Counters.this.redis.opsForValue().increment(this.key));
			if (reply == null) {
				this.uncertain++;
				return;
			}
			long surplus = reply - this.value - 1;
			if (surplus < 0) {
				outcomes.lost(-surplus);
			}
			else if (surplus <= this.uncertain) {
				this.uncertain -= surplus;
			}
			else {
				outcomes.doubled(surplus - this.uncertain);
				this.uncertain = 0;
			}
			this.value = reply;
			Counters.this.succeeded.merge(this.key, 1L, Long::sum);
		}

	}

}
