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
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.ConnectionTotals;
import io.github.azureredis.emulator.AzureRedisEmulator;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

import static org.awaitility.Awaitility.await;

/**
 * All that an application does with Redis, without a pause.
 */
final class DrillLoad implements AutoCloseable {

	private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(45);

	private final String name;

	private final ConfigurableApplicationContext context;

	private final AzureRedisMonitor monitor;

	private final Counters counters;

	private final Messages messages;

	private final Entries entries;

	private final Cache cache;

	private final AtomicInteger cached = new AtomicInteger();

	private final TopologyReads topologyReads;

	private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(Counters.THREADS + 5);

	private volatile Outcomes outcomes = new Outcomes();

	private ConnectionTotals totals;

	private long sentAgainBefore;

	private long sentAgainUntilLastEnd;

	private int lastMessage;

	private int lastEntry;

	DrillLoad(String name, AzureRedisEmulator emulator, String... properties) {
		this.name = name;
		this.context = DrillApplication.run(emulator, properties);
		this.monitor = this.context.getBean(AzureRedisMonitor.class);
		this.totals = this.monitor.getStatus().getConnectionTotals();
		this.topologyReads = new TopologyReads(() -> this.monitor.getStatus().getConnectionTotals().getTopologyReads());
		StringRedisTemplate redis = this.context.getBean(StringRedisTemplate.class);
		this.counters = new Counters(redis, name + ":");
		this.messages = new Messages(redis, this.context.getBean(RedisMessageListenerContainer.class), name + ":");
		this.entries = new Entries(redis, name + ":");
		this.cache = this.context.getBean(CacheManager.class).getCache(name);
		this.entries.createGroup();
		begin();
		for (int thread = 0; thread < Counters.THREADS; thread++) {
			repeat(this.counters.task(thread, () -> this.outcomes), 3);
		}
		repeat(() -> this.messages.publish(this.outcomes), 5);
		repeat(() -> this.entries.add(this.outcomes), 5);
		repeat(() -> this.entries.take(this.outcomes), 1);
		repeat(this::cache, 5);
		repeat(this.topologyReads::sample, 50);
		awaitAll();
	}

	private void repeat(Runnable task, int pauseMillis) {
		this.executor.scheduleWithFixedDelay(task, 0, pauseMillis, TimeUnit.MILLISECONDS);
	}

	private void cache() {
		Outcomes outcomes = this.outcomes;
		int number = this.cached.incrementAndGet() % 50;
		Integer square = outcomes.attempt("cache", () -> this.cache.get(number, () -> number * number));
		if (square != null && square != number * number) {
			outcomes.lost(1);
		}
		outcomes.attempt("cache", () -> {
			this.cache.evict(number);
			return null;
		});
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	boolean isTokenMissing() {
		return this.monitor.getStatus().isTokenMissing();
	}

	List<String> keys() {
		return this.counters.keys();
	}

	/**
	 * Begin a drill. Commands that are under way belong to the one before.
	 */
	void begin() {
		this.totals = this.monitor.getStatus().getConnectionTotals();
		this.sentAgainBefore = this.totals.getCommandsSentAgain() - this.sentAgainUntilLastEnd;
		this.lastMessage = this.messages.last();
		this.lastEntry = this.entries.last();
		this.topologyReads.begin();
		this.outcomes = new Outcomes();
	}

	/**
	 * Wait until each key has been incremented again, and a message and each entry has
	 * been received.
	 */
	void awaitAll() {
		Map<String, Long> before = this.counters.succeeded();
		int message = this.messages.last();
		int entry = this.entries.last();
		await(this.name).atMost(LONGEST_RECOVERY)
			.until(() -> this.counters.keys()
				.stream()
				.allMatch((key) -> this.counters.succeeded(key) > before.getOrDefault(key, 0L)));
		await(this.name).atMost(LONGEST_RECOVERY).until(() -> this.messages.hasReceivedAfter(message));
		await(this.name).atMost(LONGEST_RECOVERY).until(() -> this.entries.hasReceivedAfter(entry));
		int rounds = this.entries.rounds();
		// One that begins from now on takes what an answer that was lost has left.
		await(this.name).atMost(LONGEST_RECOVERY).until(() -> this.entries.rounds() > rounds + 1);
	}

	/**
	 * End a drill.
	 * @param over when nothing more was done to the instance
	 */
	Figures end(Instant over) {
		int message = this.messages.last();
		int entry = this.entries.last();
		awaitAll();
		this.topologyReads.sample();
		ConnectionTotals now = this.monitor.getStatus().getConnectionTotals();
		this.sentAgainUntilLastEnd = now.getCommandsSentAgain();
		return new Figures(this.name, this.outcomes, over, this.messages.published(this.lastMessage, message),
				this.messages.missed(this.lastMessage, message), this.entries.added(this.lastEntry, entry),
				this.entries.missed(this.lastEntry, entry), this.topologyReads.count(),
				this.topologyReads.mostInOneSecond(), now.getOpened() - this.totals.getOpened(),
				now.getLost() - this.totals.getLost(), now.getCommandsSentAgain() - this.totals.getCommandsSentAgain(),
				this.sentAgainBefore);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
		this.context.close();
	}

}
