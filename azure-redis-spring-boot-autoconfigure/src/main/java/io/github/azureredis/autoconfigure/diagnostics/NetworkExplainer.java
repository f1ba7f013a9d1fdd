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
import java.util.ArrayList;
import java.util.List;

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

	private static final String HANDSHAKE_NOT_ANSWERED = " has not answered the handshake of a new connection in time.";

	@Override
	public @Nullable Explanation explain(Causes causes) {
		if (causes.have(UnknownHostException.class)) {
			return hostUnknown();
		}
		NodeExplainer node = NodeExplainer.find(this.facts, causes);
		// Before the type that it extends
		if (causes.have(ConnectTimeoutException.class) || causes.have(NoRouteToHostException.class)) {
			return (node != null) ? node.explain(NOT_REACHABLE) : notReachable(causes);
		}
		if (causes.have(ConnectException.class)) {
			return (node != null) ? node.explain(REFUSED) : refused(causes);
		}
		if (causes
			.find(RedisCommandTimeoutException.class, (message) -> message.startsWith("Connection initialization"))
			.isPresent()) {
			return (node != null) ? node.explain(HANDSHAKE_NOT_ANSWERED) : handshakeNotAnswered();
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

	private Explanation refused(Causes causes) {
		return new Explanation(this.facts.redis() + REFUSED,
				ways(causes,
						"Set 'azure.redis.port' to the port of the instance, or remove it. "
								+ AzureRedisOffering.describePorts() + ".",
						NETWORKING, "See that the instance is running."));
	}

	private Explanation notReachable(Causes causes) {
		return new Explanation(this.facts.redis() + NOT_REACHABLE,
				ways(causes, NETWORKING,
						"See that the firewall on this side lets TCP to port " + this.facts.instance().getPort()
								+ " pass.",
						"Set 'azure.redis.host' and 'azure.redis.port' to those of the instance. "
								+ AzureRedisOffering.describePorts() + "."));
	}

	private static String ways(Causes causes, String... ways) {
		List<String> all = new ArrayList<>();
		if (causes.areAfterConnection()) {
			all.add("If it has worked before, wait: Azure may be maintaining the instance.");
		}
		all.addAll(List.of(ways));
		return Explanation.ways(all);
	}

	private Explanation handshakeNotAnswered() {
		return new Explanation(
				this.facts.redis() + HANDSHAKE_NOT_ANSWERED + " Azure may take 10 seconds to validate a token.",
				Explanation.ways("Set 'spring.data.redis.timeout', which also limits the handshake, to 10s or more.",
						"Set 'azure.redis.port' to the port of the instance, or remove it, if something else listens"
								+ " there."));
	}

	private String privateDnsZone() {
		if (this.facts.instance().getOffering() == AzureRedisOffering.CACHE_FOR_REDIS) {
			return "privatelink.redis.cache.windows.net";
		}
		return this.facts.instance().getHost().contains("redisenterprise")
				? "privatelink.redisenterprise.cache.azure.net" : "privatelink.redis.azure.net";
	}

}
