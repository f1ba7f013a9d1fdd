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

package io.github.azureredis.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Starts the servers of several nodes at the same time.
 */
final class ClusterServers {

	private ClusterServers() {
	}

	/**
	 * Starts servers, and waits until they have started, or one could not.
	 * @throws EmulatorStartException if a server does not start, or the thread is
	 * interrupted
	 */
	static void start(List<ClusterNode> nodes) {
		ExecutorService executor = Executors.newFixedThreadPool(nodes.size(),
				new DefaultThreadFactory("azure-redis-emulator-start", true));
		try {
			List<Future<?>> starts = new ArrayList<>();
			nodes.forEach((node) -> starts.add(executor.submit(node.server()::start)));
			for (Future<?> start : starts) {
				start.get();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new EmulatorStartException("Interrupted while the Redis servers started", ex);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof EmulatorStartException cause) ? cause
					: new EmulatorStartException("The Redis servers could not be started", ex.getCause());
		}
		finally {
			executor.shutdownNow();
			awaitTermination(executor);
		}
	}

	private static void awaitTermination(ExecutorService executor) {
		try {
			executor.awaitTermination(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
