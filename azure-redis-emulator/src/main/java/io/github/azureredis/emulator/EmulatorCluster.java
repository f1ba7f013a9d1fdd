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

/**
 * The nodes of an {@link AzureRedisEmulator} with the clustering policy
 * {@link AzureRedisClusteringPolicy#OSS}, and what happens to them. An operation returns
 * when all running nodes agree on its result, hence clients learn of it from any node.
 * <p>
 * Nodes are told apart by {@link EmulatorNode#id()}; other values of one that is passed
 * may be out of date. Every operation throws an {@link IllegalArgumentException} for a
 * node that does not exist, and an {@link IllegalStateException} if the emulator is
 * closed, a node that it needs does not run, or the nodes do not agree in half a minute.
 * <p>
 * Thread-safe; one operation waits for the other.
 * {@link #patchNode(EmulatorNode, Duration) Patching}, {@link #scale(int, Duration)
 * scaling} and {@link #fail(EmulatorNode, Duration) failing} leave the nodes to other
 * operations while they let time pass. They block, and end with an
 * {@link IllegalStateException} if the thread is interrupted.
 *
 * @since 0.1.0
 * @see AzureRedisEmulator#cluster()
 */
public final class EmulatorCluster {

	private final ClusterBackend backend;

	EmulatorCluster(ClusterBackend backend) {
		this.backend = backend;
	}

	/**
	 * Returns all nodes as they are after the last operation, also those that do not run.
	 */
	public List<EmulatorNode> nodes() {
		return this.backend.nodes();
	}

	/**
	 * Returns the slot of a key.
	 * @param key the key, in UTF-8
	 * @return 0 to 16383
	 */
	public int slotOf(String key) {
		return this.backend.slotOf(key);
	}

	/**
	 * Returns the node that serves a key.
	 * @param key the key, in UTF-8
	 * @return a master, which need not run
	 */
	public EmulatorNode masterOf(String key) {
		return this.backend.masterOf(slotOf(key));
	}

	/**
	 * Begins to move slots. From now on the node that serves such a slot answers
	 * {@code ASK} for keys that it does not have.
	 * @param firstSlot the first slot, 0 to 16383
	 * @param lastSlot the last slot, not less than the first one; slots that the target
	 * has already stay as they are
	 * @param target a master
	 * @return the move, which is to be finished
	 */
	public SlotMove beginMove(int firstSlot, int lastSlot, EmulatorNode target) {
		synchronized (this.backend) {
			SlotMove move = SlotMove.ofRange(this.backend, firstSlot, lastSlot, target.id());
			move.begin();
			return move;
		}
	}

	/**
	 * Moves slots with their keys. From then on the nodes answer {@code MOVED}. A master
	 * that has lost its last slot may become a replica of the target, as Redis has it.
	 * @param firstSlot the first slot, 0 to 16383
	 * @param lastSlot the last slot, not less than the first one; slots that the target
	 * has already stay as they are
	 * @param target a master
	 */
	public void moveSlots(int firstSlot, int lastSlot, EmulatorNode target) {
		beginMove(firstSlot, lastSlot, target).finish();
	}

	/**
	 * Stops the server of a node, as if its machine failed: its connections are cut and
	 * new ones are closed. If it is a master and has a replica, which has all of its
	 * data, that takes its place. Otherwise its slots are not served; others are as long
	 * as more than half of the masters run.
	 * @param node the node; no effect if it does not run
	 */
	public void stop(EmulatorNode node) {
		this.backend.stop(node.id());
	}

	/**
	 * Starts the server of a node again, with the same port and no data of its own: as a
	 * replica of the one that has taken its place, if there is one, as a replica that
	 * copies its master's data, or as an empty master.
	 * @param node the node; no effect if it runs
	 * @throws EmulatorStartException if the server does not start
	 */
	public void start(EmulatorNode node) {
		this.backend.start(node.id());
	}

	/**
	 * Lets a replica and its master change roles, as Azure does for maintenance. No data
	 * is lost and connections stay.
	 * @param master a master with slots and a replica
	 * @throws IllegalArgumentException if it is no master, or has no slots or no replica
	 * that runs
	 */
	public void failOver(EmulatorNode master) {
		this.backend.failOver(master.id());
	}

	/**
	 * Adds a master without slots and without a replica.
	 * @return the new node
	 * @throws EmulatorStartException if its server does not start
	 */
	public EmulatorNode addNode() {
		return this.backend.addNode();
	}

	/**
	 * Replaces each node by a new one with another port and another id, as Azure does
	 * when an instance is scaled. The data stays, the old ports are closed. The port of
	 * the emulator does not change.
	 * @throws EmulatorStartException if a server does not start
	 */
	public void replaceNodes() {
		this.backend.maintenance().replaceNodes();
	}

	/**
	 * Replace each node by a new one, one after the other. Azure Managed Redis does so
	 * about once a month, to patch the operating system and Redis. Without replicas, the
	 * new nodes join together at the start. See
	 * {@link #patchNode(EmulatorNode, Duration)}.
	 * @param shutdownDelay how long each node runs after another one has taken its place,
	 * not negative
	 * @throws EmulatorStartException if a server does not start
	 */
	public void patchNodes(Duration shutdownDelay) {
		this.backend.maintenance().patch(Durations.requireNotNegative(shutdownDelay, "shutdownDelay"));
	}

	/**
	 * Replace a node by a new one with another port and another id, as a patch on Azure
	 * replaces a virtual machine, whereby the address of the node changes. A master with
	 * a replica hands over by a planned failover, one without by a move of its slots,
	 * with {@code ASK} and {@code MOVED} meanwhile. No data is lost. New connections to
	 * the port of the emulator do not lead to the old node any more. After the delay it
	 * is shut down, and its port refuses connections.
	 * @param node the node
	 * @param shutdownDelay how long it runs after the new one has taken its place, not
	 * negative
	 * @throws EmulatorStartException if the new server does not start
	 * @see <a href= "https://learn.microsoft.com/azure/redis/failover">Failover and
	 * patching for Azure Managed Redis</a>
	 */
	public void patchNode(EmulatorNode node, Duration shutdownDelay) {
		this.backend.maintenance().patch(node.id(), Durations.requireNotNegative(shutdownDelay, "shutdownDelay"));
	}

	/**
	 * Change the number of masters, and share the slots evenly among them. Added masters
	 * have a replica each if the emulator was built with replicas. The last masters are
	 * removed with their replicas once their slots have moved: they answer {@code MOVED}
	 * during the delay, then their ports refuse connections. No data is lost.
	 * @param masters the number of masters, positive
	 * @param shutdownDelay how long a removed node still runs, not negative; also waited
	 * for if none is removed
	 * @throws EmulatorStartException if a server does not start
	 * @see <a href="https://learn.microsoft.com/azure/redis/how-to-scale">Scale an Azure
	 * Managed Redis instance</a>
	 */
	public void scale(int masters, Duration shutdownDelay) {
		if (masters < 1) {
			throw new IllegalArgumentException("'masters' must be positive, not " + masters);
		}
		this.backend.maintenance().scale(masters, Durations.requireNotNegative(shutdownDelay, "shutdownDelay"));
	}

	/**
	 * Let the machine of a node fail, as in an unplanned failover: its connections are
	 * reset and new ones are closed. Its replica is promoted only when the failure is
	 * detected, for which Azure needs 10 to 15 seconds; until then nobody serves its
	 * slots. Writes that the replica does not have are lost. There is no promotion if
	 * there is no replica that runs, or the node has been started again meanwhile. See
	 * {@link #stop(EmulatorNode)} for a failure without delay and loss.
	 * @param node the node; no effect if it does not run
	 * @param detection how long the failure is not detected, not negative
	 * @see <a href= "https://learn.microsoft.com/azure/redis/failover">Failover and
	 * patching for Azure Managed Redis</a>
	 */
	public void fail(EmulatorNode node, Duration detection) {
		this.backend.fail(node.id(), Durations.requireNotNegative(detection, "detection"));
	}

	/**
	 * Let a node hang, as on a machine that is frozen: its connections stay open, its
	 * port accepts new ones, and nothing that clients send is answered. Connections of
	 * the emulator's port that lead to it hang as well; new ones lead to another node if
	 * there is one. The other nodes do not notice.
	 * @param node the node
	 * @throws IllegalStateException if it does not run
	 */
	public void freeze(EmulatorNode node) {
		this.backend.freeze(node.id(), true);
	}

	/**
	 * End {@link #freeze(EmulatorNode)}. What clients have sent meanwhile is executed,
	 * unless their connection has ended.
	 * @param node the node; no effect if it does not hang
	 * @throws IllegalStateException if it does not run
	 */
	public void thaw(EmulatorNode node) {
		this.backend.freeze(node.id(), false);
	}

	/**
	 * Return how many connections clients have opened at the port of a node so far.
	 * @param node the node, which may have left
	 */
	public long connectionsOpened(EmulatorNode node) {
		return this.backend.front().connectionsOpened(node.port());
	}

	/**
	 * Record who connects to the ports of nodes that leave from now on. Such a port then
	 * accepts a connection and resets it at once, where it would refuse it otherwise.
	 * @see #retiredPorts()
	 */
	public void watchRetiredPorts() {
		this.backend.front().watchRetiredPorts();
	}

	/**
	 * Return the ports of nodes that have left since {@link #watchRetiredPorts()}, the
	 * first one first.
	 */
	public List<EmulatorRetiredPort> retiredPorts() {
		return this.backend.front().retiredPorts();
	}

}
