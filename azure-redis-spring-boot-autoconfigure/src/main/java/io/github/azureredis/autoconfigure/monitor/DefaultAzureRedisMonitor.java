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

package io.github.azureredis.autoconfigure.monitor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Default {@link AzureRedisMonitor}.
 */
class DefaultAzureRedisMonitor implements AzureRedisMonitor {

	private final @Nullable InstanceMonitor defaultInstance;

	private final Map<String, InstanceMonitor> namedInstances;

	/**
	 * Create a monitor.
	 * @param defaultInstance the monitor for the default instance, {@code null} if there
	 * is none
	 * @param namedInstances the monitors for named instances
	 */
	DefaultAzureRedisMonitor(@Nullable InstanceMonitor defaultInstance, Map<String, InstanceMonitor> namedInstances) {
		this.defaultInstance = defaultInstance;
		this.namedInstances = new LinkedHashMap<>(namedInstances);
	}

	@Override
	public AzureRedisStatus getStatus() {
		if (this.defaultInstance == null) {
			throw new IllegalStateException(
					"'azure.redis.host' is not set, so there is no default instance. " + describeNames());
		}
		return this.defaultInstance.status();
	}

	@Override
	public AzureRedisStatus getStatus(String name) {
		InstanceMonitor instance = this.namedInstances.get(name);
		if (instance == null) {
			throw new IllegalArgumentException("There is no instance '" + name + "'. " + describeNames());
		}
		return instance.status();
	}

	@Override
	public Set<String> getInstanceNames() {
		return Collections.unmodifiableSet(this.namedInstances.keySet());
	}

	@Override
	public boolean hasDefaultInstance() {
		return this.defaultInstance != null;
	}

	private String describeNames() {
		return this.namedInstances.isEmpty() ? "No instance has a name"
				: "Named instances are '" + String.join("', '", this.namedInstances.keySet()) + "'";
	}

}
