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

import java.util.stream.Collectors;

import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * What is wrong, and what to do about it. Neither holds a token or a key.
 *
 * @param description what is wrong
 * @param action what to do; several ways are numbered, a line each
 */
record Explanation(String description, String action) {

	FailureAnalysis toFailureAnalysis(Throwable cause) {
		return new FailureAnalysis(this.description, this.action, cause);
	}

	/**
	 * The same as one line for the log.
	 */
	String toLine() {
		return (this.description + "\n" + this.action).lines()
			.map(String::strip)
			.filter((line) -> !line.isEmpty())
			.collect(Collectors.joining(" "));
	}

}
