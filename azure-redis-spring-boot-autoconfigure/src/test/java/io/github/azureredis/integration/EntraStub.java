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

package io.github.azureredis.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenRequestContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.azureredis.emulator.AzureRedisEmulator;

/**
 * Microsoft Entra ID, as far as service principals need it. It is reached through a proxy
 * that leads every host of Entra ID to it and no other host anywhere, so that
 * azure-identity runs with the URLs that it has in Azure: with its check of the authority
 * and with its cache, which works on port 443 only.
 */
final class EntraStub implements AutoCloseable {

	private final AzureRedisEmulator emulator;

	private final TestCertificate certificate;

	private final Map<String, Principal> principals = new ConcurrentHashMap<>();

	private final List<String> tokenRequests = new CopyOnWriteArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "entra-stub");
		thread.setDaemon(true);
		return thread;
	});

	private final HttpsServer server;

	private final ServerSocket proxy;

	EntraStub(AzureRedisEmulator emulator, Path directory) {
		this.emulator = emulator;
		this.certificate = TestCertificate.create(directory, "entra", "login.microsoftonline.com",
				"login.microsoftonline.us", "login.chinacloudapi.cn");
		try {
			this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			this.server.setHttpsConfigurator(new HttpsConfigurator(sslContext()));
			this.server.createContext("/", this::handle);
			this.server.setExecutor(this.threads);
			this.server.start();
			this.proxy = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
			this.threads.execute(this::accept);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Adds a service principal.
	 * @param proof whether the form of a token request proves that it is this one
	 */
	void register(String clientId, String objectId, Predicate<Map<String, String>> proof) {
		this.principals.put(clientId, new Principal(objectId, proof));
	}

	X509Certificate certificateAuthority() {
		return this.certificate.certificate();
	}

	/**
	 * Returns the options of a JVM that reaches this stub.
	 */
	String[] proxyOptions() {
		return new String[] { "-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=" + this.proxy.getLocalPort(),
				"-Dhttp.nonProxyHosts=127.0.0.1|localhost" };
	}

	/**
	 * Returns the URLs that tokens were requested from.
	 */
	List<String> tokenRequests() {
		return this.tokenRequests;
	}

	@Override
	public void close() {
		this.server.stop(0);
		closeQuietly(this.proxy);
		this.threads.shutdownNow();
	}

	private SSLContext sslContext() throws GeneralSecurityException {
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(this.certificate.keyStore(), TestCertificate.PASSWORD.toCharArray());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), null, null);
		return context;
	}

	private void handle(HttpExchange exchange) throws IOException {
		String host = exchange.getRequestHeaders().getFirst("Host").replace(":443", "");
		String path = exchange.getRequestURI().getPath();
		if (path.equals("/common/discovery/instance")) {
			send(exchange, 200,
					"""
							{"tenant_discovery_endpoint":"https://%s/tenant/v2.0/.well-known/openid-configuration",
							"api-version":"1.1","metadata":[{"preferred_network":"%s","preferred_cache":"%s","aliases":["%s"]}]}"""
						.formatted(host, host, host, host));
			return;
		}
		this.tokenRequests.add("https://" + host + path);
		Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
		Principal principal = this.principals.get(form.getOrDefault("client_id", ""));
		if (principal == null || !path.endsWith("/oauth2/v2.0/token") || !principal.proof().test(form)) {
			send(exchange, 401, """
					{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}""");
			return;
		}
		TokenRequestContext request = new TokenRequestContext();
		Arrays.stream(form.getOrDefault("scope", "").split(" "))
			.filter((scope) -> scope.contains("://"))
			.forEach(request::addScopes);
		AccessToken token = this.emulator.credential(principal.objectId()).getTokenSync(request);
		send(exchange, 200, """
				{"token_type":"Bearer","expires_in":%d,"access_token":"%s"}"""
			.formatted(ChronoUnit.SECONDS.between(OffsetDateTime.now(), token.getExpiresAt()), token.getToken()));
	}

	private static Map<String, String> form(String body) {
		return Arrays.stream(body.split("&"))
			.map((parameter) -> parameter.split("=", 2))
			.collect(Collectors.toMap((parameter) -> parameter[0],
					(parameter) -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
	}

	private static void send(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		try (exchange) {
			exchange.sendResponseHeaders(status, bytes.length);
			exchange.getResponseBody().write(bytes);
		}
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.proxy.accept();
				this.threads.execute(() -> connect(client));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void connect(Socket client) {
		try {
			String head = readHead(client.getInputStream());
			if (!head.startsWith("CONNECT login.")) {
				client.getOutputStream().write("HTTP/1.1 403 Forbidden\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				client.close();
				return;
			}
			Socket target = new Socket(InetAddress.getLoopbackAddress(), this.server.getAddress().getPort());
			client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			this.threads.execute(() -> copy(target, client));
			copy(client, target);
		}
		catch (IOException ex) {
			closeQuietly(client);
		}
	}

	private static String readHead(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int read = in.read();
			if (read < 0) {
				throw new IOException("No end of the head");
			}
			head.append((char) read);
		}
		return head.toString();
	}

	private static void copy(Socket from, Socket to) {
		try (from; to) {
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[8192];
			for (int read = from.getInputStream().read(buffer); read >= 0; read = from.getInputStream().read(buffer)) {
				out.write(buffer, 0, read);
				out.flush();
			}
		}
		catch (IOException ex) {
			// One of them has gone.
		}
	}

	private static void closeQuietly(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			// It has gone already.
		}
	}

	private record Principal(String objectId, Predicate<Map<String, String>> proof) {

	}

}
