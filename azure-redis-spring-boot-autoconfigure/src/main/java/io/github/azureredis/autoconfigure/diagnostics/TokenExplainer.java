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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.github.azureredis.token.EntraTokenException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Explains why there is no token: what each link of the chain of credentials had to say,
 * and what gives an identity to an application where this one runs.
 *
 * @param environment tells where that is
 */
record TokenExplainer(Environment environment) implements Explainer {

	@Override
	public @Nullable Explanation explain(Causes causes) {
		return causes.find(EntraTokenException.class).map(this::explain).orElse(null);
	}

	Explanation explain(EntraTokenException failure) {
		List<String> reasons = failure.getReasons()
			.stream()
			.map(TokenExplainer::shorten)
			.filter((reason) -> !reason.isEmpty())
			.distinct()
			.toList();
		String description = "No Microsoft Entra ID token for '%s' could be obtained from %s"
			.formatted(failure.getScope(), failure.getCredentialName());
		if (reasons.isEmpty()) {
			description += ", which has not answered in time.";
		}
		else {
			description += ":%n- ".formatted() + String.join("%n- ".formatted(), reasons);
		}
		return new Explanation(description, Explanation.ways(remedies(failure)));
	}

	private List<String> remedies(EntraTokenException failure) {
		List<String> remedies = new ArrayList<>();
		if (failure.getCause() instanceof TimeoutException) {
			remedies
				.add("Raise 'azure.redis.token.request-timeout', if the credential only needs more time to answer.");
		}
		remedies.addAll(switch (failure.getCredentialName()) {
			case "ClientSecretCredential", "ClientCertificateCredential" -> servicePrincipal();
			case "ManagedIdentityCredential" -> managedIdentity();
			default -> whereItRuns(failure);
		});
		return remedies;
	}

	private List<String> managedIdentity() {
		return List.of(
				"Switch the managed identity on where the application runs, or see that"
						+ " 'azure.redis.credential.client-id' is the client id of a user-assigned one that it has.",
				"On your own machine there is none: remove 'azure.redis.credential.managed-identity-enabled', and log in"
						+ " with 'az login' or 'azd auth login'.");
	}

	private List<String> servicePrincipal() {
		return List.of(
				"See that the tenant id, the client id and the secret or certificate are those of one service"
						+ " principal, and that the secret or certificate has not expired ('azure.redis.credential').",
				"See that this machine can reach https://login.microsoftonline.com, or the authority of its cloud.");
	}

	private List<String> whereItRuns(EntraTokenException failure) {
		if (isSet("AZURE_FEDERATED_TOKEN_FILE")) {
			return List
				.of("This is a pod with workload identity: see that AZURE_CLIENT_ID is the client id of an identity"
						+ " that has a federated credential for the service account of the pod.");
		}
		if (isSet("KUBERNETES_SERVICE_HOST")) {
			return List.of("On AKS, use workload identity: label the pod azure.workload.identity/use: \"true\", and"
					+ " annotate its service account with azure.workload.identity/client-id.");
		}
		if (isSet("IDENTITY_ENDPOINT") || isSet("WEBSITE_SITE_NAME") || isSet("CONTAINER_APP_NAME")) {
			return List.of(
					"On App Service, Functions or Container Apps, switch the managed identity on (Identity > System"
							+ " assigned > On).",
					"For a user-assigned identity, also set 'azure.redis.credential.managed-identity-enabled' to true and"
							+ " 'azure.redis.credential.client-id' to its client id.");
		}
		return elsewhere(failure);
	}

	private List<String> elsewhere(EntraTokenException failure) {
		List<String> remedies = new ArrayList<>();
		String developer = "On your own machine, log in with 'az login' or 'azd auth login', and start the application"
				+ " again.";
		// Whatever answers at the address of a VM's endpoint ends the chain.
		boolean endsAtManagedIdentity = failure.getReasons().stream().noneMatch((reason) -> reason.contains("Cli"));
		remedies.add(endsAtManagedIdentity ? developer
				+ " If you are logged in, set the environment variable AZURE_TOKEN_CREDENTIALS=dev, so that only such"
				+ " log-ins are tried." : developer);
		remedies
			.add("On a VM of Azure, switch its managed identity on (Security > Identity). For a user-assigned one, also"
					+ " set 'azure.redis.credential.managed-identity-enabled' to true and 'azure.redis.credential.client-id'.");
		remedies
			.add("Anywhere else, set 'azure.redis.credential.tenant-id', 'client-id' and 'client-secret' to those of a"
					+ " service principal.");
		return remedies;
	}

	private boolean isSet(String variable) {
		return this.environment.containsProperty(variable);
	}

	/**
	 * The reason without azure-identity's own advice, which is about each of its links.
	 */
	private static String shorten(String reason) {
		return reason.replaceFirst("^.*---> ", "")
			.replaceFirst(" (Error Details: )?[^.:]*see inner exception.*", "")
			.replaceFirst("(?<=\\.) (Please|Ensure|For more|You may) .*", "")
			// How Jackson quotes what it could not read
			.replaceFirst("^at \\[Source: .*", "");
	}

}
