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
import java.util.Optional;

import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;

/**
 * Explains error replies of the server.
 *
 * @param facts what is known of the connections
 */
record ReplyExplainer(ConnectionFacts facts) implements Explainer {

	@Override
	public @Nullable Explanation explain(Causes causes) {
		if (reply(causes, "WRONGPASS").isPresent()) {
			if (this.facts.usesAccessKey()) {
				return accessKeyRefused();
			}
			// A token that expires in transit says nothing about the identity. The failed
			// renewal has been logged already.
			return this.facts.tokenExpired().getAsBoolean() ? null : identityRefused();
		}
		return first(reply(causes, "NOPERM").map(this::notPermitted), reply(causes, "NOAUTH").map(this::noCredentials),
				reply(causes, "MOVED").map(this::moved), reply(causes, "CROSSSLOT").map(this::crossSlot),
				reply(causes, "max number of clients reached").map(this::tooManyConnections),
				clusterCommandRefused(causes));
	}

	private Explanation identityRefused() {
		String objectId = this.facts.objectId();
		String username = this.facts.username();
		if (objectId == null) {
			return new Explanation(this.facts.redis() + " has refused the credentials (WRONGPASS).",
					"Let the application authenticate as an identity that is assigned to the instance, by its object id.");
		}
		if (username != null && !username.equalsIgnoreCase(objectId)) {
			return new Explanation(this.facts.redis() + " has refused the user name '" + username
					+ "' (WRONGPASS). It comes from 'azure.redis.username', but the token is one of the object id '"
					+ objectId + "'.",
					Explanation.ways("Remove 'azure.redis.username': the user name is the object id of the token then.",
							"Or set 'azure.redis.credential' to the identity whose object id '" + username + "' is."));
		}
		List<String> ways = new ArrayList<>(new AccessAssignment(this.facts.instance(), objectId).ways());
		ways.add("If the application should have another identity, set 'azure.redis.credential'.");
		return new Explanation(this.facts.redis() + " has refused the identity with the object id '" + objectId
				+ "' (WRONGPASS). It is not assigned to the instance, or Microsoft Entra authentication is switched"
				+ " off there.",
				"Assign this object id to the instance. A group that it belongs to is not enough.%n".formatted()
						+ Explanation.ways(ways));
	}

	private Explanation accessKeyRefused() {
		String username = this.facts.username();
		List<String> ways = new ArrayList<>();
		if (username != null) {
			ways.add("Remove 'azure.redis.username', which is '" + username + "': a key has no user name.");
		}
		ways.add("Remove 'azure.redis.access-key' to authenticate with Microsoft Entra ID, which Azure recommends.");
		ways.add(
				"Or set 'azure.redis.access-key' to a key that the portal shows for the instance under Authentication >"
						+ " Access keys, where they can also be switched on.");
		return new Explanation(this.facts.redis()
				+ " has refused the key of 'azure.redis.access-key' (WRONGPASS). It is not a key of this"
				+ " instance, or no longer, or access keys are switched off there.", Explanation.ways(ways));
	}

	private Explanation notPermitted(String reply) {
		List<String> ways = new ArrayList<>();
		if (this.facts.instance().getOffering() != AzureRedisOffering.CACHE_FOR_REDIS) {
			ways.add("Azure Managed Redis: widen the access string of its access policy assignment, '+@all ~*' permits"
					+ " everything.");
		}
		if (this.facts.instance().getOffering() != AzureRedisOffering.MANAGED_REDIS) {
			ways.add(
					"Azure Cache for Redis: under Data Access Configuration, assign it a policy that permits more, such as"
							+ " Data Contributor or Data Owner.");
		}
		return new Explanation(
				this.facts.redis() + " does not permit this to " + this.facts.user() + ": \"" + reply + "\".",
				"Let the instance permit it, or do without the command.%n".formatted() + Explanation.ways(ways));
	}

	private Explanation noCredentials(String reply) {
		return new Explanation(
				this.facts.redis() + " has been sent a command before any credentials: \"" + reply + "\".",
				"Remove the bean or the customizer of the application that replaces the credentials of 'azure.redis'.");
	}

	private Explanation moved(String reply) {
		return new Explanation(this.facts.redis()
				+ " is a cluster and has referred the application to another node, but the client is not"
				+ " a cluster client: \"" + reply + "\".", "Set 'azure.redis.clustering-policy' to 'oss'.");
	}

	private Explanation crossSlot(String reply) {
		return new Explanation(
				this.facts.redis() + " is a cluster and does not take keys of different hash slots in one command: \""
						+ reply + "\".",
				Explanation.ways(
						"Give keys that are used together the same hash tag, as in '{user1}:name' and '{user1}:mail'.",
						"Or set 'azure.redis.clustering-policy' to 'oss', if the instance has that policy: MGET, MSET, DEL"
								+ " and the like are then split by slot.",
						"Or use an instance with the clustering policy Non-Clustered."));
	}

	private Explanation tooManyConnections(String reply) {
		return new Explanation(this.facts.redis() + " takes no more connections: \"" + reply + "\".",
				Explanation.ways(
						"Open fewer: 'spring.data.redis.lettuce.pool.max-active' counts for each instance of the"
								+ " application. Connected Clients in the metrics of the instance is the sum.",
						"Or scale the instance to a size that takes more."));
	}

	private Optional<Explanation> clusterCommandRefused(Causes causes) {
		if (causes.find(RedisException.class, (message) -> message.contains("cluster partitions")).isEmpty()) {
			return Optional.empty();
		}
		return reply(causes, "ERR").map((reply) -> new Explanation(
				this.facts.redis() + " has not told the nodes of its cluster: \"" + reply
						+ "\". Its clustering policy is not OSS.",
				"Set 'azure.redis.clustering-policy' to 'enterprise' or 'none', as the instance has it, or remove it."));
	}

	@SafeVarargs
	private static @Nullable Explanation first(Optional<Explanation>... explanations) {
		for (Optional<Explanation> explanation : explanations) {
			if (explanation.isPresent()) {
				return explanation.get();
			}
		}
		return null;
	}

	private static Optional<String> reply(Causes causes, String start) {
		return causes
			.find(RedisCommandExecutionException.class,
					(message) -> message.startsWith(start) || message.startsWith("ERR " + start))
			.map((failure) -> withoutArguments(String.valueOf(failure.getMessage())));
	}

	// The arguments that a reply repeats may be secret.
	private static String withoutArguments(String reply) {
		int arguments = reply.indexOf(", with args");
		return (arguments >= 0) ? reply.substring(0, arguments) : reply.strip();
	}

}
