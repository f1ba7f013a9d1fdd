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

import java.util.Locale;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.instances.InstanceNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;

/**
 * Detection of the clustering policy: as configured, else as the instance answers, else
 * the default of the offering.
 */
class ClusterDetection {

	private static final Logger logger = LoggerFactory.getLogger(ClusterDetection.class);

	private final AzureRedisProperties properties;

	private final DataRedisProperties dataRedisProperties;

	private final AzureRedisInstance instance;

	private final ClusterProbe probe;

	ClusterDetection(AzureRedisProperties properties, DataRedisProperties dataRedisProperties,
			AzureRedisInstance instance, ClusterProbe probe) {
		this.properties = properties;
		this.dataRedisProperties = dataRedisProperties;
		this.instance = instance;
		this.probe = probe;
	}

	/**
	 * Return the property that sets the policy.
	 * @param instance the instance
	 * @return the name of the property
	 */
	static String property(AzureRedisInstance instance) {
		String name = instance.getName();
		String property = "azure.redis.clustering-policy";
		return (name != null) ? InstanceNames.inProperties(name, property) : property;
	}

	/**
	 * Detect the policy. Asks the instance if the policy is not configured. For a cluster
	 * client, also sets {@code spring.data.redis.cluster} if it is not set: only then
	 * does Spring Boot build the options of a cluster client, and pass their builder to
	 * customizers.
	 * @return the decision
	 */
	ClusterDecision detect() {
		ClusterDecision decision = decide();
		if (decision.isClustered()) {
			checkDatabase();
			if (this.dataRedisProperties.getCluster() == null) {
				this.dataRedisProperties.setCluster(new DataRedisProperties.Cluster());
			}
		}
		return decision;
	}

	private ClusterDecision decide() {
		AzureRedisClusteringPolicy configured = this.properties.getClusteringPolicy();
		if (configured != AzureRedisClusteringPolicy.AUTO) {
			return ClusterDecision.configured(configured);
		}
		ClusterProbe.Answer answer = this.probe.ask();
		return (answer.policy() != null) ? answered(answer.policy(), answer.text()) : assumed(answer.text());
	}

	private ClusterDecision answered(AzureRedisClusteringPolicy policy, String reply) {
		String value = policy.name().toLowerCase(Locale.ROOT);
		if (policy.needsClusterClient()) {
			logger.info("Azure Redis at {} is clustered, so it is used with a cluster client. With '{}' set to '{}' it"
					+ " is not asked at start-up", this.instance, property(this.instance), value);
			return ClusterDecision.detected(policy, "The instance told its nodes");
		}
		logger.info(
				"Azure Redis at {} answers CLUSTER SLOTS with '{}', so it is used with a plain client. With '{}'"
						+ " set to '{}' it is not asked at start-up",
				this.instance, reply, property(this.instance), value);
		return ClusterDecision.detected(policy, "The instance answered CLUSTER SLOTS with '" + reply + "'");
	}

	private ClusterDecision assumed(String reason) {
		boolean managed = this.instance.getOffering() == AzureRedisOffering.MANAGED_REDIS;
		AzureRedisClusteringPolicy policy = managed ? AzureRedisClusteringPolicy.OSS : AzureRedisClusteringPolicy.NONE;
		logger.warn("Azure Redis at {} could not be asked whether it is clustered: {}. Until the application is"
				+ " started again, it is used with a {}. Set '{}' to the policy of the instance, 'oss', 'enterprise'"
				+ " or 'none', and it is not asked", this.instance, reason,
				managed ? "cluster client, which is right for what Azure creates by default" : "plain client",
				property(this.instance));
		return ClusterDecision.detected(policy, "Assumed, the instance could not be asked: " + reason);
	}

	private void checkDatabase() {
		int database = this.properties.getDatabase();
		if (database != 0) {
			Problem problem = new Problem("azure.redis.database",
					"'azure.redis.database' is " + database
							+ ", but the instance is clustered and so has only database 0.",
					"Remove 'azure.redis.database'.");
			String name = this.instance.getName();
			throw new AzureRedisConfigurationException(
					(name != null) ? InstanceNames.inProperties(name, problem) : problem);
		}
	}

}
