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
import java.util.List;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisEndpoint;
import io.github.azureredis.autoconfigure.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisStatus;
import io.github.azureredis.autoconfigure.AzureRedisStatus.Authentication;
import io.github.azureredis.autoconfigure.AzureRedisStatus.Event;
import io.github.azureredis.autoconfigure.AzureRedisStatus.EventType;
import io.github.azureredis.autoconfigure.AzureRedisStatus.Totals;
import io.github.azureredis.token.EntraTokenStatus;
import io.github.azureredis.token.TokenFixtures;

/**
 * An {@link AzureRedisMonitor} that tells what a test sets.
 */
class StubMonitor implements AzureRedisMonitor {

	static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

	private final AzureRedisEndpoint endpoint;

	AzureRedisClusteringPolicy clusteringPolicy;

	Authentication authentication = Authentication.NOT_STARTED;

	EntraTokenStatus token;

	int connections;

	Totals totals = new Totals(0, Duration.ZERO, 0, Duration.ZERO, 0, 0);

	Duration propagationTime;

	List<Event> events = List.of();

	StubMonitor() {
		this("my-cache.westeurope.redis.azure.net");
	}

	StubMonitor(String host) {
		this.endpoint = new AzureRedisEndpoint(host, 10000, AzureRedisOffering.MANAGED_REDIS, true, null);
	}

	void tokenEndsIn(Duration life) {
		token(NOW.plus(life), null);
	}

	void renewalFailsFor(Duration time, Duration life) {
		token((life != null) ? NOW.plus(life) : null, NOW.minus(time));
	}

	private void token(Instant expiresAt, Instant failingSince) {
		this.authentication = Authentication.TOKEN;
		Instant issuedAt = (expiresAt != null) ? expiresAt.minus(Duration.ofHours(1)) : null;
		this.token = TokenFixtures.status(issuedAt, expiresAt, NOW.plusSeconds(60), failingSince,
				(failingSince != null) ? 7 : 0,
				(failingSince != null) ? List.of("outer", "nobody is logged in") : List.of());
	}

	void happened(EventType type, String description, int count) {
		this.events = List.of(
				new Event(EventType.TOKEN_RENEWED, "before", 1, NOW.minusSeconds(60), NOW.minusSeconds(60)),
				new Event(type, description, count, NOW.minusSeconds(30), NOW));
	}

	@Override
	public AzureRedisStatus status() {
		boolean started = this.token != null;
		return new AzureRedisStatus(NOW, this.endpoint, "host name", this.clusteringPolicy,
				(this.clusteringPolicy != null) ? "asked the server" : null, this.authentication,
				started ? "bean 'credential'" : null, started ? "object-id" : null, this.token, this.connections,
				this.totals, this.propagationTime, this.events);
	}

}
