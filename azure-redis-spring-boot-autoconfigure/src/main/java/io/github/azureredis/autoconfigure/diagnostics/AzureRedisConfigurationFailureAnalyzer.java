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
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * {@link FailureAnalyzer} for an {@link AzureRedisConfigurationException}.
 */
class AzureRedisConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<AzureRedisConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AzureRedisConfigurationException cause) {
		List<Problem> problems = cause.getProblems();
		return new FailureAnalysis(list(problems, Problem::description), list(problems, Problem::action), cause);
	}

	private String list(List<Problem> problems, Function<Problem, String> text) {
		if (problems.size() == 1) {
			return text.apply(problems.get(0));
		}
		return problems.stream().map(text).collect(Collectors.joining("%n- ".formatted(), "- ", ""));
	}

}
