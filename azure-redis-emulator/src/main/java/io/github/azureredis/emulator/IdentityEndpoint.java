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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * The managed-identity protocols of Azure App Service and of virtual machines (IMDS),
 * over plain HTTP on the loopback interface.
 */
final class IdentityEndpoint {

	private static final Set<String> RESOURCES = Set.of("https://redis.azure.com", "https://redis.azure.com/",
			"acca5fbb-b7e4-4009-81f1-37e38fd66d78");

	private final TokenEndpoint endpoint;

	private final Identities identities;

	private final String defaultObjectId;

	private final String header = Secrets.random();

	private final Set<String> requestedResources = Collections.synchronizedSet(new LinkedHashSet<>());

	private final HttpServer server = newServer();

	IdentityEndpoint(TokenEndpoint endpoint, Identities identities, String defaultObjectId) {
		this.endpoint = endpoint;
		this.identities = identities;
		this.defaultObjectId = defaultObjectId;
	}

	void start() {
		try {
			this.server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new EmulatorStartException("The managed-identity endpoint could not be started", ex);
		}
		this.server.createContext(Protocol.APP_SERVICE.path,
				(exchange) -> handle(exchange, Protocol.APP_SERVICE, this.header));
		this.server.createContext(Protocol.IMDS.path, (exchange) -> handle(exchange, Protocol.IMDS, "true"));
		// The server's own thread is a daemon if the one that starts it is.
		Thread starter = new Thread(this.server::start, "azure-redis-emulator-identity");
		starter.setDaemon(true);
		starter.start();
		try {
			starter.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new EmulatorStartException("Interrupted while the managed-identity endpoint started", ex);
		}
	}

	URI appServiceUri() {
		return imdsUri().resolve(Protocol.APP_SERVICE.path);
	}

	URI imdsUri() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	String header() {
		return this.header;
	}

	Set<String> requestedResources() {
		synchronized (this.requestedResources) {
			return Collections.unmodifiableSet(new LinkedHashSet<>(this.requestedResources));
		}
	}

	void close() {
		this.server.stop(0);
	}

	private static HttpServer newServer() {
		try {
			return HttpServer.create();
		}
		catch (IOException ex) {
			throw new EmulatorStartException("The managed-identity endpoint could not be created", ex);
		}
	}

	private void handle(HttpExchange exchange, Protocol protocol, String header) {
		Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
		String resource = query.get("resource");
		if (resource != null) {
			this.requestedResources.add(resource);
		}
		String clientId = query.get("client_id");
		String objectId = (clientId != null) ? this.identities.objectIdOfClient(clientId) : this.defaultObjectId;
		if (!header.equals(exchange.getRequestHeaders().getFirst(protocol.header))) {
			refuse(exchange, protocol, protocol.unauthorized, "The header " + protocol.header + " is missing or wrong");
		}
		else if (!exchange.getRequestMethod().equals("GET")) {
			refuse(exchange, protocol, 405, "Only GET is allowed");
		}
		else if (!protocol.apiVersion.equals(query.get("api-version"))) {
			refuse(exchange, protocol, 400, "The api-version must be " + protocol.apiVersion);
		}
		else if (resource == null || !RESOURCES.contains(resource)) {
			refuse(exchange, protocol, 400, "AADSTS500011: The resource principal was not found in the tenant");
		}
		else if (objectId == null) {
			refuse(exchange, protocol, 400, "No user-assigned identity has this client_id");
		}
		else {
			answer(exchange, protocol, objectId, resource);
		}
	}

	private void answer(HttpExchange exchange, Protocol protocol, String objectId, String resource) {
		this.endpoint.request(objectId).whenComplete((token, ex) -> {
			if (ex != null) {
				send(exchange, 500, protocol.error(500, String.valueOf(ex.getMessage())));
			}
			else {
				send(exchange, 200,
						"""
								{"access_token":"%s","expires_on":"%d","resource":"%s","token_type":"Bearer","client_id":"%s"}"""
							.formatted(token.text(), token.expiresAt().getEpochSecond(), resource,
									this.identities.clientId(objectId)));
			}
		});
	}

	private void refuse(HttpExchange exchange, Protocol protocol, int status, String message) {
		send(exchange, status, protocol.error(status, String.valueOf(this.endpoint.refuse(message).getMessage())));
	}

	private static void send(HttpExchange exchange, int status, String body) {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
		try (exchange) {
			exchange.sendResponseHeaders(status, bytes.length);
			exchange.getResponseBody().write(bytes);
		}
		catch (IOException ex) {
			// The client has gone.
		}
	}

	private static Map<String, String> query(@Nullable String query) {
		Map<String, String> parameters = new HashMap<>();
		for (String parameter : (query != null) ? List.of(query.split("&")) : List.<String>of()) {
			int separator = parameter.indexOf('=');
			if (separator > 0) {
				parameters.put(parameter.substring(0, separator),
						URLDecoder.decode(parameter.substring(separator + 1), StandardCharsets.UTF_8));
			}
		}
		return parameters;
	}

	private enum Protocol {

		APP_SERVICE("/msi/token", "2019-08-01", "X-IDENTITY-HEADER", 401),

		IMDS("/metadata/identity/oauth2/token", "2018-02-01", "Metadata", 400);

		private final String path;

		private final String apiVersion;

		private final String header;

		private final int unauthorized;

		Protocol(String path, String apiVersion, String header, int unauthorized) {
			this.path = path;
			this.apiVersion = apiVersion;
			this.header = header;
			this.unauthorized = unauthorized;
		}

		String error(int status, String message) {
			return (this == APP_SERVICE) ? """
					{"statusCode":%d,"message":"%s"}""".formatted(status, message) : """
					{"error":"invalid_request","error_description":"%s"}""".formatted(message);
		}

	}

}
