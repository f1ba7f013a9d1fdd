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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IdentityEndpointTests {

	private static final String OTHER_ID = UUID.randomUUID().toString();

	private static final String OTHER_CLIENT_ID = UUID.randomUUID().toString();

	private static final String VALID = "api-version=2019-08-01&resource=https%3A%2F%2Fredis.azure.com";

	private static AzureRedisEmulator emulator;

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder().tls(false).identity(OTHER_ID, OTHER_CLIENT_ID).start();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@AfterEach
	void reset() {
		emulator.faults().reset();
	}

	@Test
	void whenRequestIsValidThenTokenIsAccepted() throws Exception {
		HttpResponse<String> response = get(VALID, emulator.identityHeader());
		assertThat(response.statusCode()).isEqualTo(200);
		Map<String, Object> answer = json(response);
		assertThat(answer).containsEntry("resource", "https://redis.azure.com").containsEntry("token_type", "Bearer");
		assertAccepted(emulator.objectId(), answer);
		assertThat(emulator.requestedResources()).contains("https://redis.azure.com");
	}

	@Test
	void whenClientIdIsGivenThenTokenIsItsOwn() throws Exception {
		HttpResponse<String> response = get(VALID + "&client_id=" + OTHER_CLIENT_ID, emulator.identityHeader());
		assertThat(json(response)).containsEntry("client_id", OTHER_CLIENT_ID);
		assertAccepted(OTHER_ID, json(response));
	}

	@Test
	void whenRequestIsWrongThenItIsRefused() throws Exception {
		long failed = emulator.statistics().tokenRequestsFailed();
		assertRefused(get(VALID, "wrong"), 401);
		assertRefused(get("api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net", emulator.identityHeader()),
				400);
		assertRefused(get("api-version=2019-08-01", emulator.identityHeader()), 400);
		assertRefused(get("resource=https%3A%2F%2Fredis.azure.com", emulator.identityHeader()), 400);
		assertRefused(get(VALID + "&client_id=" + UUID.randomUUID(), emulator.identityHeader()), 400);
		assertThat(emulator.requestedResources()).contains("https://vault.azure.net");
		assertThat(emulator.statistics().tokenRequestsFailed()).isEqualTo(failed + 5);
	}

	@Test
	void whenVirtualMachineAsksThenTokenIsAccepted() throws Exception {
		HttpResponse<String> response = getInstanceMetadata("&client_id=" + OTHER_CLIENT_ID, "true");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(json(response)).containsEntry("client_id", OTHER_CLIENT_ID);
		assertAccepted(OTHER_ID, json(response));
		assertAccepted(emulator.objectId(), json(getInstanceMetadata("", "true")));
	}

	@Test
	void whenVirtualMachineAsksWronglyThenItIsRefused() throws Exception {
		for (HttpResponse<String> response : List.of(getInstanceMetadata("", "false"),
				getInstanceMetadata("&client_id=" + UUID.randomUUID(), "true"))) {
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(json(response)).containsEntry("error", "invalid_request").containsKey("error_description");
		}
	}

	@Test
	void whenDownThenStatusIs500() throws Exception {
		emulator.faults().tokenEndpointDown();
		assertRefused(get(VALID, emulator.identityHeader()), 500);
		emulator.faults().tokenEndpointUp();
		assertThat(get(VALID, emulator.identityHeader()).statusCode()).isEqualTo(200);
	}

	@Test
	void whenHungThenAnswerComesWithReset() {
		emulator.faults().tokenEndpointHung();
		long requests = emulator.statistics().tokenRequests();
		CompletableFuture<HttpResponse<String>> response = this.client
			.sendAsync(request(VALID, emulator.identityHeader()), HttpResponse.BodyHandlers.ofString());
		Awaitility.await().until(() -> emulator.statistics().tokenRequests() > requests);
		assertThat(response).isNotDone();
		emulator.faults().reset();
		assertThat(response).succeedsWithin(Duration.ofSeconds(10))
			.satisfies((answer) -> assertThat(answer.statusCode()).isEqualTo(200));
	}

	private HttpResponse<String> get(String query, String header) throws Exception {
		return this.client.send(request(query, header), HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> getInstanceMetadata(String query, String header) throws Exception {
		URI uri = emulator.instanceMetadataEndpoint()
			.resolve("/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fredis.azure.com"
					+ query);
		return this.client.send(HttpRequest.newBuilder(uri).header("Metadata", header).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	private static HttpRequest request(String query, String header) {
		return HttpRequest.newBuilder(URI.create(emulator.identityEndpoint() + "?" + query))
			.header("X-IDENTITY-HEADER", header)
			.build();
	}

	private static Map<String, Object> json(HttpResponse<String> response) throws Exception {
		try (JsonReader reader = JsonProviders.createReader(response.body())) {
			return reader.readMap(JsonReader::readUntyped);
		}
	}

	private static void assertRefused(HttpResponse<String> response, int status) throws Exception {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(json(response)).containsEntry("statusCode", status).containsKey("message");
	}

	private static void assertAccepted(String objectId, Map<String, Object> answer) throws Exception {
		Awaitility.await().until(() -> emulator.connections().isEmpty());
		Instant expiresAt = Instant.ofEpochSecond(Long.parseLong((String) answer.get("expires_on")));
		try (RawConnection connection = new RawConnection(emulator)) {
			connection.send("AUTH", objectId, (String) answer.get("access_token"));
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(emulator.connections()).singleElement()
				.satisfies((open) -> assertThat(open.tokenExpiresAt()).isEqualTo(expiresAt));
		}
	}

}
