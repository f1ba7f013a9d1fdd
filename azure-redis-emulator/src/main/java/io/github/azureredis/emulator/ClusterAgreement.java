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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Waits until all running servers of a cluster know the same of it.
 */
final class ClusterAgreement {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

	private static final Duration ANNOUNCEMENT_INTERVAL = Duration.ofMillis(500);

	private final List<ClusterNode> nodes;

	private final CountDownLatch closing = new CountDownLatch(1);

	ClusterAgreement(List<ClusterNode> nodes) {
		this.nodes = nodes;
	}

	/**
	 * Ends all waiting.
	 */
	void close() {
		this.closing.countDown();
	}

	boolean isClosed() {
		return this.closing.getCount() == 0;
	}

	/**
	 * Lets time pass.
	 * @param operation what waits, for the exception
	 * @throws IllegalStateException if the cluster is closed meanwhile, or the thread is
	 * interrupted
	 */
	void pause(String operation, Duration duration) {
		try {
			this.closing.await(duration.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted in '" + operation + "'", ex);
		}
		requireOpen();
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
		long nextAnnouncement = System.nanoTime() + ANNOUNCEMENT_INTERVAL.toNanos();
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
			requireOpen();
			if (Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException("Interrupted while the cluster agreed on '" + operation + "'");
			}
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException(
						"The cluster did not agree on '" + operation + "' within " + timeout + ". " + obstacle);
			}
			if (System.nanoTime() - nextAnnouncement > 0) {
				announce();
				nextAnnouncement = System.nanoTime() + ANNOUNCEMENT_INTERVAL.toNanos();
			}
			LockSupport.parkNanos(POLL_INTERVAL.toNanos());
		}
	}

	/**
	 * Lets each server tell all others about itself, for which it takes more than a
	 * second otherwise. A server also drops the address of another one, for good, when it
	 * finds a third one there, as the ports are taken at random.
	 */
	private void announce() {
		for (ClusterNode node : this.nodes) {
			List<List<String>> introductions = this.nodes.stream()
				.filter((other) -> other != node && other.isRunning())
				.map(ClusterNode::introduction)
				.toList();
			try {
				node.callAll(introductions);
			}
			catch (IllegalStateException ex) {
				// It does not run, or not any more.
			}
		}
	}

	private void requireOpen() {
		if (isClosed()) {
			throw new IllegalStateException("The cluster is closed");
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
