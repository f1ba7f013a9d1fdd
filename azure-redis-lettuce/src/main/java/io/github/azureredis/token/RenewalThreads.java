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

package io.github.azureredis.token;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Threads of one {@link EntraTokenProvider}: one for its loop, and others for requests,
 * since a credential may block its caller. All are daemons.
 */
final class RenewalThreads {

	static final int MAX_REQUEST_THREADS = 32;

	private static final AtomicInteger instances = new AtomicInteger();

	private final Scheduler loop;

	private final Scheduler requests;

	RenewalThreads(Scheduler loop, Scheduler requests) {
		this.loop = loop;
		this.requests = requests;
	}

	static RenewalThreads create() {
		String name = "azure-redis-token-" + instances.incrementAndGet();
		// Reactor refuses block() on this thread, so that no subscriber holds up renewal.
		return new RenewalThreads(Schedulers.newSingle(name, true),
				Schedulers.fromExecutorService(requestExecutor(name + "-request")));
	}

	/**
	 * Create an executor for requests. One thread is enough for a credential that obeys
	 * its interruption. One that does not keeps its thread, and the next request needs
	 * another one.
	 * @param name the name of the threads
	 * @return a new executor
	 */
	static ExecutorService requestExecutor(String name) {
		return new ThreadPoolExecutor(0, MAX_REQUEST_THREADS, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		}, (task, executor) -> {
			throw new RejectedExecutionException("All " + MAX_REQUEST_THREADS
					+ " threads for requests are blocked by the credential, which ignores their interruption");
		});
	}

	Scheduler loop() {
		return this.loop;
	}

	Scheduler requests() {
		return this.requests;
	}

	void dispose() {
		this.loop.dispose();
		this.requests.dispose();
	}

}
