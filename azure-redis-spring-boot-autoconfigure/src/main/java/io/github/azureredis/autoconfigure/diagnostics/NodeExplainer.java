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

package io.github.azureredis.autoconfigure.diagnostics;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Explainer for failures to connect to a node of a cluster, which the settings of the
 * endpoint do not cause.
 *
 * @param facts what is known of the connections
 * @param port the port of the node
 */
record NodeExplainer(ConnectionFacts facts, int port) {

	private static final Pattern PORT = Pattern.compile("Unable to connect to .*:(\\d+)");

	/**
	 * Find the explainer if a connection to a node has failed. Most connections of a
	 * cluster client lead to one.
	 * @param facts what is known of the connections
	 * @param causes the failure
	 * @return the explainer or {@code null} if the failure is one of the endpoint
	 */
	static @Nullable NodeExplainer find(ConnectionFacts facts, Causes causes) {
		return causes.stream()
			.map((failure) -> PORT.matcher(String.valueOf(failure.getMessage())))
			.filter(Matcher::matches)
			.map((address) -> Integer.parseInt(address.group(1)))
			.filter((port) -> port != facts.instance().getPort())
			.map((port) -> new NodeExplainer(facts, port))
			.findFirst()
			.orElse(null);
	}

	Explanation explain(String problem) {
		return new Explanation("The node at port " + this.port + " of " + this.facts.redis() + problem,
				Explanation.ways(
						"Wait a minute if other nodes answer: Azure replaces nodes when it patches or scales an"
								+ " instance, and the client follows to the new ones.",
						"Otherwise let the firewalls on both sides pass TCP to the ports of nodes: " + ports() + "."));
	}

	private String ports() {
		return switch (this.facts.instance().getOffering()) {
			case MANAGED_REDIS -> "8500 to 8599";
			case CACHE_FOR_REDIS -> "15000 and above";
			case UNKNOWN -> "8500 to 8599 for Azure Managed Redis, 15000 and above for Azure Cache for Redis";
		};
	}

}
