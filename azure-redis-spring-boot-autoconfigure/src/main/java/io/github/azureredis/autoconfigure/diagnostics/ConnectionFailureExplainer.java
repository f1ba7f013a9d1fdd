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

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.azureredis.token.EntraTokenException;
import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Explainer for failures of connections to Azure Redis and of commands on them, both when
 * an application starts and when it runs.
 */
class ConnectionFailureExplainer {

	static final String BEAN_NAME = "azureRedisConnectionFailureExplainer";

	private static final String ATTRIBUTE = ConnectionFailureExplainer.class.getName();

	/** As in "localhost/&lt;unresolved&gt;:6380" or "localhost/127.0.0.1:6380". */
	private static final Pattern ADDRESS = Pattern.compile("Unable to connect to ([^/\\s\\[]+)/.*:\\d+");

	private final ConnectionFacts facts;

	private final List<Explainer> explainers;

	ConnectionFailureExplainer(ConnectionFacts facts, Environment environment) {
		this.facts = facts;
		// The surest comes first: a reply proves that TLS and the network work.
		this.explainers = List.of(new TokenExplainer(environment), new ReplyExplainer(facts), new TlsExplainer(facts),
				new NetworkExplainer(facts));
	}

	/**
	 * Find the explainers for a context that has failed to start. Such a context destroys
	 * its beans before its failure is analyzed, and a new explainer would know neither
	 * the instance nor the identity of the failed connection. Bean definitions remain.
	 * @param beanFactory the bean factory of the context
	 * @return the explainers of instances whose connection factory has been created
	 */
	static List<ConnectionFailureExplainer> find(BeanFactory beanFactory) {
		if (!(beanFactory instanceof ConfigurableListableBeanFactory configurable)) {
			return List.of();
		}
		return Arrays.stream(configurable.getBeanDefinitionNames())
			.map((name) -> configurable.getBeanDefinition(name).getAttribute(ATTRIBUTE))
			.filter(ConnectionFailureExplainer.class::isInstance)
			.map(ConnectionFailureExplainer.class::cast)
			.toList();
	}

	void keepIn(BeanDefinition beanDefinition) {
		beanDefinition.setAttribute(ATTRIBUTE, this);
	}

	/**
	 * Explain a failure.
	 * @param failure the failure
	 * @return the explanation or {@code null} if the failure does not come from a
	 * connection to Azure Redis, or an explanation would not add to it
	 */
	@Nullable Explanation explain(Throwable failure) {
		return explain(failure, false);
	}

	/**
	 * Explain a failure of an application that is running.
	 * @param failure the failure
	 * @param connectedBefore whether the application has been connected to the endpoint
	 * @return the explanation or {@code null} if the failure does not come from a
	 * connection to Azure Redis, or an explanation would not add to it
	 */
	@Nullable Explanation explain(Throwable failure, boolean connectedBefore) {
		Causes causes = new Causes(failure, connectedBefore);
		if (!causes.have(RedisException.class) && !causes.have(EntraTokenException.class) || isOfOtherHost(causes)) {
			return null;
		}
		return this.explainers.stream()
			.map((explainer) -> explainer.explain(causes))
			.filter(Objects::nonNull)
			.map((explanation) -> explanation.forInstance(instanceName()))
			.findFirst()
			.orElse(null);
	}

	@Nullable String instanceName() {
		return this.facts.instance().getName();
	}

	String address() {
		return this.facts.instance().getAddress();
	}

	private boolean isOfOtherHost(Causes causes) {
		return causes.stream()
			.map((failure) -> ADDRESS.matcher(String.valueOf(failure.getMessage())))
			.filter(Matcher::matches)
			.anyMatch((address) -> !address.group(1).equalsIgnoreCase(this.facts.instance().getHost()));
	}

}
