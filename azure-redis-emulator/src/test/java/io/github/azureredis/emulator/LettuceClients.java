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

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.azure.core.credential.TokenRequestContext;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.MappingSocketAddressResolver;

/**
 * Lettuce clients that trust an emulator and do not reconnect.
 */
final class LettuceClients implements AutoCloseable {

	private final ClientResources resources = DefaultClientResources.builder()
		.ioThreadPoolSize(2)
		.computationThreadPoolSize(2)
		.build();

	private final List<AbstractRedisClient> clients = new ArrayList<>();

	private final List<ClientResources> clusterResources = new ArrayList<>();

	RedisClient create(AzureRedisEmulator emulator) {
		return create(emulator, emulator.host(), ProtocolVersion.RESP3);
	}

	RedisClient create(AzureRedisEmulator emulator, ProtocolVersion protocol) {
		return create(emulator, emulator.host(), protocol);
	}

	RedisClient create(AzureRedisEmulator emulator, String host, ProtocolVersion protocol) {
		return create(uri(emulator, host).withAuthentication(emulator.objectId(), token(emulator)).build(), emulator,
				protocol);
	}

	RedisClient create(RedisURI uri, AzureRedisEmulator emulator, ProtocolVersion protocol) {
		RedisClient client = RedisClient.create(this.resources, uri);
		client.setOptions(ClientOptions.builder()
			.autoReconnect(false)
			.protocolVersion(protocol)
			.sslOptions(ssl(emulator))
			.build());
		this.clients.add(client);
		return client;
	}

	/**
	 * Connects to one node of a cluster, by the name in its certificate.
	 */
	RedisClient create(AzureRedisEmulator emulator, int port) {
		RedisURI uri = uri(emulator, emulator.host()).withPort(port)
			.withAuthentication(emulator.objectId(), token(emulator))
			.build();
		return create(uri, emulator, ProtocolVersion.RESP3);
	}

	/**
	 * Returns a client that connects to all nodes by the name in their certificate, and
	 * reconnects.
	 */
	RedisClusterClient createCluster(AzureRedisEmulator emulator) {
		RedisURI uri = uri(emulator, emulator.host()).withAuthentication(emulator.objectId(), token(emulator)).build();
		ClientResources mapped = this.resources.mutate()
			.socketAddressResolver(MappingSocketAddressResolver.create(LettuceClients::nameOfNode))
			.build();
		this.clusterResources.add(mapped);
		RedisClusterClient client = RedisClusterClient.create(mapped, uri);
		client.setOptions(ClusterClientOptions.builder()
			.sslOptions(ssl(emulator))
			.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
				.adaptiveRefreshTriggersTimeout(Duration.ofMillis(100))
				.dynamicRefreshSources(false)
				.build())
			.build());
		this.clients.add(client);
		return client;
	}

	private static HostAndPort nameOfNode(HostAndPort address) {
		return address.getHostText().equals("127.0.0.1") ? HostAndPort.of("localhost", address.getPort()) : address;
	}

	private static SslOptions ssl(AzureRedisEmulator emulator) {
		byte[] authority = emulator.certificateAuthorityPem().getBytes(StandardCharsets.US_ASCII);
		return SslOptions.builder()
			.jdkSslProvider()
			.trustManager((SslOptions.Resource) () -> new ByteArrayInputStream(authority))
			.build();
	}

	static RedisURI.Builder uri(AzureRedisEmulator emulator, String host) {
		return RedisURI.builder()
			.withHost(host)
			.withPort(emulator.port())
			.withSsl(true)
			.withVerifyPeer(SslVerifyMode.FULL)
			.withTimeout(Duration.ofSeconds(20));
	}

	static String token(AzureRedisEmulator emulator) {
		return token(emulator, emulator.objectId());
	}

	static String token(AzureRedisEmulator emulator, String objectId) {
		return emulator.credential(objectId).getTokenSync(request()).getToken();
	}

	static TokenRequestContext request() {
		return new TokenRequestContext().addScopes("https://redis.azure.com/.default");
	}

	@Override
	public void close() {
		this.clients.forEach((client) -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
		this.clusterResources.forEach((mapped) -> mapped.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly());
		this.resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
	}

}
