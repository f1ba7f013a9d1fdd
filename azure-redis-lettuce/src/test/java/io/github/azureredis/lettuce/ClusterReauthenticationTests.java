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

package io.github.azureredis.lettuce;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

import static org.awaitility.Awaitility.await;

/**
 * Tests for the connections of a cluster client, on a Redis cluster of one node. Each
 * token speaks for another user, and so the server tells which one a connection holds.
 */
class ClusterReauthenticationTests {

	private static final int USERS = 50;

	private final AtomicInteger tokens = new AtomicInteger();

	private final TokenCredential credential = (request) -> Mono
		.fromSupplier(() -> token(this.tokens.incrementAndGet()));

	private final ClientResources resources = ClientResources.create();

	private int port;

	private RedisServer server;

	@BeforeEach
	void startCluster() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = socket.getLocalPort();
		}
		RedisServerBuilder builder = RedisServer.newRedisServer()
			.port(this.port)
			.setting("save \"\"")
			.setting("cluster-enabled yes")
			.setting("cluster-config-file nodes-" + this.port + ".conf");
		IntStream.rangeClosed(1, USERS)
			.forEach((user) -> builder.setting("user user-" + user + " on nopass ~* &* +@all"));
		this.server = builder.build();
		this.server.start();
		RedisClient client = RedisClient.create(this.resources, RedisURI.create("127.0.0.1", this.port));
		client.connect().sync().clusterAddSlots(IntStream.range(0, 16384).toArray());
		await().until(() -> client.connect().sync().clusterInfo().contains("cluster_state:ok"));
		client.shutdown();
	}

	@AfterEach
	void stopCluster() throws IOException {
		this.server.stop();
		this.resources.shutdown().awaitUninterruptibly();
	}

	@Test
	void whenTokensAreRenewedThenEveryConnectionOfAClusterClientIsReauthenticated() {
		try (EntraTokenProvider tokens = EntraTokenProvider.builder(this.credential).build();
				EntraRedisAuthentication authentication = EntraRedisAuthentication.builder(tokens).build()) {
			RedisClusterClient client = RedisClusterClient.create(authentication.reauthenticating(this.resources),
					RedisURI.builder()
						.withHost("127.0.0.1")
						.withPort(this.port)
						.withAuthentication(authentication.credentialsProvider())
						.build());
			try {
				StatefulRedisClusterConnection<String, String> connection = client.connect();
				connection.sync().set("key", "value");
				StatefulRedisClusterPubSubConnection<String, String> subscriber = client.connectPubSub();
				subscriber.sync().subscribe("news");
				String nodeId = client.getPartitions().getPartition(0).getNodeId();
				// Commands without a key go over the default connection.
				awaitNewestUser(() -> connection.sync().aclWhoami());
				awaitNewestUser(() -> connection.getConnection(nodeId).sync().aclWhoami());
				awaitNewestUser(() -> subscriber.sync().aclWhoami());
				int before = this.tokens.get();
				await().until(() -> this.tokens.get() > before);
				awaitNewestUser(() -> connection.sync().aclWhoami());
				awaitNewestUser(() -> connection.getConnection(nodeId).sync().aclWhoami());
				awaitNewestUser(() -> subscriber.sync().aclWhoami());
			}
			finally {
				client.shutdown();
			}
		}
	}

	private void awaitNewestUser(Supplier<String> user) {
		await().until(() -> user.get().equals("user-" + this.tokens.get()));
	}

	private static AccessToken token(int number) {
		Instant expiresAt = Instant.now().plusSeconds(3);
		String claims = "{\"oid\":\"user-%d\",\"exp\":%d}".formatted(number, expiresAt.getEpochSecond());
		String token = "e30." + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
				+ ".c2ln";
		return new AccessToken(token, expiresAt.atOffset(ZoneOffset.UTC));
	}

}
