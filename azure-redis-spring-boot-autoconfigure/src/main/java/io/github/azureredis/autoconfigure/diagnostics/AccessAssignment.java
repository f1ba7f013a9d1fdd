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
import java.util.stream.Stream;

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
	 * Return the ways to do it. They are those of both offerings if the host name does
	 * not tell which one it is, or if it is one of Azure Cache for Redis: a migration to
	 * Azure Managed Redis keeps the name but not the assignments.
	 */
	List<String> ways() {
		return switch (this.instance.getOffering()) {
			case MANAGED_REDIS -> managedRedis("Azure Managed Redis");
			case CACHE_FOR_REDIS -> both(cacheForRedis(), managedRedis(
					"If the instance has been migrated to Azure Managed Redis, which does not move assignments"));
			case UNKNOWN -> both(managedRedis("Azure Managed Redis"), cacheForRedis());
		};
	}

	private static List<String> both(List<String> first, List<String> second) {
		return Stream.concat(first.stream(), second.stream()).toList();
	}

	private List<String> managedRedis(String subject) {
		return List.of(
				subject + ", in the portal: on the instance, Authentication > Microsoft Entra Authentication > Select"
						+ " member.",
				"Azure Managed Redis, with the Azure CLI: az redisenterprise database access-policy-assignment create"
						+ " --resource-group <resource group> --cluster-name "
						+ instanceName(AzureRedisOffering.MANAGED_REDIS)
						+ " --database-name default --access-policy-assignment-name " + assignment()
						+ " --access-policy-name default --object-id " + this.objectId);
	}

	private List<String> cacheForRedis() {
		return List.of(
				"Azure Cache for Redis, in the portal: on the instance, Authentication > Enable Microsoft Entra"
						+ " Authentication, then Data Access Configuration > Add > New Redis User.",
				"Azure Cache for Redis, with the Azure CLI: az redis access-policy-assignment create"
						+ " --resource-group <resource group> --name "
						+ instanceName(AzureRedisOffering.CACHE_FOR_REDIS) + " --policy-assignment-name " + assignment()
						+ " --access-policy-name \"Data Owner\" --object-id " + this.objectId + " --object-id-alias "
						+ this.objectId);
	}

	private String instanceName(AzureRedisOffering offering) {
		String host = this.instance.getHost();
		return (AzureRedisOffering.ofHost(host) == offering) ? host.substring(0, host.indexOf('.')) : "<instance>";
	}

	/**
	 * The name of an assignment has letters and digits only.
	 */
	private String assignment() {
		return this.objectId.replaceAll("[^A-Za-z0-9]", "");
	}

}
