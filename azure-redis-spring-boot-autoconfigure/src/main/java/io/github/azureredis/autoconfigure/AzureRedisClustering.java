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

package io.github.azureredis.autoconfigure;

import java.util.List;
import java.util.Locale;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;

/**
 * Whether the instance needs a cluster client: as configured, or else as the instance
 * itself says. It is asked when this is first needed, and once. Thread-safe.
 */
class AzureRedisClustering {

	static final String PROPERTY = "azure.redis.clustering-policy";

	private static final Logger logger = LoggerFactory.getLogger(AzureRedisClustering.class);

	private final AzureRedisProperties properties;

	private final DataRedisProperties dataRedisProperties;

	private final AzureRedisEndpoint endpoint;

	private final ClusteringPolicyProbe probe;

	private volatile @Nullable Decision decision;

	AzureRedisClustering(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			AzureRedisEndpoint endpoint, ClusteringPolicyProbe probe) {
		this.properties = properties;
		this.dataRedisProperties = dataRedisProperties;
		this.endpoint = endpoint;
		this.probe = probe;
	}

	boolean needsClusterClient() {
		return decision().policy().needsClusterClient();
	}

	/**
	 * The policy in force, and why. Asks the instance if that has not been done.
	 * @return the decision, never with the policy {@code AUTO}
	 */
	synchronized Decision decision() {
		Decision decision = this.decision;
		if (decision == null) {
			decision = decide();
			prepareClusterClient(decision.policy());
			this.decision = decision;
		}
		return decision;
	}

	/**
	 * The policy in force, if that is known. Neither asks nor waits.
	 * @return the decision, {@code null} if none has been needed yet
	 */
	@Nullable Decision known() {
		return this.decision;
	}

	private Decision decide() {
		AzureRedisClusteringPolicy configured = this.properties.getClusteringPolicy();
		if (configured != AzureRedisClusteringPolicy.AUTO) {
			return new Decision(configured, "Configured");
		}
		ClusteringPolicyProbe.Answer answer = this.probe.ask();
		return (answer.policy() != null) ? told(answer.policy(), answer.text()) : assumed(answer.text());
	}

	private Decision told(AzureRedisClusteringPolicy policy, String reply) {
		String value = policy.name().toLowerCase(Locale.ROOT);
		if (policy.needsClusterClient()) {
			logger
				.info("Azure Redis at {}:{} is clustered, so it is used with a cluster client. With '{}' set to '{}' it"
						+ " is not asked at start-up", this.endpoint.host(), this.endpoint.port(), PROPERTY, value);
			return new Decision(policy, "The instance told its nodes");
		}
		logger.info(
				"Azure Redis at {}:{} answers CLUSTER SLOTS with '{}', so it is used with a plain client. With '{}'"
						+ " set to '{}' it is not asked at start-up",
				this.endpoint.host(), this.endpoint.port(), reply, PROPERTY, value);
		return new Decision(policy, "The instance answered CLUSTER SLOTS with '" + reply + "'");
	}

	private Decision assumed(String reason) {
		boolean managed = this.endpoint.offering() == AzureRedisOffering.MANAGED_REDIS;
		AzureRedisClusteringPolicy policy = managed ? AzureRedisClusteringPolicy.OSS : AzureRedisClusteringPolicy.NONE;
		logger.warn("Azure Redis at {}:{} could not be asked whether it is clustered: {}. Until the application is"
				+ " started again, it is used with a {}. Set '{}' to the instance's own, 'oss', 'enterprise' or 'none',"
				+ " and it is not asked", this.endpoint.host(), this.endpoint.port(), reason,
				managed ? "cluster client, which is right for what Azure creates by default" : "plain client",
				PROPERTY);
		return new Decision(policy, "Assumed, the instance could not be asked: " + reason);
	}

	private void prepareClusterClient(AzureRedisClusteringPolicy policy) {
		if (!policy.needsClusterClient()) {
			return;
		}
		int database = this.properties.getDatabase();
		if (database != 0) {
			throw new AzureRedisConfigurationException(List.of(new Problem("azure.redis.database",
					"'azure.redis.database' is " + database
							+ ", but the instance is clustered and so has only database 0.",
					"Remove 'azure.redis.database'.")));
		}
		if (this.dataRedisProperties.getCluster() == null) {
			// Boot builds the options of a cluster client, and hands them to customizers,
			// only if there is one of these properties.
			this.dataRedisProperties.setCluster(new DataRedisProperties.Cluster());
		}
	}

	/**
	 * The policy in force.
	 *
	 * @param policy the policy
	 * @param reason how it was found
	 */
	record Decision(AzureRedisClusteringPolicy policy, String reason) {

	}

}
