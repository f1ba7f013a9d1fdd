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

package io.github.azureredis.integration.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorCluster;
import io.github.azureredis.emulator.EmulatorNode;
import io.github.azureredis.emulator.SlotMove;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Azure does to the nodes of a clustered instance, and what applications may notice
 * of it.
 */
final class ClusterScenarios implements AutoCloseable {

	private static final Duration RETIREMENT = Duration.ofSeconds(15);

	private static final int MOST_READS_IN_ONE_SECOND = 3;

	private final AzureRedisEmulator emulator;

	private final EmulatorCluster cluster;

	private final Drills drills;

	private final String suffix;

	ClusterScenarios(boolean replicas) {
		this.emulator = AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
			.replicas(replicas)
			.tokenLifetime(Drills.TOKEN_LIFETIME)
			.start();
		this.cluster = this.emulator.cluster();
		this.cluster.watchRetiredPorts();
		this.drills = new Drills(this.emulator);
		this.suffix = replicas ? ", with replicas" : ", without replicas";
	}

	void patch(Drills.Before before, Duration shutdownDelay) {
		List<Figures> figures = run("patch", before, () -> this.cluster.patchNodes(shutdownDelay));
		figures.forEach(Figures::assertNothingHappened);
		assertThat(figures).allMatch((application) -> application.topologyReads() > 0);
		this.drills.assertNoConnectionExpired();
	}

	void scaleOutAndIn(Drills.Before before, Duration shutdownDelay) {
		run("scale out and in", before, () -> {
			this.cluster.scale(4, Duration.ZERO);
			this.cluster.scale(3, shutdownDelay);
		}).forEach(Figures::assertNothingHappened);
		this.drills.assertNoConnectionExpired();
	}

	void moveSlot(Drills.Before before) {
		Map<String, EmulatorNode> owners = owners();
		String key = owners.keySet().iterator().next();
		int slot = this.cluster.slotOf(key);
		EmulatorNode target = this.cluster.nodes()
			.stream()
			.filter((node) -> node.isMaster() && !node.equals(owners.get(key)))
			.findFirst()
			.orElseThrow();
		run("move of a slot", before, () -> {
			SlotMove move = this.cluster.beginMove(slot, slot, target);
			this.drills.awaitAll();
			move.moveKeys();
			this.drills.awaitAll();
			move.finish();
		}).forEach(Figures::assertNothingHappened);
	}

	void failOver(Drills.Before before) {
		EmulatorNode master = masterWithReplica();
		run("planned failover", before, () -> this.cluster.failOver(master)).forEach(Figures::assertNothingHappened);
		this.drills.assertNoConnectionExpired();
	}

	void fail(Drills.Before before, Duration detection) {
		EmulatorNode failed = masterWithReplica();
		Map<String, EmulatorNode> owners = owners();
		run("unplanned failover in " + detection.toSeconds() + " s", before, () -> this.cluster.fail(failed, detection))
			.forEach((figures) -> figures.assertOthersNeverFail((key) -> isOfOther(owners, key, failed)));
		this.cluster.start(failed);
	}

	void freeze(Drills.Before before, Duration duration) {
		EmulatorNode frozen = this.cluster.nodes().stream().filter(EmulatorNode::isMaster).findFirst().orElseThrow();
		Map<String, EmulatorNode> owners = owners();
		run("node frozen for " + duration.toSeconds() + " s", before, () -> {
			this.cluster.freeze(frozen);
			Drills.letPass(duration);
			this.cluster.thaw(frozen);
		}).forEach((figures) -> figures.assertNothingLost()
			.assertOthersNeverFail((key) -> isOfOther(owners, key, frozen)));
	}

	void endpointUnreachable(Drills.Before before, Duration duration) {
		run("endpoint unreachable for " + duration.toSeconds() + " s", before, () -> {
			this.emulator.faults().endpointUnreachable();
			Drills.letPass(duration);
			this.emulator.faults().endpointReachable();
		}).forEach(Figures::assertNothingHappened);
		this.drills.assertNoConnectionExpired();
	}

	void allNodesGone(Drills.Before before, Duration duration) {
		run("all nodes gone for " + duration.toSeconds() + " s", before, () -> {
			this.emulator.faults().instanceDown();
			Drills.letPass(duration);
			this.emulator.faults().instanceUp();
		}).forEach(Figures::assertNothingLost);
	}

	void assertReauthenticationGoesOn() {
		this.drills.assertReauthenticationGoesOn();
	}

	/**
	 * Assert that nobody has gone on with nodes that have left.
	 * @param lastSeen how long to wait for it
	 */
	void assertRetiredNodesAreForgotten(Duration lastSeen) {
		Drills.letPass(lastSeen);
		assertThat(this.cluster.retiredPorts()).allSatisfy((retired) -> {
			Instant latest = retired.retiredAt().plus(RETIREMENT);
			assertThat(retired.attempts()).as(retired.toString()).allMatch((attempt) -> attempt.isBefore(latest));
		});
		this.drills.log("attempts at retired nodes" + this.suffix, attempts());
	}

	private String attempts() {
		long attempts = this.cluster.retiredPorts().stream().mapToInt((retired) -> retired.attempts().size()).sum();
		Duration latest = this.cluster.retiredPorts()
			.stream()
			.flatMap((retired) -> retired.attempts()
				.stream()
				.map((attempt) -> Duration.between(retired.retiredAt(), attempt)))
			.max(Duration::compareTo)
			.orElse(Duration.ZERO);
		return attempts + " at " + this.cluster.retiredPorts().size() + " ports, the last one after "
				+ latest.toMillis() + " ms";
	}

	private List<Figures> run(String name, Drills.Before before, Runnable drill) {
		List<Figures> figures = this.drills.run(name + this.suffix, before, drill);
		assertThat(figures)
			.allMatch((application) -> application.topologyReadsInOneSecond() <= MOST_READS_IN_ONE_SECOND);
		return figures;
	}

	private static boolean isOfOther(Map<String, EmulatorNode> owners, String key, EmulatorNode node) {
		return owners.containsKey(key) && !owners.get(key).id().equals(node.id());
	}

	private Map<String, EmulatorNode> owners() {
		Map<String, EmulatorNode> owners = new HashMap<>();
		this.drills.keys().forEach((key) -> owners.put(key, this.cluster.masterOf(key)));
		return owners;
	}

	private EmulatorNode masterWithReplica() {
		List<EmulatorNode> nodes = this.cluster.nodes();
		return nodes.stream()
			.filter((node) -> nodes.stream().anyMatch((replica) -> node.id().equals(replica.masterId())))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.drills.close();
		this.emulator.close();
	}

}
