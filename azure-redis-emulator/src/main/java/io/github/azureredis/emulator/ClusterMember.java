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

import java.util.BitSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a server of a cluster knows of one of its nodes, a line of {@code CLUSTER NODES}.
 *
 * @param id the node's id
 * @param port the port that it is known by to clients
 * @param busPort the port that it is known by to the other servers
 * @param flags its state
 * @param masterId the id of its master if it is a replica
 * @param epoch the version of its claim to its slots
 * @param connected whether the server has a connection to it
 * @param slots the slots that it serves
 */
record ClusterMember(String id, int port, int busPort, Set<String> flags, @Nullable String masterId, long epoch,
		boolean connected, BitSet slots) {

	static final int SLOTS = 16_384;

	private static final List<String> UNREACHABLE = List.of("fail", "fail?", "handshake", "noaddr");

	static ClusterMember parse(String line) {
		String[] fields = line.split(" ");
		// The address may be followed by ",hostname".
		String[] ports = fields[1].split(",")[0].split(":")[1].split("@");
		BitSet slots = new BitSet();
		for (int i = 8; i < fields.length; i++) {
			// "[slot->-id]" is a slot on its way.
			if (!fields[i].startsWith("[")) {
				String[] range = fields[i].split("-");
				slots.set(Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1]) + 1);
			}
		}
		return new ClusterMember(fields[0], Integer.parseInt(ports[0]), Integer.parseInt(ports[1]),
				Set.of(fields[2].split(",")), fields[3].equals("-") ? null : fields[3], Long.parseLong(fields[6]),
				fields[7].equals("connected"), slots);
	}

	boolean isReachable() {
		return this.flags.stream().noneMatch(UNREACHABLE::contains)
				&& (this.connected || this.flags.contains("myself"));
	}

	/**
	 * Returns whether another server sees the same node, be it reachable for it or not.
	 */
	boolean agreesWith(ClusterMember other) {
		return this.id.equals(other.id) && this.port == other.port && this.busPort == other.busPort
				&& this.slots.equals(other.slots)
				&& String.valueOf(this.masterId).equals(String.valueOf(other.masterId));
	}

	/**
	 * Returns the line of this node in the file that a server starts with.
	 * @param self whether it is that server's own
	 * @param port the port that it is known by to clients
	 * @param busPort the port that it is known by to the other servers
	 * @param masterId the id of its master if it is a replica
	 */
	String toLine(boolean self, int port, int busPort, @Nullable String masterId) {
		StringBuilder line = new StringBuilder(this.id).append(" 127.0.0.1:").append(port).append('@').append(busPort);
		line.append(self ? " myself," : " ").append((masterId != null) ? "slave " + masterId : "master -");
		line.append(" 0 0 ").append(this.epoch).append(" connected");
		for (int first = this.slots.nextSetBit(0); first >= 0;) {
			int end = this.slots.nextClearBit(first);
			line.append(' ').append(first).append('-').append(end - 1);
			first = this.slots.nextSetBit(end);
		}
		return line.toString();
	}

}
