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

package io.github.azureredis.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Exception thrown when the configuration of Azure Redis cannot work.
 */
public final class AzureRedisConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<Problem> problems;

	/**
	 * Create an exception.
	 * @param problems at least one problem
	 */
	public AzureRedisConfigurationException(Problem... problems) {
		this(List.of(problems));
	}

	AzureRedisConfigurationException(List<Problem> problems) {
		super(problems.stream().map(Problem::description).collect(Collectors.joining(" ")));
		this.problems = List.copyOf(problems);
	}

	/**
	 * Return the problems.
	 * @return at least one problem
	 */
	public List<Problem> getProblems() {
		return this.problems;
	}

	/**
	 * Problem with the configuration.
	 *
	 * @param property the name of the property
	 * @param description the description of the problem
	 * @param action the action that solves it
	 */
	public record Problem(String property, String description, String action) {

	}

}
