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

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Explains why a connection to Azure Redis, or a command on it, has failed. Has the same
 * to say when an application starts and when it runs.
 */
class ConnectionFailureExplainer {

	/** As in "localhost/&lt;unresolved&gt;:6380" or "localhost/127.0.0.1:6380". */
	private static final Pattern ADDRESS = Pattern.compile("Unable to connect to ([^/\\s\\[]+)/.*:\\d+");

	private final ConnectionFacts facts;

	private final List<Explainer> explainers;

	ConnectionFailureExplainer(ConnectionFacts facts, Environment environment) {
		this.facts = facts;
		// First what is surest: a reply proves that TLS and the network work.
		this.explainers = List.of(new TokenExplainer(environment), new ReplyExplainer(facts), new TlsExplainer(facts),
				new NetworkExplainer(facts));
	}

	/**
	 * Explain a failure of whatever kind.
	 * @param failure the failure
	 * @return the explanation or {@code null} if the failure does not come from a
	 * connection to Azure Redis, or no more can be said than it says itself
	 */
	@Nullable Explanation explain(Throwable failure) {
		Causes causes = new Causes(failure);
		if (!causes.have(RedisException.class) || isOfOtherHost(causes)) {
			return null;
		}
		return this.explainers.stream()
			.map((explainer) -> explainer.explain(causes))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	String address() {
		return this.facts.address();
	}

	private boolean isOfOtherHost(Causes causes) {
		return causes.stream()
			.map((failure) -> ADDRESS.matcher(String.valueOf(failure.getMessage())))
			.filter(Matcher::matches)
			.anyMatch((address) -> !address.group(1).equalsIgnoreCase(this.facts.endpoint().host()));
	}

}
