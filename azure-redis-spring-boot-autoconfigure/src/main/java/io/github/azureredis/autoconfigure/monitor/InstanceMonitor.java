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

import java.time.Clock;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.cluster.ClusterDecision;
import io.github.azureredis.autoconfigure.cluster.ClusterPolicyMonitor;
import io.github.azureredis.autoconfigure.entra.EntraTokens;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Authentication;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Clustering;
import io.github.azureredis.token.EntraTokenStatus;
import org.jspecify.annotations.Nullable;

/**
 * Monitor for one instance, which collects the status from those that have its parts.
 */
class InstanceMonitor {

	private final AzureRedisInstance instance;

	private final AzureRedisAuthentication authentication;

	private final EntraTokens tokens;

	private final ClusterPolicyMonitor policyMonitor;

	private final AzureRedisEventRecorder recorder;

	private final ConnectionRecorder connectionRecorder;

	private final Clock clock = Clock.systemUTC();

	InstanceMonitor(AzureRedisInstance instance, AzureRedisAuthentication authentication, EntraTokens tokens,
			ClusterPolicyMonitor policyMonitor, AzureRedisEventRecorder recorder,
			ConnectionRecorder connectionRecorder) {
		this.instance = instance;
		this.authentication = authentication;
		this.tokens = tokens;
		this.policyMonitor = policyMonitor;
		this.recorder = recorder;
		this.connectionRecorder = connectionRecorder;
	}

	AzureRedisStatus status() {
		EntraTokens.Use use = this.tokens.getUse();
		EntraTokenStatus token = (use != null) ? use.provider().getStatus() : null;
		return new AzureRedisStatus(this.clock.instant(), this.instance, clustering(), authentication(use, token),
				token, this.recorder.recording(), this.connectionRecorder.totals());
	}

	private @Nullable Clustering clustering() {
		ClusterDecision decision = this.policyMonitor.getDecision();
		return (decision != null)
				? new Clustering(decision.getPolicy(), decision.getReason(), this.policyMonitor.getProblem()) : null;
	}

	private Authentication authentication(EntraTokens.@Nullable Use use, @Nullable EntraTokenStatus token) {
		String username = this.authentication.getUsername();
		if (this.authentication.usesAccessKey()) {
			return new Authentication(AuthenticationMethod.ACCESS_KEY, null, username, 0);
		}
		if (use == null) {
			return new Authentication(AuthenticationMethod.NOT_STARTED, null, null, 0);
		}
		if (username == null && token != null) {
			username = token.getObjectId();
		}
		return new Authentication(AuthenticationMethod.TOKEN, use.credentialOrigin(), username,
				use.authentication().connectionCount());
	}

}
