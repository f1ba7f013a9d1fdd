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
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.lettuce.CommandFailureListener;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link CommandFailureListener} for replies that only an instance gives whose clustering
 * policy is not the one in force: to all commands of a plain client, and to those with
 * which a cluster client reads the topology. It logs the first one, and remembers it
 * until the application ends: the client stays the wrong one. Thread-safe.
 */
public final class ClusterPolicyMonitor implements CommandFailureListener {

	private static final Logger logger = LoggerFactory.getLogger(ClusterPolicyMonitor.class);

	private static final Set<String> TOPOLOGY_READS = Set.of("NODES", "SLOTS", "SHARDS");

	private final AzureRedisInstance instance;

	private final AtomicReference<@Nullable String> problem = new AtomicReference<>();

	private volatile @Nullable ClusterDecision decision;

	ClusterPolicyMonitor(AzureRedisInstance instance) {
		this.instance = instance;
	}

	/**
	 * Return the problem.
	 * @return what has happened and what to set, {@code null} if nothing has happened
	 */
	public @Nullable String getProblem() {
		return this.problem.get();
	}

	/**
	 * Return the decision that clients are made for.
	 * @return the decision or {@code null} if no connection factory has needed it yet
	 */
	public @Nullable ClusterDecision getDecision() {
		return this.decision;
	}

	void setDecision(ClusterDecision decision) {
		this.decision = decision;
	}

	@Override
	public boolean supports(RedisCommand<?, ?, ?> command) {
		ClusterDecision decision = this.decision;
		return decision != null && getProblem() == null && (!decision.isClustered() || readsTopology(command));
	}

	private static boolean readsTopology(RedisCommand<?, ?, ?> command) {
		return command.getType() == CommandType.CLUSTER && command.getArgs() != null
				&& TOPOLOGY_READS.contains(command.getArgs().toCommandString().toUpperCase(Locale.ROOT));
	}

	@Override
	public void onCommandFailed(ProtocolKeyword command, String error) {
		ClusterDecision decision = this.decision;
		if (decision == null) {
			return;
		}
		if (decision.isClustered() && ClusterRefusal.isRefusal(error)) {
			report(" is not clustered and has answered CLUSTER with '" + error
					+ "', but it is used with a cluster client. "
					+ advice(decision, "to 'enterprise' or 'none', as the instance has it,"));
		}
		if (!decision.isClustered() && error.startsWith("MOVED ")) {
			report(" is clustered and has answered '" + error
					+ "', but it is used with a plain client. Most commands fail. " + advice(decision, "to 'oss'"));
		}
	}

	private String advice(ClusterDecision decision, String value) {
		return decision.isConfigured() ? "Set '" + ClusterDetection.property(this.instance) + "' " + value
				+ " or remove it, and start the application again" : "Start the application again";
	}

	private void report(String text) {
		String problem = "Azure Redis at " + this.instance + text;
		if (this.problem.compareAndSet(null, problem)) {
			logger.error(problem);
		}
	}

}
