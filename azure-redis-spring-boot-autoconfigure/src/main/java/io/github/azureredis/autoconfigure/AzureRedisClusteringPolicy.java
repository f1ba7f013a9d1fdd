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

/**
 * Clustering policies of Azure Managed Redis. Azure Cache for Redis has no such setting;
 * its clustered Premium instances speak to clients as {@link #OSS} ones, all others as
 * {@link #NONE}.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://learn.microsoft.com/azure/redis/architecture#cluster-policies">Cluster
 * policies</a>
 */
public enum AzureRedisClusteringPolicy {

	/**
	 * To be found out from the instance, at start-up.
	 */
	AUTO,

	/**
	 * Clients see the nodes and connect to each of them: a cluster client is used.
	 */
	OSS,

	/**
	 * Clients see one node, which hands commands on to the others: a plain client is
	 * used.
	 */
	ENTERPRISE,

	/**
	 * There is one node: a plain client is used.
	 */
	NONE;

	/**
	 * Return whether instances with this policy need a cluster client.
	 * @return {@code true} for a cluster client, {@code false} for a plain one
	 */
	public boolean needsClusterClient() {
		return this == OSS;
	}

}
