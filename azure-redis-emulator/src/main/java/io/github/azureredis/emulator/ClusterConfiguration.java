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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What the server of a node starts with.
 */
final class ClusterConfiguration {

	/**
	 * After which the others take a node for failed. Long enough for a machine that is
	 * busy; {@link ClusterFailover} does not wait for it.
	 */
	private static final Duration NODE_TIMEOUT = Duration.ofSeconds(3);

	private static final String NODES_FILE = "nodes.conf";

	private final InternalUser user;

	private final List<String> common;

	/**
	 * Creates a configuration.
	 * @param user whom replicas authenticate as
	 * @param common the lines that do not depend on the cluster
	 */
	ClusterConfiguration(InternalUser user, List<String> common) {
		this.user = user;
		this.common = List.copyOf(common);
	}

	/**
	 * Returns the lines of a server's configuration, and writes the file in which it
	 * remembers its cluster.
	 * @param node the node
	 * @param serverPort the port of its server
	 * @param directory the directory of its server
	 * @param view the cluster as it is, or is to be
	 * @param nodes all nodes of it
	 */
	List<String> lines(ClusterNode node, int serverPort, Path directory, ClusterView view, List<ClusterNode> nodes)
			throws IOException {
		int busPort = serverPort + ServerPorts.BUS_OFFSET;
		Files.write(directory.resolve(NODES_FILE), nodesFile(node, busPort, view, nodes));
		List<String> lines = new ArrayList<>(this.common);
		lines.addAll(List.of("cluster-enabled yes", "cluster-config-file " + NODES_FILE,
				"cluster-node-timeout " + NODE_TIMEOUT.toMillis(), "cluster-require-full-coverage no",
				// The emulator says when a replica is promoted, also if the machine is
				// busy.
				"cluster-replica-no-failover yes", "cluster-announce-ip 127.0.0.1",
				"cluster-announce-port " + node.port().number(), "cluster-announce-bus-port " + busPort,
				"masteruser " + InternalUser.NAME, "masterauth " + this.user.secret(), "repl-diskless-sync yes",
				"repl-diskless-sync-delay 0"));
		return lines;
	}

	private static List<String> nodesFile(ClusterNode self, int busPort, ClusterView view, List<ClusterNode> nodes) {
		List<String> lines = new ArrayList<>();
		long epoch = 0;
		for (ClusterNode node : nodes) {
			ClusterMember member = Objects.requireNonNull(view.find(node.id()));
			lines.add(member.toLine(node == self, node.port().number(), (node == self) ? busPort : node.busPort(),
					masterId(node, view, nodes)));
			epoch = Math.max(epoch, member.epoch());
		}
		lines.add("vars currentEpoch " + epoch + " lastVoteEpoch 0");
		return lines;
	}

	/**
	 * A master that was stopped, and whose place was taken meanwhile, starts as a
	 * replica, though the others know it as a master.
	 */
	private static @Nullable String masterId(ClusterNode node, ClusterView view, List<ClusterNode> nodes) {
		String successorId = node.successorId();
		if (successorId == null) {
			return Objects.requireNonNull(view.find(node.id())).masterId();
		}
		ClusterNode successor = nodes.stream()
			.filter((other) -> other.id().equals(successorId))
			.findFirst()
			.orElseThrow();
		String masterId = masterId(successor, view, nodes);
		return (masterId != null) ? masterId : successorId;
	}

}
