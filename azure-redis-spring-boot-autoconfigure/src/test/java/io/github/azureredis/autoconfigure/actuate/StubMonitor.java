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

package io.github.azureredis.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.InstanceFixtures;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Event;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.ConnectionTotals;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Totals;
import io.github.azureredis.autoconfigure.monitor.StatusFixtures;
import io.github.azureredis.token.EntraTokenStatus;
import io.github.azureredis.token.TokenFixtures;

/**
 * An {@link AzureRedisMonitor} that tells what a test sets.
 */
class StubMonitor implements AzureRedisMonitor {

	static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

	private final AzureRedisInstance instance;

	final Map<String, StubMonitor> named = new LinkedHashMap<>();

	boolean hasDefaultInstance = true;

	AzureRedisClusteringPolicy clusteringPolicy;

	String clusteringProblem;

	AuthenticationMethod authentication = AuthenticationMethod.NOT_STARTED;

	EntraTokenStatus token;

	int connections;

	ConnectionTotals connectionTotals = StatusFixtures.connectionTotals(0, 0, 0, 0, 0);

	Totals totals = StatusFixtures.totals(0, Duration.ZERO, 0, Duration.ZERO, 0, 0);

	Duration propagationTime;

	List<Event> events = List.of();

	StubMonitor() {
		this("my-cache.westeurope.redis.azure.net");
	}

	StubMonitor(String host) {
		this.instance = InstanceFixtures.instance(host);
	}

	void tokenEndsIn(Duration life) {
		token(NOW.plus(life), null);
	}

	void renewalFailsFor(Duration time, Duration life) {
		token((life != null) ? NOW.plus(life) : null, NOW.minus(time));
	}

	private void token(Instant expiresAt, Instant failingSince) {
		this.authentication = AuthenticationMethod.TOKEN;
		this.token = TokenFixtures.status(expiresAt, NOW.plusSeconds(60), failingSince, 7, "outer",
				"nobody is logged in");
	}

	void happened(EventType type, String description, int count) {
		this.events = List.of(
				StatusFixtures.event(EventType.TOKEN_RENEWED, "before", 1, NOW.minusSeconds(60), NOW.minusSeconds(60)),
				StatusFixtures.event(type, description, count, NOW.minusSeconds(30), NOW));
	}

	@Override
	public AzureRedisStatus getStatus() {
		boolean started = this.token != null;
		return StatusFixtures.status(NOW, this.instance, (this.clusteringPolicy != null)
				? StatusFixtures.clustering(this.clusteringPolicy, "asked the server", this.clusteringProblem) : null,
				StatusFixtures.authentication(this.authentication, started ? "bean 'credential'" : null,
						started ? "object-id" : null, this.connections),
				this.token, this.totals, this.propagationTime, this.events, this.connectionTotals);
	}

	@Override
	public AzureRedisStatus getStatus(String name) {
		return this.named.get(name).getStatus();
	}

	@Override
	public Set<String> getInstanceNames() {
		return this.named.keySet();
	}

	@Override
	public boolean hasDefaultInstance() {
		return this.hasDefaultInstance;
	}

}
