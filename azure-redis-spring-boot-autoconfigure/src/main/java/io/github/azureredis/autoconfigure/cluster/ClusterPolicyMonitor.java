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
import java.util.concurrent.atomic.AtomicReference;

import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.lettuce.CommandFailureListener;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitor for replies that only an instance gives whose clustering policy is not the one
 * in force. It logs the first one, and remembers it until the application ends: the
 * client stays the wrong one. Thread-safe.
 */
public final class ClusterPolicyMonitor {

	private static final Logger logger = LoggerFactory.getLogger(ClusterPolicyMonitor.class);

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

	CommandFailureListener listener(boolean clustered) {
		return clustered ? new ClusterClientListener() : new PlainClientListener();
	}

	private static boolean isRefusal(String error) {
		String text = error.toLowerCase(Locale.ROOT);
		return text.contains("cluster support disabled") || text.startsWith("err unknown command")
				|| text.startsWith("err command is not allowed");
	}

	private void report(String text) {
		String problem = "Azure Redis at " + this.instance + " " + text;
		if (this.problem.compareAndSet(null, problem)) {
			logger.error(problem);
		}
	}

	/**
	 * {@link CommandFailureListener} for a plain client.
	 */
	private final class PlainClientListener implements CommandFailureListener {

		@Override
		public boolean supports(ProtocolKeyword command) {
			return getProblem() == null;
		}

		@Override
		public void onCommandFailed(ProtocolKeyword command, String error) {
			if (error.startsWith("MOVED ")) {
				report("is clustered and has answered '" + error
						+ "', but it is used with a plain client. Most commands fail. Set '" + ClusterDetection.PROPERTY
						+ "' to 'oss' or 'auto', and start the application again");
			}
		}

	}

	/**
	 * {@link CommandFailureListener} for a cluster client, which reads the topology with
	 * CLUSTER.
	 */
	private final class ClusterClientListener implements CommandFailureListener {

		@Override
		public boolean supports(ProtocolKeyword command) {
			return command == CommandType.CLUSTER && getProblem() == null;
		}

		@Override
		public void onCommandFailed(ProtocolKeyword command, String error) {
			if (isRefusal(error)) {
				report("is not clustered and has answered CLUSTER with '" + error
						+ "', but it is used with a cluster client. Set '" + ClusterDetection.PROPERTY
						+ "' to 'auto', or to 'enterprise' or 'none' as the instance has it, and start the application"
						+ " again");
			}
		}

	}

}
