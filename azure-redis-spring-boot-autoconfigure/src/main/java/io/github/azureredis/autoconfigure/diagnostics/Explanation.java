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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.azureredis.autoconfigure.instances.InstanceNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explanation of a failure. Holds neither a token nor a key.
 *
 * @param description the description of the failure
 * @param action the action that solves it; several ways are numbered, a line each
 */
record Explanation(String description, String action) {

	FailureAnalysis toFailureAnalysis(Throwable cause) {
		return new FailureAnalysis(this.description, this.action, cause);
	}

	/**
	 * Return this explanation with the properties of an instance.
	 * @param name the name of the instance, {@code null} for the default instance
	 * @return the explanation for the instance
	 */
	Explanation forInstance(@Nullable String name) {
		return (name != null) ? new Explanation(InstanceNames.inProperties(name, this.description),
				InstanceNames.inProperties(name, this.action)) : this;
	}

	/**
	 * Number the ways to solve a problem.
	 * @param ways the ways
	 * @return a line for each of them
	 */
	static String ways(List<String> ways) {
		return IntStream.range(0, ways.size())
			.mapToObj((index) -> (index + 1) + ". " + ways.get(index))
			.collect(Collectors.joining(System.lineSeparator()));
	}

	static String ways(String... ways) {
		return ways(List.of(ways));
	}

	/**
	 * Return this explanation as one line for the log.
	 * @return the line
	 */
	String toLine() {
		return (this.description + "\n" + this.action).lines()
			.map(String::strip)
			.filter((line) -> !line.isEmpty())
			.collect(Collectors.joining(" "));
	}

}
