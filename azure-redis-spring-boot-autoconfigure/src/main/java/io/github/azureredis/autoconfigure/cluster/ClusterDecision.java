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

package io.github.azureredis.autoconfigure.cluster;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails.ClusterMode;

/**
 * Clustering policy in force, and the reason for it. Immutable.
 */
public final class ClusterDecision implements ClusterMode {

	private final AzureRedisClusteringPolicy policy;

	private final String reason;

	private final boolean configured;

	private ClusterDecision(AzureRedisClusteringPolicy policy, String reason, boolean configured) {
		this.policy = policy;
		this.reason = reason;
		this.configured = configured;
	}

	static ClusterDecision configured(AzureRedisClusteringPolicy policy) {
		return new ClusterDecision(policy, "Configured", true);
	}

	static ClusterDecision detected(AzureRedisClusteringPolicy policy, String reason) {
		return new ClusterDecision(policy, reason, false);
	}

	/**
	 * Return the clustering policy.
	 * @return the policy, never {@link AzureRedisClusteringPolicy#AUTO}
	 */
	public AzureRedisClusteringPolicy getPolicy() {
		return this.policy;
	}

	/**
	 * Return the reason for the decision.
	 * @return the reason
	 */
	public String getReason() {
		return this.reason;
	}

	boolean isConfigured() {
		return this.configured;
	}

	@Override
	public boolean isClustered() {
		return this.policy.needsClusterClient();
	}

}
