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

import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;

/**
 * How to assign an identity to an instance, in the portal and with the Azure CLI.
 *
 * @param instance the instance
 * @param objectId the object id of the identity
 * @see <a href=
 * "https://learn.microsoft.com/cli/azure/redisenterprise/database/access-policy-assignment">az
 * redisenterprise database access-policy-assignment</a>
 * @see <a href= "https://learn.microsoft.com/cli/azure/redis/access-policy-assignment">az
 * redis access-policy-assignment</a>
 */
record AccessAssignment(AzureRedisInstance instance, String objectId) {

	/**
	 * The ways to do it, those of both offerings if the host name does not tell which one
	 * it is.
	 */
	List<String> ways() {
		List<String> ways = new ArrayList<>();
		if (this.instance.getOffering() != AzureRedisOffering.CACHE_FOR_REDIS) {
			ways.add("Azure Managed Redis, in the portal: on the instance, Authentication > Microsoft Entra"
					+ " Authentication > Select member.");
			ways.add(
					"Azure Managed Redis, with the Azure CLI: az redisenterprise database access-policy-assignment create"
							+ " --resource-group <resource group> --cluster-name " + instanceName()
							+ " --database-name default --access-policy-assignment-name " + assignment()
							+ " --access-policy-name default --object-id " + this.objectId);
		}
		if (this.instance.getOffering() != AzureRedisOffering.MANAGED_REDIS) {
			ways.add("Azure Cache for Redis, in the portal: on the instance, Authentication > Enable Microsoft Entra"
					+ " Authentication, then Data Access Configuration > Add > New Redis User.");
			ways.add("Azure Cache for Redis, with the Azure CLI: az redis access-policy-assignment create"
					+ " --resource-group <resource group> --name " + instanceName() + " --policy-assignment-name "
					+ assignment() + " --access-policy-name \"Data Owner\" --object-id " + this.objectId
					+ " --object-id-alias " + this.objectId);
		}
		return ways;
	}

	private String instanceName() {
		String host = this.instance.getHost();
		boolean named = AzureRedisOffering.ofHost(host) != AzureRedisOffering.UNKNOWN;
		return named ? host.substring(0, host.indexOf('.')) : "<instance>";
	}

	/**
	 * The name of an assignment has letters and digits only.
	 */
	private String assignment() {
		return this.objectId.replaceAll("[^A-Za-z0-9]", "");
	}

}
