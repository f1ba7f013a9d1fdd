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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a replica become the master.
 */
final class ClusterFailover {

	/**
	 * A replica gives up after 5 seconds if it does not get the votes of the masters,
	 * which vote only once for the same shard within twice the node timeout.
	 */
	private static final Duration ATTEMPT = Duration.ofSeconds(6);

	private static final int ATTEMPTS = 4;

	private static final Duration DATA_TIMEOUT = Duration.ofSeconds(10);

	private final ClusterAgreement agreement;

	ClusterFailover(ClusterAgreement agreement) {
		this.agreement = agreement;
	}

	/**
	 * Lets a replica change roles with its master.
	 */
	ClusterView planned(ClusterNode replica) {
		for (int attempt = 1;; attempt++) {
			replica.call(List.of("CLUSTER", "FAILOVER"));
			try {
				return this.agreement.await("failover", ATTEMPT, (view) -> view.isMaster(replica.id()));
			}
			catch (IllegalStateException ex) {
				if (attempt == ATTEMPTS || this.agreement.isClosed()) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Lets a replica take the place of its master, which does not run.
	 */
	ClusterView forced(ClusterNode replica) {
		replica.call(List.of("CLUSTER", "FAILOVER", "TAKEOVER"));
		return this.agreement.await("failover", (view) -> view.isMaster(replica.id()));
	}

	/**
	 * Waits until a replica has the data that its master has now.
	 */
	static void awaitData(ClusterNode replica, ClusterNode master) {
		long offset = offset(master, "master_repl_offset:");
		long deadline = System.nanoTime() + DATA_TIMEOUT.toNanos();
		while (offset(replica, "slave_repl_offset:") < offset) {
			if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException(replica + " did not get the data of " + master);
			}
			LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
		}
	}

	private static long offset(ClusterNode node, String field) {
		return ((String) node.call(List.of("INFO", "replication"))).lines()
			.filter((line) -> line.startsWith(field))
			.mapToLong((line) -> Long.parseLong(line.substring(field.length())))
			.findFirst()
			.orElseThrow();
	}

}
