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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The identities with access to the emulated instance: their object ids, their client ids
 * and the secrets by which the Redis server behind the front knows them.
 */
final class Identities {

	static final String ACCESS_KEY_USER = "default";

	private final Map<String, String> clientIds;

	private final Set<String> assigned = ConcurrentHashMap.newKeySet();

	private final Map<String, String> serverSecrets = new LinkedHashMap<>();

	/**
	 * Creates the identities, all of which have access.
	 * @param clientIds client ids by object id
	 * @param withAccessKey whether the user of the access key exists
	 */
	Identities(Map<String, String> clientIds, boolean withAccessKey) {
		this.clientIds = Map.copyOf(clientIds);
		this.assigned.addAll(clientIds.keySet());
		clientIds.keySet().forEach((objectId) -> this.serverSecrets.put(objectId, Secrets.random()));
		if (withAccessKey) {
			this.serverSecrets.put(ACCESS_KEY_USER, Secrets.random());
		}
	}

	/**
	 * Returns the lines that the server's configuration needs for this.
	 */
	List<String> configuration() {
		List<String> lines = new ArrayList<>();
		if (!this.serverSecrets.containsKey(ACCESS_KEY_USER)) {
			lines.add("user " + ACCESS_KEY_USER + " reset");
		}
		this.serverSecrets.forEach((user, secret) -> lines.add("user " + user + " on >" + secret + " ~* &* +@all"));
		return lines;
	}

	/**
	 * Gives an identity access.
	 * @throws IllegalArgumentException if it does not exist
	 */
	void assign(String objectId) {
		requireKnown(objectId);
		this.assigned.add(objectId);
	}

	/**
	 * Takes access from an identity.
	 * @throws IllegalArgumentException if it does not exist
	 */
	void unassign(String objectId) {
		requireKnown(objectId);
		this.assigned.remove(objectId);
	}

	/**
	 * Takes access from all identities; the user of the access key keeps it.
	 */
	void unassignAll() {
		this.assigned.clear();
	}

	/**
	 * Returns the password of a user that has access, or {@code null}.
	 */
	@Nullable String serverSecret(String user) {
		return (user.equals(ACCESS_KEY_USER) || this.assigned.contains(user)) ? this.serverSecrets.get(user) : null;
	}

	private void requireKnown(String objectId) {
		if (!this.clientIds.containsKey(objectId)) {
			throw new IllegalArgumentException(
					"The emulator was built without the identity " + objectId + "; add it to the builder");
		}
	}

	@Nullable String clientId(String objectId) {
		return this.clientIds.get(objectId);
	}

	@Nullable String objectIdOfClient(String clientId) {
		return this.clientIds.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(clientId))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(null);
	}

}
