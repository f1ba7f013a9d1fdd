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

import io.github.azureredis.token.EntraTokenException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains an {@link EntraTokenException}: which credential was asked, and what each link
 * of its chain had to say.
 */
class EntraTokenFailureAnalyzer extends AbstractFailureAnalyzer<EntraTokenException> {

	private final TokenExplainer explainer;

	EntraTokenFailureAnalyzer(Environment environment) {
		this.explainer = new TokenExplainer(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EntraTokenException cause) {
		return this.explainer.explain(cause).toFailureAnalysis(cause);
	}

}
