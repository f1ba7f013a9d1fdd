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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The commands that Azure blocks for every user. They are renamed in the server, so that
 * its own answer is {@code ERR unknown command}. Those that are blocked in part are known
 * to the server by a secret name, which the permitted forms are sent by.
 */
final class CommandRules {

	private static final List<String> BLOCKED = List.of("BGREWRITEAOF", "BGSAVE", "DEBUG", "FAILOVER", "MIGRATE",
			"PSYNC", "REPLCONF", "REPLICAOF", "SAVE", "SHUTDOWN", "SLAVEOF", "SYNC");

	private static final Set<String> MODULE_CHANGES = Set.of("LOAD", "LOADEX", "UNLOAD");

	private final List<String> blocked;

	private final Map<String, String> secretNames;

	CommandRules(AzureRedisOffering offering) {
		switch (offering) {
			case MANAGED_REDIS -> {
				this.blocked = plus(BLOCKED, "MOVE");
				this.secretNames = Map.of("MODULE", Secrets.random(), "SELECT", Secrets.random());
			}
			case CACHE_FOR_REDIS -> {
				this.blocked = plus(BLOCKED, "CONFIG");
				this.secretNames = Map.of("MODULE", Secrets.random());
			}
			default -> throw new IllegalArgumentException("Unknown offering " + offering);
		}
	}

	/**
	 * Returns the lines that the server's configuration needs for this.
	 */
	List<String> configuration() {
		List<String> lines = new ArrayList<>();
		this.blocked.forEach((name) -> lines.add("rename-command " + name + " \"\""));
		this.secretNames.forEach((name, secretName) -> lines.add("rename-command " + name + " " + secretName));
		return lines;
	}

	/**
	 * Returns the name by which the server takes a permitted form of a command that is
	 * blocked otherwise, or {@code null} if the command is to be sent as it is.
	 */
	@Nullable String secretName(RespCommand command) {
		String secretName = this.secretNames.get(command.name());
		return (secretName != null && isPermitted(command)) ? secretName : null;
	}

	private static boolean isPermitted(RespCommand command) {
		String argument = (command.size() > 1) ? command.text(1).toUpperCase(Locale.ROOT) : "";
		return command.name().equals("SELECT") ? argument.equals("0") : !MODULE_CHANGES.contains(argument);
	}

	private static List<String> plus(List<String> commands, String command) {
		return Stream.concat(commands.stream(), Stream.of(command)).toList();
	}

}
