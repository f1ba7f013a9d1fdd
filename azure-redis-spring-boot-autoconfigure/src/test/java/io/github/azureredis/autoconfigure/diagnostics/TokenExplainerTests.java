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

import io.github.azureredis.token.TokenFixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenExplainer}.
 */
class TokenExplainerTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void whenLinksOfAChainHaveReasonsThenGivesOneLineToEachWithoutItsAdvice() {
		Explanation explanation = explain("DefaultAzureCredential",
				"IntelliJ authentication not available. Please login with the Azure Toolkit for IntelliJ. See https://aka.ms/a",
				"Visual Studio Code Authentication is not available. Ensure you have azure-identity-broker.",
				"AzureCliCredential authentication unavailable. Azure CLI not installed.To mitigate this issue",
				"at [Source: (String)\"{...}\"; line: 1, column: 13]");
		assertThat(explanation.description().lines()).containsExactly(
				"No Microsoft Entra ID token for 'https://redis.azure.com/.default' could be obtained from"
						+ " DefaultAzureCredential:",
				"- IntelliJ authentication not available.", "- Visual Studio Code Authentication is not available.",
				"- AzureCliCredential authentication unavailable. Azure CLI not installed.");
	}

	@Test
	void whenReasonIsNestedThenUnwrapsIt() {
		assertThat(explain("DefaultAzureCredential",
				"DefaultAzureCredential authentication failed. ---> ManagedIdentityCredential authentication failed."
						+ " Error Details: Managed Identity authentication failed, see inner exception for more information.",
				"[Managed Identity] MSI returned 403")
			.description()
			.lines()
			.skip(1)).containsExactly("- ManagedIdentityCredential authentication failed.",
					"- [Managed Identity] MSI returned 403");
	}

	@Test
	void whenThereIsNoReasonThenSaysThatThereWasNoAnswer() {
		assertThat(explain("DefaultAzureCredential").description()).endsWith("which has not answered in time.");
	}

	@ParameterizedTest
	@CsvSource({ "AZURE_FEDERATED_TOKEN_FILE, federated credential",
			"KUBERNETES_SERVICE_HOST, azure.workload.identity/use", "IDENTITY_ENDPOINT, App Service",
			"WEBSITE_SITE_NAME, App Service", "CONTAINER_APP_NAME, Container Apps" })
	void whenEnvironmentTellsWhereItRunsThenNamesTheRemedyThere(String variable, String remedy) {
		this.environment.setProperty(variable, "any");
		assertThat(explain("DefaultAzureCredential", "None.").action()).contains(remedy).doesNotContain("az login");
	}

	@Test
	void whenEnvironmentDoesNotTellThenNamesALoginFirst() {
		assertThat(explain("DefaultAzureCredential", "AzureCliCredential is unavailable.").action())
			.startsWith("1. On your own machine, log in with 'az login'")
			.contains("2. On a VM of Azure", "3. Anywhere else, set 'azure.redis.credential.tenant-id'")
			.doesNotContain("AZURE_TOKEN_CREDENTIALS");
	}

	@Test
	void whenChainHasEndedBeforeTheLoginsThenSaysHowToReachThem() {
		assertThat(explain("DefaultAzureCredential", "[Managed Identity] MSI returned 403").action())
			.contains("AZURE_TOKEN_CREDENTIALS=dev");
	}

	@Test
	void whenCredentialIsConfiguredThenNamesItsProperties() {
		assertThat(explain("ClientSecretCredential", "AADSTS7000215: Invalid client secret provided.").action())
			.contains("'azure.redis.credential'", "https://login.microsoftonline.com")
			.doesNotContain("az login");
		assertThat(explain("ManagedIdentityCredential", "Identity not found").action())
			.contains("'azure.redis.credential.client-id'", "'azure.redis.credential.managed-identity-enabled'");
	}

	private Explanation explain(String credential, String... reasons) {
		return new TokenExplainer(this.environment).explain(TokenFixtures.exception(credential, reasons));
	}

}
