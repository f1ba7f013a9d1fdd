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

import java.util.BitSet;
import java.util.function.LongSupplier;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import org.jspecify.annotations.Nullable;

/**
 * Coverage of the slots in the topologies that a server has answered. A node that has
 * heard of the loss of a master and not of its successor yet leaves slots out. With such
 * a topology, commands for these slots would fail at once. With the one before, they wait
 * or are redirected. Thread-safe.
 */
final class SlotCoverage {

	private final LongSupplier nanoTime;

	private boolean complete;

	private @Nullable Long incompleteSince;

	SlotCoverage(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Forget earlier topologies.
	 */
	synchronized void reset() {
		this.complete = false;
		this.incompleteSince = null;
	}

	/**
	 * Return whether to use a topology.
	 * @param nodes the answer to {@code CLUSTER NODES}
	 * @return {@code false} if it leaves slots out that the one before did not, for as
	 * long as a failover may take
	 */
	synchronized boolean accept(String nodes) {
		boolean complete = isComplete(nodes);
		if (!complete && this.complete) {
			long now = this.nanoTime.getAsLong();
			if (this.incompleteSince == null) {
				this.incompleteSince = now;
			}
			if (now - this.incompleteSince <= RefreshScheduler.LONGEST_FAILOVER.toNanos()) {
				return false;
			}
		}
		this.complete = complete;
		this.incompleteSince = null;
		return true;
	}

	private static boolean isComplete(String nodes) {
		BitSet covered = new BitSet(SlotHash.SLOT_COUNT);
		ClusterPartitionParser.parse(nodes).forEach((node) -> node.forEachSlot(covered::set));
		return covered.cardinality() == SlotHash.SLOT_COUNT;
	}

}
