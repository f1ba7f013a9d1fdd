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

import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import io.github.azureredis.token.EntraTokenException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an {@link EntraTokenException}: which credential was asked, and what each link
 * of its chain had to say.
 */
class EntraTokenFailureAnalyzer extends AbstractFailureAnalyzer<EntraTokenException> {

	private static final String IDENTITY_ACTION = """
			Give the application an identity, and assign its object id to the Redis instance:
			- on a developer's machine, log in with 'az login' or 'azd auth login';
			- on App Service, Container Apps, Functions or a VM, switch the managed identity on, and for a user-assigned \
			one set 'azure.redis.credential.managed-identity-enabled' and 'azure.redis.credential.client-id';
			- on AKS, use workload identity: the label azure.workload.identity/use on the pod, and a service account with \
			the client id;
			- elsewhere, set 'azure.redis.credential.tenant-id', 'client-id' and 'client-secret'.

			The environment variable AZURE_TOKEN_CREDENTIALS=dev leaves out what does not apply to a developer's machine; \
			'prod' does the opposite.""";

	private static final String TIMEOUT_ACTION = """
			Raise 'azure.redis.token.request-timeout', if the credential only needs more time to answer. Otherwise:

			""";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EntraTokenException cause) {
		boolean timedOut = cause.getCause() instanceof TimeoutException;
		return new FailureAnalysis(describe(cause), timedOut ? TIMEOUT_ACTION + IDENTITY_ACTION : IDENTITY_ACTION,
				cause);
	}

	private String describe(EntraTokenException failure) {
		String description = "No Microsoft Entra ID token for '%s' could be had from %s".formatted(failure.scope(),
				failure.credentialName());
		if (failure.reasons().isEmpty()) {
			return description + ", which has not answered in time.";
		}
		return failure.reasons()
			.stream()
			.collect(Collectors.joining("%n- ".formatted(), description + ":%n- ".formatted(), ""));
	}

}
