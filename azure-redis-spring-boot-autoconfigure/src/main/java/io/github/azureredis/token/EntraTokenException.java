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

package io.github.azureredis.token;

import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * No usable token could be had in time. Says which credential was asked for which scope,
 * and why it had none; never holds a token.
 *
 * @since 0.1.0
 */
public class EntraTokenException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String credentialName;

	private final String scope;

	EntraTokenException(String problem, String credentialName, String scope, @Nullable Throwable cause) {
		super(message(problem, credentialName, scope, cause), cause);
		this.credentialName = credentialName;
		this.scope = scope;
	}

	/**
	 * The simple class name of the credential that was asked.
	 * @return the name
	 */
	public String credentialName() {
		return this.credentialName;
	}

	/**
	 * The scope that was asked for.
	 * @return the scope
	 */
	public String scope() {
		return this.scope;
	}

	private static String message(String problem, String credentialName, String scope, @Nullable Throwable cause) {
		String message = problem + " (credential " + credentialName + ", scope " + scope + ")";
		return (cause != null) ? message + ": " + reasons(cause) : message;
	}

	/**
	 * The messages of an exception and its causes, without repetition. azure-identity
	 * often says no more than "see inner exception" on the outside.
	 * @param failure the outermost exception
	 * @return its reasons
	 */
	static String reasons(Throwable failure) {
		Set<String> reasons = new LinkedHashSet<>();
		Throwable current = failure;
		for (int depth = 0; current != null && depth < 10; depth++) {
			String message = current.getMessage();
			String reason = (message != null && !message.isBlank()) ? message.strip()
					: current.getClass().getSimpleName();
			if (reasons.stream().noneMatch((known) -> known.contains(reason))) {
				reasons.add(reason);
			}
			current = current.getCause();
		}
		return String.join("; caused by: ", reasons);
	}

}
