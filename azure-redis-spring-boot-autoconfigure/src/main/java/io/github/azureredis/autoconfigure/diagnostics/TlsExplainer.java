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

import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.lettuce.core.RedisConnectionException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * {@link Explainer} for failures of TLS, and for connections that were closed before they
 * were ready, which is a frequent effect of TLS on one side only.
 *
 * @param facts what is known of the connections
 */
record TlsExplainer(ConnectionFacts facts) implements Explainer {

	private static final String TLS_PORTS = "Set 'azure.redis.port' to the port for TLS, or remove it: "
			+ AzureRedisOffering.describePorts() + " (6379 is without TLS).";

	private static final String CLOSED_EARLY = " has closed the connection before it was ready.";

	private static final Pattern CLOSED = Pattern.compile(
			"Connection closed prematurely|Connection closed while SSL/TLS handshake.*|SSLEngine closed already|.*Connection reset.*");

	@Override
	public @Nullable Explanation explain(Causes causes) {
		if (isClosed(causes)) {
			NodeExplainer node = NodeExplainer.find(this.facts, causes);
			return (node != null) ? node.explain(CLOSED_EARLY) : closed();
		}
		if (!causes.have(SSLException.class)) {
			return null;
		}
		if (causes.have(SslHandshakeTimeoutException.class) || causes.have(NotSslRecordException.class)) {
			return noTls();
		}
		if (causes.have(CertificateExpiredException.class) || causes.have(CertificateNotYetValidException.class)) {
			return notValidNow();
		}
		if (causes.have(CertPathBuilderException.class)) {
			return notTrusted();
		}
		Optional<CertificateException> otherHost = causes.find(CertificateException.class,
				(message) -> message.startsWith("No subject alternative") || message.startsWith("No name matching"));
		if (otherHost.isPresent()) {
			return otherHost(String.valueOf(otherHost.get().getMessage()));
		}
		return causes.find(SSLException.class)
			.map((failure) -> other(String.valueOf(failure.getMessage())))
			.orElse(null);
	}

	private boolean isClosed(Causes causes) {
		return causes.have(RedisConnectionException.class) && (causes.have(ClosedChannelException.class)
				|| causes.find(Exception.class, CLOSED.asMatchPredicate()).isPresent());
	}

	private Explanation notTrusted() {
		return new Explanation("The certificate of " + this.facts
			.redis() + " is not signed by an authority that the application trusts" + trust() + ".", Explanation.ways(
					"A certificate of Azure's own is trusted by every current JDK: update the JDK, and remove"
							+ " 'azure.redis.ssl.bundle' if it is set.",
					"If a proxy or a firewall on the way replaces the certificate, add its authority to the trust store"
							+ " of an SSL bundle ('spring.ssl.bundle.*') and name that in 'azure.redis.ssl.bundle'."));
	}

	private Explanation otherHost(String reason) {
		return new Explanation("The certificate of " + this.facts
			.redis() + " is for another host: \"" + reason + "\".", Explanation.ways(
					"Set 'azure.redis.host' to the host name that the portal shows for the instance, also with a private"
							+ " endpoint. An IP address, an alias or a 'privatelink' name is not in the certificate.",
					"If a proxy on the way has a certificate of its own, let that be for '"
							+ this.facts.instance().getHost()
							+ "' and name an SSL bundle that trusts it in 'azure.redis.ssl.bundle'."));
	}

	private Explanation notValidNow() {
		return new Explanation("The certificate of " + this.facts.redis() + " is not valid at this time.",
				"Check the clock of this machine. If that is right, look for a proxy on the way that has a certificate of its"
						+ " own.");
	}

	private Explanation noTls() {
		return new Explanation(this.facts.redis() + " accepts the connection, but does not answer to TLS.", Explanation
			.ways(TLS_PORTS, "Let the instance take TLS connections, if it is set to unencrypted ones."));
	}

	private Explanation other(String reason) {
		return new Explanation("TLS with " + this.facts.redis() + " has failed: \"" + reason + "\".",
				Explanation.ways(TLS_PORTS,
						"Azure takes TLS 1.2 and 1.3 only: see that the JDK, and the options of the SSL bundle"
								+ " if 'azure.redis.ssl.bundle' names one, permit them."));
	}

	private Explanation closed() {
		if (!this.facts.instance().isSslEnabled()) {
			return new Explanation(
					this.facts.redis() + " has closed the connection, which is not encrypted since"
							+ " 'azure.redis.ssl.enabled' is false.",
					Explanation.ways("Remove 'azure.redis.ssl.enabled' to use TLS.",
							"Or set 'azure.redis.port' to a port without TLS, which Azure Cache for Redis has on 6379 if it is"
									+ " switched on."));
		}
		return new Explanation(this.facts.redis() + CLOSED_EARLY, Explanation.ways(
				"If it has worked before, wait: so it is for a while when Azure maintains the instance or fails over.",
				TLS_PORTS, "See that a firewall between the application and the instance lets TLS pass.",
				"See that the instance has not reached its number of connections: Connected Clients in its metrics."));
	}

	private String trust() {
		String bundle = this.facts.sslBundle();
		return StringUtils.hasText(bundle) ? ", which is what the SSL bundle '" + bundle + "' says" : "";
	}

}
