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

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Waits until all running servers of a cluster know the same of it.
 */
final class ClusterAgreement {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

	private final List<ClusterNode> nodes;

	private volatile boolean closed;

	ClusterAgreement(List<ClusterNode> nodes) {
		this.nodes = nodes;
	}

	/**
	 * Ends all waiting.
	 */
	void close() {
		this.closed = true;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Waits for an agreement.
	 * @param operation what has been done, for the exception
	 * @param expected what all have to know
	 * @return what all know
	 * @throws IllegalStateException if there is none in time
	 */
	ClusterView await(String operation, Predicate<ClusterView> expected) {
		return await(operation, TIMEOUT, expected);
	}

	ClusterView await(String operation, Duration timeout, Predicate<ClusterView> expected) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (true) {
			String obstacle;
			try {
				ClusterView view = agreed();
				if (expected.test(view)) {
					return view;
				}
				obstacle = "The cluster is unchanged";
			}
			catch (IOException | IllegalStateException ex) {
				obstacle = String.valueOf(ex.getMessage());
			}
			if (this.closed) {
				throw new IllegalStateException("The emulator is closed");
			}
			if (Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException("Interrupted while the cluster agreed on '" + operation + "'");
			}
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException(
						"The cluster did not agree on '" + operation + "' within " + timeout + ". " + obstacle);
			}
			LockSupport.parkNanos(POLL_INTERVAL.toNanos());
		}
	}

	private ClusterView agreed() throws IOException {
		ClusterView first = null;
		for (ClusterNode node : this.nodes) {
			if (node.isRunning()) {
				ClusterView view = view(node, first);
				first = (first != null) ? first : view;
			}
		}
		require(first != null, "No node runs");
		return Objects.requireNonNull(first);
	}

	private ClusterView view(ClusterNode node, @Nullable ClusterView first) throws IOException {
		try (AdminConnection connection = node.connect()) {
			ClusterView view = ClusterView.parse((String) connection.call("CLUSTER", "NODES"));
			require(view.members().size() == this.nodes.size(), node + " does not know all nodes");
			for (ClusterNode other : this.nodes) {
				requireKnown(node, other, view.find(other.id()));
			}
			require(first == null || first.agreesWith(view), node + " knows another topology");
			require(!hasMajority(view) || ((String) connection.call("CLUSTER", "INFO")).contains("cluster_state:ok"),
					node + " does not serve");
			ClusterMember self = Objects.requireNonNull(view.find(node.id()));
			requireLink(node, self.masterId(), connection);
			return view;
		}
	}

	private static void requireKnown(ClusterNode node, ClusterNode other, @Nullable ClusterMember member) {
		require(member != null && member.port() == other.port().number() && member.busPort() == other.busPort(),
				node + " does not know the address of " + other);
		require(!other.isRunning() || Objects.requireNonNull(member).isReachable(), node + " does not reach " + other);
	}

	private void requireLink(ClusterNode replica, @Nullable String masterId, AdminConnection connection)
			throws IOException {
		for (ClusterNode master : this.nodes) {
			if (master.id().equals(masterId) && master.isRunning()) {
				List<String> replication = ((String) connection.call("INFO", "replication")).lines().toList();
				require(replication.contains("master_link_status:up")
						&& replication.contains("master_port:" + master.port().number()),
						replica + " does not have the data of " + master);
			}
		}
	}

	/**
	 * Without it no server serves, in a cluster that knows it.
	 */
	private boolean hasMajority(ClusterView view) {
		List<ClusterMember> masters = view.members().stream().filter((member) -> !member.slots().isEmpty()).toList();
		long running = masters.stream()
			.filter((master) -> this.nodes.stream()
				.anyMatch((node) -> node.id().equals(master.id()) && node.isRunning()))
			.count();
		return running > masters.size() / 2;
	}

	private static void require(boolean condition, String obstacle) {
		if (!condition) {
			throw new IllegalStateException(obstacle);
		}
	}

}
