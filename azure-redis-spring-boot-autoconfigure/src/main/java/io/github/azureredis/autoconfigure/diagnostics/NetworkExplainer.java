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

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.channel.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why there is no way to the server.
 *
 * @param facts what is known of the connections
 */
record NetworkExplainer(ConnectionFacts facts) implements Explainer {

	private static final String NETWORKING = "See on the instance, under Networking, whether public network access is off or a"
			+ " firewall rule for this machine is missing. With a private endpoint, run the application in its network.";

	private static final String REFUSED = " refuses connections: nothing listens there.";

	private static final String NOT_REACHABLE = " cannot be reached: the connection was not answered in time.";

	private static final Pattern PORT = Pattern.compile("Unable to connect to .*:(\\d+)");

	@Override
	public @Nullable Explanation explain(Causes causes) {
		if (causes.have(UnknownHostException.class)) {
			return hostUnknown();
		}
		OptionalInt nodePort = nodePort(causes);
		// Before the type that it extends
		if (causes.have(ConnectTimeoutException.class) || causes.have(NoRouteToHostException.class)) {
			return nodePort.isPresent() ? node(nodePort.getAsInt(), NOT_REACHABLE) : notReachable();
		}
		if (causes.have(ConnectException.class)) {
			return nodePort.isPresent() ? node(nodePort.getAsInt(), REFUSED) : refused();
		}
		if (causes
			.find(RedisCommandTimeoutException.class, (message) -> message.startsWith("Connection initialization"))
			.isPresent()) {
			return handshakeNotAnswered();
		}
		return null;
	}

	private Explanation hostUnknown() {
		return new Explanation("The host name '" + this.facts.instance()
			.getHost() + "' of 'azure.redis.host' is unknown: DNS has no address for it.", Explanation.ways(
					"Set 'azure.redis.host' to the host name that the portal shows for the instance.",
					"If that has only a private endpoint, run the application in its network, and link the private DNS"
							+ " zone " + privateDnsZone() + " to it."));
	}

	private Explanation refused() {
		return new Explanation(this.facts.redis() + REFUSED,
				Explanation.ways(
						"Set 'azure.redis.port' to the port of the instance, or remove it. "
								+ AzureRedisOffering.describePorts() + ".",
						NETWORKING, "See that the instance is running."));
	}

	private Explanation notReachable() {
		return new Explanation(this.facts.redis() + NOT_REACHABLE,
				Explanation.ways(NETWORKING,
						"See that the firewall on this side lets TCP to port " + this.facts.instance().getPort()
								+ " pass.",
						"Set 'azure.redis.host' and 'azure.redis.port' to those of the instance. "
								+ AzureRedisOffering.describePorts() + "."));
	}

	private Explanation node(int port, String problem) {
		return new Explanation("The node at port " + port + " of " + this.facts.redis() + problem,
				Explanation.ways(
						"Wait a minute if other nodes answer: Azure replaces nodes when it patches or scales an"
								+ " instance, and the client follows to the new ones.",
						"Otherwise let the firewalls on both sides pass TCP to the ports of nodes: 8500 to 8599 for"
								+ " Azure Managed Redis, from 15000 on for Azure Cache for Redis."));
	}

	private Explanation handshakeNotAnswered() {
		return new Explanation(
				this.facts.redis() + " has not answered the handshake of a new connection in time. Azure may take 10"
						+ " seconds to validate a token.",
				Explanation.ways("Set 'spring.data.redis.timeout', which also limits the handshake, to 10s or more.",
						"Set 'azure.redis.port' to the port of the instance, or remove it, if something else listens"
								+ " there."));
	}

	/**
	 * Return the port of the node that most connections of a cluster client lead to.
	 */
	private OptionalInt nodePort(Causes causes) {
		return causes.stream()
			.map((failure) -> PORT.matcher(String.valueOf(failure.getMessage())))
			.filter(Matcher::matches)
			.mapToInt((address) -> Integer.parseInt(address.group(1)))
			.filter((port) -> port != this.facts.instance().getPort())
			.findFirst();
	}

	private String privateDnsZone() {
		if (this.facts.instance().getOffering() == AzureRedisOffering.CACHE_FOR_REDIS) {
			return "privatelink.redis.cache.windows.net";
		}
		return this.facts.instance().getHost().contains("redisenterprise")
				? "privatelink.redisenterprise.cache.azure.net" : "privatelink.redis.azure.net";
	}

}
