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

import java.util.Set;

/**
 * Monitor for the connections of the application to its Azure Redis instances. There is a
 * bean of this type if the starter is in force. Its methods have no effect: no token is
 * requested and no connection made. Implementations are thread-safe and do not block.
 *
 * @since 0.1.0
 */
public interface AzureRedisMonitor {

	/**
	 * Return the current status of the default instance.
	 * @return a snapshot, which holds no secret
	 * @throws IllegalStateException if there is no default instance, since
	 * {@code azure.redis.host} is not set and there are named instances
	 */
	AzureRedisStatus getStatus();

	/**
	 * Return the current status of a named instance.
	 * @param name the name of the instance below {@code azure.redis.instances}
	 * @return a snapshot, which holds no secret
	 * @throws IllegalArgumentException if there is no instance of that name
	 */
	AzureRedisStatus getStatus(String name);

	/**
	 * Return the names of the named instances.
	 * @return the names in the order of the configuration, without the default instance,
	 * which has none
	 */
	Set<String> getInstanceNames();

	/**
	 * Return whether there is a default instance.
	 * @return whether {@link #getStatus()} has something to return
	 */
	boolean hasDefaultInstance();

}
