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
	private static final Duration LONGEST_FAILOVER = Duration.ofSeconds(15);

	private final Topology topology;

	private final Timer timer;

	private final LongSupplier nanoTime;

	private boolean requested;

	private boolean reading;

	/**
	 * When the last read began, including those that others have begun.
	 */
	private @Nullable Long lastRead;

	private @Nullable Long unsettledSince;

	private @Nullable Disposable next;

	private long nextAt;

	RefreshScheduler(Topology topology, Timer timer, LongSupplier nanoTime) {
		this.topology = topology;
		this.timer = timer;
		this.nanoTime = nanoTime;
	}

	/**
	 * Request a read.
	 */
	synchronized void request() {
		this.requested = true;
		schedule();
	}

	/**
	 * Note that a read has been sent, whoever has begun it. It answers all requests so
	 * far.
	 */
	synchronized void readSent() {
		this.requested = false;
		this.lastRead = this.nanoTime.getAsLong();
	}

	/**
	 * Forget all requests and do not read again without another one.
	 */
	synchronized void reset() {
		this.requested = false;
		this.reading = false;
		this.unsettledSince = null;
		if (this.next != null) {
			this.next.dispose();
			this.next = null;
		}
	}

	private void schedule() {
		if (this.reading || (!this.requested && this.unsettledSince == null)) {
			return;
		}
		long now = this.nanoTime.getAsLong();
		long delay = Math.max(0, delay(now));
		if (this.next != null) {
			if (this.nextAt - (now + delay) <= 0) {
				return;
			}
			this.next.dispose();
		}
		this.nextAt = now + delay;
		this.next = this.timer.schedule(this::run, delay);
	}

	private long delay(long now) {
		Long lastRead = this.lastRead;
		return (lastRead != null) ? lastRead + interval(now).toNanos() - now : 0;
	}

	private Duration interval(long now) {
		Long unsettledSince = this.unsettledSince;
		if (this.requested || unsettledSince == null) {
			return INTERVAL;
		}
		return (now - unsettledSince <= LONGEST_FAILOVER.toNanos()) ? REPEAT_INTERVAL : LONG_REPEAT_INTERVAL;
	}

	private void run() {
		synchronized (this) {
			this.next = null;
			if (this.reading || (!this.requested && this.unsettledSince == null)) {
				return;
			}
			if (delay(this.nanoTime.getAsLong()) > 0) {
				schedule();
				return;
			}
			this.reading = true;
			readSent();
		}
		this.topology.read().whenComplete((result, failure) -> ended(failure == null && this.topology.isSettled()));
	}

	private synchronized void ended(boolean settled) {
		if (!this.reading) {
			return;
		}
		this.reading = false;
		if (settled) {
			this.unsettledSince = null;
		}
		else if (this.unsettledSince == null) {
			this.unsettledSince = this.nanoTime.getAsLong();
		}
		schedule();
	}

	/**
	 * What is read.
	 */
	interface Topology {

		/**
		 * Read the topology.
		 * @return completed when it has been read, or could not be
		 */
		CompletionStage<?> read();

		/**
		 * Return whether the last read has shown a topology that can be used.
		 * @return whether all slots have a node and all nodes can be reached
		 */
		boolean isSettled();

	}

	/**
	 * Runs tasks later.
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
