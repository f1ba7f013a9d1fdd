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

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AzureConnectionDefaults}.
 */
@Tag("slow")
class AzureConnectionDefaultsTests {

	@Test
	@EnabledIf("nativeTransport")
	void whenNativeTransportThenSocketGivesUpOnADeadPeer() {
		AtomicReference<Channel> channel = new AtomicReference<>();
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			clients.decorate((resources) -> new DecoratedClientResources(resources, new NettyCustomizer() {

				@Override
				public void afterChannelInitialized(Channel created) {
					channel.set(created);
				}

			}, resources.socketAddressResolver()));
			ClientOptions.Builder options = ClientOptions.builder();
			AzureConnectionDefaults.tcpUserTimeout(options);
			clients.client(options).connect();
			assertThat(channel.get().config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(30_000);
		}
	}

	@Test
	void whenSocketOptionsAreThereThenTheyAreKept() {
		ClientOptions.Builder options = ClientOptions.builder()
			.socketOptions(SocketOptions.builder().connectTimeout(Duration.ofMillis(1234)).tcpNoDelay(false).build());
		AzureConnectionDefaults.tcpUserTimeout(options);
		SocketOptions socketOptions = options.build().getSocketOptions();
		assertThat(socketOptions.getConnectTimeout()).isEqualTo(Duration.ofMillis(1234));
		assertThat(socketOptions.isTcpNoDelay()).isFalse();
		assertThat(socketOptions.isEnableTcpUserTimeout()).isEqualTo(nativeTransport());
	}

	@Test
	void whenOptionsAreOfAClusterThenTheyStaySo() {
		ClusterClientOptions.Builder options = ClusterClientOptions.builder().maxRedirects(17);
		AzureConnectionDefaults.tcpUserTimeout(options);
		assertThat(options.build().getMaxRedirects()).isEqualTo(17);
		assertThat(options.build().getSocketOptions().isEnableTcpUserTimeout()).isEqualTo(nativeTransport());
	}

	@Test
	void whenANodeHasFailedThenItIsLeftOutUnlessItsSlotsHaveNoOther() {
		ClusterClientOptions.Builder options = ClusterClientOptions.builder();
		AzureConnectionDefaults.withoutFailedNodes(options);
		assertThat(options.build().getNodeFilter())
			.accepts(node(List.of(1, 2), NodeFlag.UPSTREAM), node(List.of()),
					node(List.of(1, 2), NodeFlag.UPSTREAM, NodeFlag.FAIL), node(List.of(1, 2), NodeFlag.EVENTUAL_FAIL))
			.rejects(node(List.of(), NodeFlag.UPSTREAM, NodeFlag.FAIL), node(List.of(), NodeFlag.NOADDR),
					node(List.of(), NodeFlag.HANDSHAKE));
	}

	private static RedisClusterNode node(List<Integer> slots, NodeFlag... flags) {
		RedisClusterNode node = RedisClusterNode.of("node");
		node.setSlots(slots);
		node.setFlags(Set.of(flags));
		return node;
	}

	@Test
	void whenReconnectingThenDelayIsRandomAndShort() {
		ClientResources.Builder builder = ClientResources.builder();
		AzureConnectionDefaults.reconnectDelay(builder);
		ClientResources resources = builder.build();
		try {
			Delay delay = resources.reconnectDelay();
			for (int attempt = 1; attempt < 100; attempt++) {
				assertThat(delay.createDelay(attempt)).isBetween(Duration.ZERO, Duration.ofSeconds(5));
			}
			assertThat(Stream.generate(() -> delay.createDelay(20)).limit(50).distinct().count()).isGreaterThan(10);
		}
		finally {
			resources.shutdown();
		}
	}

	@Test
	void whenConnectionsAreIdleThenTheyAreKeptAlive() {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			clients.decorate((resources) -> AzureRedisClientResources.builder(resources)
				.keepAlive(Duration.ofMillis(300))
				.build());
			StatefulRedisConnection<String, String> connection = clients.client().connect();
			long id = connection.sync().clientId();
			StatefulRedisPubSubConnection<String, String> subscriber = clients.client().connectPubSub();
			subscriber.sync().subscribe("news");
			RedisCommands<String, String> observer = clients.client().connect().sync();
			observer.configResetstat();
			clients.emulator.faults().closeIdleAfter(Duration.ofMillis(1500));
			await().until(() -> pings(observer) >= 20);
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(3);
			assertThat(connection.sync().clientId()).isEqualTo(id);
		}
	}

	private static int pings(RedisCommands<String, String> redis) {
		Matcher matcher = Pattern.compile("cmdstat_ping:calls=(\\d+)").matcher(redis.info("commandstats"));
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	static boolean nativeTransport() {
		return Epoll.isAvailable();
	}

}
