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

package io.github.azureredis.lettuce.topology;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Scheduler for the reads of a topology. A request leads to a read that begins after it:
 * at once, or as soon as the interval since the last read has passed. Requests that come
 * together share a read. While the topology is unsettled, it is read again without a
 * request. Thread-safe.
 */
final class RefreshScheduler {

	/**
	 * Together with the triggers of Lettuce, which are answered once a second, there are
	 * no more than three reads in a second.
	 */
	static final Duration INTERVAL = Duration.ofMillis(500);

	static final Duration REPEAT_INTERVAL = Duration.ofSeconds(1);

	static final Duration LONG_REPEAT_INTERVAL = Duration.ofSeconds(5);

	/**
	 * An unplanned failover takes Azure 10 to 15 seconds.
	 * @see <a href= "https://learn.microsoft.com/azure/redis/failover">Failover and
	 * patching</a>
	 */
	static final Duration LONGEST_FAILOVER = Duration.ofSeconds(15);

	private static final Duration LONG_SERIES = Duration.ofMinutes(1);

	private final Topology topology;

	private final Timer timer;

	private final LongSupplier nanoTime;

	private final LongSupplier jitter;

	private boolean requested;

	private boolean reading;

	private boolean unsettled;

	/**
	 * When the last read began, including those that others have begun.
	 */
	private @Nullable Long lastRead;

	/**
	 * When the last read of this scheduler began.
	 */
	private long lastOwnRead;

	/**
	 * Since when this scheduler has read without a long pause.
	 */
	private @Nullable Long seriesSince;

	private @Nullable Disposable next;

	private long nextAt;

	private int generation;

	/**
	 * Create a scheduler.
	 * @param topology the topology to read
	 * @param timer runs tasks later
	 * @param nanoTime the monotonic clock
	 * @param jitter returns the nanoseconds by which a read is late, so that applications
	 * that lose the same node do not read at the same moment
	 */
	RefreshScheduler(Topology topology, Timer timer, LongSupplier nanoTime, LongSupplier jitter) {
		this.topology = topology;
		this.timer = timer;
		this.nanoTime = nanoTime;
		this.jitter = jitter;
	}

	/**
	 * Request a read.
	 */
	synchronized void request() {
		this.requested = true;
		schedule();
	}

	/**
	 * Note that a read has been sent, whoever has begun it.
	 */
	synchronized void readSent() {
		this.lastRead = this.nanoTime.getAsLong();
	}

	/**
	 * Forget all requests and do not read again without another one.
	 */
	synchronized void reset() {
		this.generation++;
		this.requested = false;
		this.reading = false;
		this.unsettled = false;
		this.seriesSince = null;
		if (this.next != null) {
			this.next.dispose();
			this.next = null;
		}
	}

	private void schedule() {
		if (isIdle()) {
			return;
		}
		long now = this.nanoTime.getAsLong();
		long delay = Math.max(0, delay(now)) + this.jitter.getAsLong();
		if (this.next != null) {
			if (this.nextAt - (now + delay) <= 0) {
				return;
			}
			this.next.dispose();
		}
		this.nextAt = now + delay;
		this.next = this.timer.schedule(this::run, delay);
	}

	private boolean isIdle() {
		return this.reading || (!this.requested && !this.unsettled);
	}

	private long delay(long now) {
		Long lastRead = this.lastRead;
		return (lastRead != null) ? lastRead + interval(now).toNanos() - now : 0;
	}

	/**
	 * What asks again and again, such as a node that accepts connections and resets them,
	 * is answered less often in time.
	 */
	private Duration interval(long now) {
		Long seriesSince = this.seriesSince;
		long series = (seriesSince != null) ? now - seriesSince : 0;
		if (series <= LONGEST_FAILOVER.toNanos()) {
			return this.requested ? INTERVAL : REPEAT_INTERVAL;
		}
		return (this.requested && series <= LONG_SERIES.toNanos()) ? REPEAT_INTERVAL : LONG_REPEAT_INTERVAL;
	}

	private void run() {
		int generation;
		synchronized (this) {
			this.next = null;
			if (isIdle()) {
				return;
			}
			long now = this.nanoTime.getAsLong();
			if (delay(now) > 0) {
				schedule();
				return;
			}
			if (this.seriesSince == null || now - this.lastOwnRead > 2 * LONG_REPEAT_INTERVAL.toNanos()) {
				this.seriesSince = now;
			}
			this.lastOwnRead = now;
			this.lastRead = now;
			this.requested = false;
			this.reading = true;
			generation = this.generation;
		}
		this.topology.read()
			.whenComplete((settled, failure) -> ended(generation, failure == null && Boolean.TRUE.equals(settled)));
	}

	private synchronized void ended(int generation, boolean settled) {
		if (generation == this.generation) {
			this.reading = false;
			this.unsettled = !settled;
			schedule();
		}
	}

	/**
	 * Topology to read.
	 */
	interface Topology {

		/**
		 * Read the topology.
		 * @return whether all slots have a node and all nodes can be reached, when it has
		 * been read; failed if it could not be read
		 */
		CompletionStage<Boolean> read();

	}

	/**
	 * Strategy used to schedule tasks.
	 */
	interface Timer {

		/**
		 * Schedule a task.
		 * @param task the task
		 * @param delay the delay in nanoseconds
		 * @return the handle to cancel it
		 */
		Disposable schedule(Runnable task, long delay);

	}

}
