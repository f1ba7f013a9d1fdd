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

import java.util.List;

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

	/**
	 * Why there was none: the messages of the credential's exception and its causes, a
	 * line each; with a chain of credentials, a line or more for each link.
	 * @return the reasons, empty if the credential was not asked or did not fail
	 */
	public List<String> reasons() {
		Throwable cause = getCause();
		return (cause != null) ? FailureReasons.of(cause) : List.of();
	}

	private static String message(String problem, String credentialName, String scope, @Nullable Throwable cause) {
		String message = problem + " (credential " + credentialName + ", scope " + scope + ")";
		return (cause != null) ? message + ": " + String.join("; ", FailureReasons.of(cause)) : message;
	}

}
