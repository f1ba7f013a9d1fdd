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
 * Exception thrown when no valid token could be obtained in time. Contains the
 * credential, the scope and the reasons, and never a token.
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
	 * Return the simple class name of the credential.
	 * @return the name of the credential
	 */
	public String getCredentialName() {
		return this.credentialName;
	}

	/**
	 * Return the scope that a token was requested for.
	 * @return the scope
	 */
	public String getScope() {
		return this.scope;
	}

	/**
	 * Return the messages of the credential's exception and of its causes, one line each.
	 * A chain of credentials has one line or more for each link.
	 * @return the reasons, empty if no request has failed
	 */
	public List<String> getReasons() {
		Throwable cause = getCause();
		return (cause != null) ? FailureReasons.of(cause) : List.of();
	}

	private static String message(String problem, String credentialName, String scope, @Nullable Throwable cause) {
		String message = problem + " (credential " + credentialName + ", scope " + scope + ")";
		return (cause != null) ? message + ": " + String.join("; ", FailureReasons.of(cause)) : message;
	}

}
