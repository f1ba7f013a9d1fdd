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

package io.github.azureredis.emulator;

/**
 * How an {@link AzureRedisEmulator} appears to clients. The names are Azure's.
 *
 * @since 0.1.0
 */
public enum AzureRedisClusteringPolicy {

	/**
	 * A Redis cluster, for cluster clients: the topology names the nodes, and a node
	 * answers {@code MOVED} for the keys of others. Exists in Azure Managed Redis and in
	 * the Premium tier of Azure Cache for Redis.
	 */
	OSS,

	/**
	 * One endpoint in front of all shards, for clients that know nothing of clusters:
	 * {@code CLUSTER} is refused. Exists in Azure Managed Redis.
	 */
	ENTERPRISE,

	/**
	 * Not clustered.
	 */
	NONE

}
