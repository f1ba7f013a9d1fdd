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

package io.github.azureredis.autoconfigure.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.monitor.AzureRedisEventRecorder.Recording;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Authentication;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Clustering;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.ConnectionTotals;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Event;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Totals;
import io.github.azureredis.token.EntraTokenStatus;

/**
 * Statuses and their parts, which only this package can create.
 */
public final class StatusFixtures {

	private StatusFixtures() {
	}

	public static AzureRedisStatus status(Instant timestamp, AzureRedisInstance instance, Clustering clustering,
			Authentication authentication, EntraTokenStatus token, Totals totals, Duration propagationTime,
			List<Event> events, ConnectionTotals connectionTotals) {
		return new AzureRedisStatus(timestamp, instance, clustering, authentication, token,
				new Recording(totals, propagationTime, events), connectionTotals);
	}

	public static Clustering clustering(AzureRedisClusteringPolicy policy, String reason, String problem) {
		return new Clustering(policy, reason, problem);
	}

	public static Authentication authentication(AuthenticationMethod method, String credential, String username,
			int connectionCount) {
		return new Authentication(method, credential, username, connectionCount);
	}

	public static Totals totals(long renewals, Duration renewalTime, long failedRenewals, Duration failedRenewalTime,
			long reauthentications, long failedReauthentications) {
		return new Totals(renewals, renewalTime, failedRenewals, failedRenewalTime, reauthentications,
				failedReauthentications);
	}

	public static ConnectionTotals connectionTotals(long opened, long lost, long topologyReads, long sentAgain,
			long refused) {
		return new ConnectionTotals(opened, lost, topologyReads, sentAgain, refused);
	}

	public static Event event(EventType type, String description, int count, Instant firstAt, Instant lastAt) {
		return new Event(type, description, count, firstAt, lastAt);
	}

}
