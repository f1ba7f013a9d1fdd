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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamReadOptions;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Entries of a stream, and those that a consumer of a group gets.
 */
final class Entries {

	private static final String GROUP = "group";

	private static final Consumer CONSUMER = Consumer.from(GROUP, "consumer");

	private final StreamOperations<String, String, String> streams;

	private final String stream;

	private final AtomicInteger rounds = new AtomicInteger();

	private final AtomicInteger last = new AtomicInteger();

	private final Set<Integer> added = ConcurrentHashMap.newKeySet();

	private final Set<Integer> received = ConcurrentHashMap.newKeySet();

	Entries(StringRedisTemplate redis, String prefix) {
		this.streams = redis.opsForStream();
		this.stream = prefix + "stream";
	}

	/**
	 * Create the group, unless there is one. There is none in a server that is empty.
	 */
	void createGroup() {
		try {
			this.streams.createGroup(this.stream, ReadOffset.from("0"), GROUP);
		}
		catch (RuntimeException ex) {
			// The next one succeeds, or there is a group.
		}
	}

	void add(Outcomes outcomes) {
		int number = this.last.incrementAndGet();
		if (outcomes.attempt("XADD",
				() -> this.streams.add(this.stream, Map.of("number", String.valueOf(number)))) != null) {
			this.added.add(number);
		}
	}

	/**
	 * Take the entries of an answer that has been lost, then wait for new ones.
	 */
	void take(Outcomes outcomes) {
		take(outcomes, StreamReadOptions.empty(), ReadOffset.from("0"));
		take(outcomes, StreamReadOptions.empty().block(Duration.ofMillis(500)), ReadOffset.lastConsumed());
		this.rounds.incrementAndGet();
	}

	/**
	 * Read entries. A blocked reader has to ask again when its master becomes a replica.
	 */
	@SuppressWarnings("unchecked")
	private List<MapRecord<String, String, String>> read(StreamReadOptions options, ReadOffset offset) {
		try {
			return this.streams.read(CONSUMER, options.count(50), StreamOffset.create(this.stream, offset));
		}
		catch (RedisSystemException ex) {
			if (String.valueOf(ex.getMostSpecificCause().getMessage()).startsWith("UNBLOCKED")) {
				return List.of();
			}
			throw ex;
		}
	}

	private void take(Outcomes outcomes, StreamReadOptions options, ReadOffset offset) {
		List<MapRecord<String, String, String>> records = outcomes.attempt("XREADGROUP", () -> read(options, offset));
		if (records == null) {
			createGroup();
			return;
		}
		if (records.isEmpty()) {
			return;
		}
		records.forEach((entry) -> this.received.add(Integer.valueOf(entry.getValue().get("number"))));
		RecordId[] ids = records.stream().map(MapRecord::getId).toArray(RecordId[]::new);
		outcomes.attempt("XACK", () -> this.streams.acknowledge(this.stream, GROUP, ids));
	}

	boolean hasReceivedAfter(int number) {
		return this.received.stream().anyMatch((received) -> received > number);
	}

	/**
	 * Return how often entries have been taken.
	 */
	int rounds() {
		return this.rounds.get();
	}

	int last() {
		return this.last.get();
	}

	long added(int from, int to) {
		return this.added.stream().filter((number) -> number > from && number <= to).count();
	}

	long missed(int from, int to) {
		return this.added.stream()
			.filter((number) -> number > from && number <= to && !this.received.contains(number))
			.count();
	}

}
