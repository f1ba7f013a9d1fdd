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
 * The application cannot connect to Azure Redis as it is configured.
 *
 * @since 0.1.0
 */
public final class AzureRedisConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<Problem> problems;

	AzureRedisConfigurationException(List<Problem> problems) {
		super(problems.stream().map(Problem::description).collect(Collectors.joining(" ")));
		this.problems = List.copyOf(problems);
	}

	/**
	 * Create an exception with one problem.
	 * @param property the property concerned
	 * @param description what is wrong with it
	 * @param action what to do about it
	 */
	public AzureRedisConfigurationException(String property, String description, String action) {
		this(List.of(new Problem(property, description, action)));
	}

	/**
	 * What is wrong.
	 * @return at least one problem
	 */
	public List<Problem> problems() {
		return this.problems;
	}

	/**
	 * One thing that is wrong.
	 *
	 * @param property the property concerned
	 * @param description what is wrong with it
	 * @param action what to do about it
	 * @since 0.1.0
	 */
	public record Problem(String property, String description, String action) {

	}

}
