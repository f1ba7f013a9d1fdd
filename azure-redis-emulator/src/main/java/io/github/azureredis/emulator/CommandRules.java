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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The commands that Azure blocks for every user. As far as possible they are renamed in
 * the server, so that its own answer is {@code ERR unknown command}, in scripts too.
 * Those that are blocked in part are known to the server by a secret name, which the
 * permitted forms are sent by.
 * <p>
 * The servers of a cluster send some of the blocked commands to each other by their own
 * names. In a client's stream these are replaced by a script that ends with the error, as
 * replies have to keep their order.
 */
final class CommandRules {

	private static final List<String> BLOCKED = List.of("BGREWRITEAOF", "BGSAVE", "DEBUG", "FAILOVER", "REPLICAOF",
			"SAVE", "SHUTDOWN", "SLAVEOF");

	private static final List<String> REPLICATION = List.of("PSYNC", "REPLCONF", "SYNC");

	private static final Set<String> MODULE_CHANGES = Set.of("LOAD", "LOADEX", "UNLOAD");

	/**
	 * What Redis Software, and so Azure Managed Redis, has in its cluster API.
	 */
	private static final Set<String> MANAGED_CLUSTER_READS = Set.of("HELP", "INFO", "KEYSLOT", "NODES", "SHARDS",
			"SLOTS");

	private static final Set<String> CACHE_CLUSTER_READS = Set.of("COUNT-FAILURE-REPORTS", "COUNTKEYSINSLOT",
			"GETKEYSINSLOT", "HELP", "INFO", "KEYSLOT", "LINKS", "MYID", "MYSHARDID", "NODES", "REPLICAS", "SHARDS",
			"SLAVES", "SLOTS");

	private final boolean managed;

	private final AzureRedisClusteringPolicy policy;

	private final List<String> blocked = new ArrayList<>(BLOCKED);

	/**
	 * By which the server takes the permitted forms of clients' commands.
	 */
	private final Map<String, String> secretNames;

	/**
	 * By which the server takes the emulator's own commands.
	 */
	private final Map<String, String> internalNames;

	private final Set<String> refused = new HashSet<>();

	CommandRules(AzureRedisOffering offering, AzureRedisClusteringPolicy policy) {
		this.managed = offering == AzureRedisOffering.MANAGED_REDIS;
		this.policy = policy;
		boolean cluster = policy == AzureRedisClusteringPolicy.OSS;
		this.secretNames = (this.managed && !cluster) ? Map.of("MODULE", Secrets.random(), "SELECT", Secrets.random())
				: Map.of("MODULE", Secrets.random());
		this.internalNames = this.managed ? Map.of("MIGRATE", Secrets.random())
				: Map.of("MIGRATE", Secrets.random(), "CONFIG", Secrets.random());
		if (this.managed) {
			this.blocked.add("MOVE");
		}
		if (!cluster) {
			this.blocked.addAll(REPLICATION);
		}
		if (policy != AzureRedisClusteringPolicy.NONE) {
			this.refused.add("CLUSTER");
		}
		if (cluster) {
			this.refused.addAll(REPLICATION);
			if (this.managed) {
				this.refused.addAll(List.of("READONLY", "READWRITE", "SELECT"));
			}
		}
	}

	/**
	 * Returns the lines that the server's configuration needs for this.
	 */
	List<String> configuration() {
		List<String> lines = new ArrayList<>();
		this.blocked.forEach((name) -> lines.add("rename-command " + name + " \"\""));
		Stream.of(this.secretNames, this.internalNames)
			.flatMap((names) -> names.entrySet().stream())
			.forEach((name) -> lines.add("rename-command " + name.getKey() + " " + name.getValue()));
		return lines;
	}

	/**
	 * Returns the commands that {@link #apply(RespCommand)} has to see.
	 */
	Set<String> names() {
		Set<String> names = new HashSet<>(this.secretNames.keySet());
		names.addAll(this.refused);
		return names;
	}

	/**
	 * Returns the name by which the emulator itself calls a command in the server.
	 */
	String internalName(String name) {
		return this.internalNames.getOrDefault(name, name);
	}

	/**
	 * Returns what to send to the server for a client's command.
	 */
	RespCommand apply(RespCommand command) {
		String secretName = this.secretNames.get(command.name());
		if (secretName != null) {
			return isPermitted(command) ? command.with(0, secretName) : command;
		}
		String error = error(command);
		return (error != null) ? refusal(error) : command;
	}

	/**
	 * Return what to send to the server so that it answers with an error.
	 */
	static RespCommand refusal(String error) {
		return RespCommand.of("EVAL", "return redis.error_reply(ARGV[1])", "0", error);
	}

	private @Nullable String error(RespCommand command) {
		if (!this.refused.contains(command.name()) || command.name().equals("SELECT") && isPermitted(command)) {
			return null;
		}
		if (!command.name().equals("CLUSTER")) {
			return "ERR unknown command '" + command.text(0) + "'";
		}
		if (this.policy == AzureRedisClusteringPolicy.ENTERPRISE) {
			return "ERR command is not allowed";
		}
		if (command.size() == 1 || isClusterRead(argument(command))) {
			return null;
		}
		return this.managed ? "ERR unknown subcommand '" + command.text(1) + "'" : "ERR unknown command 'CLUSTER'";
	}

	private boolean isClusterRead(String subcommand) {
		return (this.managed ? MANAGED_CLUSTER_READS : CACHE_CLUSTER_READS).contains(subcommand);
	}

	private static boolean isPermitted(RespCommand command) {
		return command.name().equals("SELECT") ? argument(command).equals("0")
				: !MODULE_CHANGES.contains(argument(command));
	}

	private static String argument(RespCommand command) {
		return (command.size() > 1) ? command.text(1).toUpperCase(Locale.ROOT) : "";
	}

}
