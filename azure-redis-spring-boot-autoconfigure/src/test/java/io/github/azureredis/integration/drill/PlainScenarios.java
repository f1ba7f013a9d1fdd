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
import java.util.List;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;

/**
 * What Azure does to an instance without a cluster, and what applications may notice of
 * it.
 */
final class PlainScenarios implements AutoCloseable {

	private final AzureRedisEmulator emulator = AzureRedisEmulator.builder()
		.clusteringPolicy(AzureRedisClusteringPolicy.NONE)
		.tokenLifetime(Drills.TOKEN_LIFETIME)
		.start();

	private final Drills drills = new Drills(this.emulator);

	/**
	 * Let a node of Azure take the place of another one.
	 */
	void cut(Drills.Before before) {
		run("connections cut", before, this.emulator.faults()::cutConnections).forEach(Figures::assertNothingFailed);
	}

	void replaceServer(Drills.Before before) {
		run("server replaced by an empty one", before, () -> {
			this.emulator.stopServer();
			this.emulator.startServer();
		}).forEach(Figures::assertNothingDoubled);
	}

	void migrateToItself(Drills.Before before) {
		run("migrated to itself, and assigned 2 s later", before, () -> {
			this.emulator.migrate(this.emulator.offering(), this.emulator.clusteringPolicy());
			Drills.letPass(Duration.ofSeconds(2));
			this.emulator.assign(this.emulator.objectId());
		}).forEach(Figures::assertNothingDoubled);
	}

	void endpointUnreachable(Drills.Before before, Duration duration) {
		run("endpoint unreachable for " + duration.toSeconds() + " s", before, () -> {
			this.emulator.faults().endpointUnreachable();
			Drills.letPass(duration);
			this.emulator.faults().endpointReachable();
		}).forEach(Figures::assertNothingLost);
	}

	void endpointUnreachableWithoutConnections(Drills.Before before, Duration duration) {
		run("connections cut and endpoint unreachable for " + duration.toSeconds() + " s", before, () -> {
			this.emulator.faults().endpointUnreachable();
			this.emulator.faults().cutConnections();
			Drills.letPass(duration);
			this.emulator.faults().endpointReachable();
		}).forEach(Figures::assertNothingLost);
	}

	void gone(Drills.Before before, Duration duration) {
		run("gone for " + duration.toSeconds() + " s", before, () -> {
			this.emulator.faults().instanceDown();
			Drills.letPass(duration);
			this.emulator.faults().instanceUp();
		}).forEach(Figures::assertNothingLost);
	}

	void assertReauthenticationGoesOn() {
		this.drills.assertReauthenticationGoesOn();
	}

	private List<Figures> run(String name, Drills.Before before, Runnable drill) {
		return this.drills.run(name + ", plain", before, drill);
	}

	@Override
	public void close() {
		this.drills.close();
		this.emulator.close();
	}

}
