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

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/**
 * {@link FailureAnalyzer} for failures of connections to Azure Redis and of requests for
 * tokens.
 */
class AzureRedisConnectionFailureAnalyzer implements FailureAnalyzer {

	private final BeanFactory beanFactory;

	private final TokenExplainer tokenExplainer;

	AzureRedisConnectionFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.tokenExplainer = new TokenExplainer(environment);
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		List<ConnectionFailureExplainer> explainers = ConnectionFailureExplainer.find(this.beanFactory);
		Explanation explanation = explainers.isEmpty() ? this.tokenExplainer.explain(new Causes(failure))
				: explainers.stream()
					.map((explainer) -> explainer.explain(failure))
					.filter(Objects::nonNull)
					.findFirst()
					.orElse(null);
		return (explanation != null) ? explanation.toFailureAnalysis(failure) : null;
	}

}
