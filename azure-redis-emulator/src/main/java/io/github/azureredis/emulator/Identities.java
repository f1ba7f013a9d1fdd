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

import org.jspecify.annotations.Nullable;

/**
 * The identities with access to the emulated instance: their object ids, their client ids
 * and the secrets by which the Redis server behind the front knows them.
 */
final class Identities {

	static final String ACCESS_KEY_USER = "default";

	private final Map<String, String> clientIds;

	private final Map<String, String> serverSecrets = new LinkedHashMap<>();

	/**
	 * Creates the identities.
	 * @param clientIds client ids by object id
	 * @param withAccessKey whether the user of the access key exists
	 */
	Identities(Map<String, String> clientIds, boolean withAccessKey) {
		this.clientIds = Map.copyOf(clientIds);
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

	@Nullable String serverSecret(String user) {
		return this.serverSecrets.get(user);
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
