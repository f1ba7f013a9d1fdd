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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.emulator.EmulatorMaintenance;
import io.github.azureredis.emulator.MaintenanceNotification;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.MaintenanceAwareConnectionWatchdog;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RebindState;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for connections whose server announces maintenance, while tokens are renewed.
 */
@Tag("slow")
@EnabledIf("lettuceHasNotifications")
class MaintenanceNotificationTests {

	private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(4);

	private static final Duration GRACE_TIME = Duration.ofSeconds(4);

	@Test
	void whenServerRefusesNotificationsThenNobodyIsTold() {
		try (EmulatedClients clients = new EmulatedClients(TOKEN_LIFETIME)) {
			Queue<ProtocolKeyword> failed = new ConcurrentLinkedQueue<>();
			clients.decorate((resources) -> AzureRedisClientResources.builder(resources)
				.commandFailureListener((command, error) -> failed.add(command))
				.build());
			StatefulRedisConnection<String, String> connection = client(clients).connect();
			connection.sync().set("key", "value");
			assertThatThrownBy(() -> connection.sync().lpush("key", "value")).hasMessageContaining("WRONGTYPE");
			assertThat(failed).containsExactly(CommandType.LPUSH);
			assertThat(clients.connection().movingEndpointType()).isNull();
		}
	}

	@Test
	void whenEndpointMovesThenNoCommandFailsOrIsLostOrDoubled() {
		try (EmulatedClients clients = clients()) {
			RedisClient client = client(clients);
			List<StatefulRedisConnection<String, String>> connections = IntStream.range(0, 4)
				.mapToObj((i) -> client.connect())
				.toList();
			try (Load load = new Load(connections.stream()
				.<Supplier<RedisClusterAsyncCommands<String, String>>>map((connection) -> connection::async)
				.toList())) {
				load.awaitProgress();
				assertThat(clients.emulator.connections()).extracting(EmulatorConnection::movingEndpointType)
					.containsOnly("none");
				for (int i = 0; i < 2; i++) {
					moveAndAwaitNewConnections(clients);
					load.awaitProgress();
				}
				load.verify(connections.get(0).sync()::get);
			}
			assertThat(clients.emulator.statistics().connectionsClosedForExpiry()).isZero();
		}
	}

	@Test
	void whenEndpointsOfAClusterMoveThenNoCommandFailsOrIsLostOrDoubled() {
		try (EmulatedClients clients = EmulatedClients.clustered(TOKEN_LIFETIME)) {
			clients.emulator.maintenance().enableNotifications();
			StatefulRedisClusterConnection<String, String> connection = clients.clusterClient(Duration.ofMinutes(1))
				.connect();
			try (Load load = new Load(List.of(connection::async))) {
				load.awaitProgress();
				moveAndAwaitNewConnections(clients);
				load.awaitProgress();
				load.verify(connection.sync()::get);
			}
		}
	}

	@Test
	void whenEndpointMovesThenSubscriptionsFollow() {
		try (EmulatedClients clients = clients()) {
			RedisClient client = client(clients);
			Queue<String> messages = new ConcurrentLinkedQueue<>();
			StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub();
			subscriber.addListener(new RedisPubSubAdapter<>() {

				@Override
				public void message(String channel, String message) {
					messages.add(message);
				}

			});
			subscriber.sync().subscribe("news");
			moveAndAwaitNewConnections(clients);
			StatefulRedisConnection<String, String> publisher = client.connect();
			await().untilAsserted(() -> assertThat(publisher.sync().publish("news", "moved")).isOne());
			await().untilAsserted(() -> assertThat(messages).contains("moved"));
		}
	}

	@Test
	void whenCommandWaitsThenItGoesOnWaitingOnTheNextConnection() {
		try (EmulatedClients clients = clients()) {
			RedisClient client = client(clients);
			RedisFuture<KeyValue<String, String>> waiting = client.connect().async().blpop(0, "list");
			moveAndAwaitNewConnections(clients);
			client.connect().sync().rpush("list", "value");
			assertThat(waiting.toCompletableFuture().join().getValue()).isEqualTo("value");
		}
	}

	@Test
	void whileATransactionIsOpenThenItsConnectionDoesNotMove() {
		try (EmulatedClients clients = clients(Duration.ofHours(1))) {
			RedisClient client = client(clients);
			RedisCommands<String, String> transaction = client.connect().sync();
			transaction.multi();
			transaction.set("first", "value");
			RedisCommands<String, String> watching = client.connect().sync();
			watching.watch("stock");
			Set<Long> ids = ids(clients);
			// All others move within 6 seconds.
			clients.emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofSeconds(8)));
			await().during(Duration.ofMillis(6300))
				.atMost(Duration.ofSeconds(20))
				.until(() -> ids(clients).equals(ids));
			transaction.set("second", "value");
			assertThat(transaction.exec()).hasSize(2).containsOnly("OK");
			client.connect().sync().set("stock", "3");
			watching.multi();
			watching.set("stock", "4");
			assertThat(watching.exec().wasDiscarded()).isTrue();
			await().atMost(Duration.ofSeconds(20)).until(() -> ids(clients).stream().noneMatch(ids::contains));
			assertThat(transaction.exists("first", "second")).isEqualTo(2);
			assertThat(watching.get("stock")).isEqualTo("3");
		}
	}

	@Test
	void whenEndpointMovesThenNoTransactionIsTorn() throws Exception {
		try (EmulatedClients clients = clients()) {
			RedisClient client = client(clients);
			List<RedisCommands<String, String>> connections = IntStream.range(0, 8)
				.mapToObj((i) -> client.connect().sync())
				.toList();
			AtomicBoolean stopped = new AtomicBoolean();
			AtomicLong executed = new AtomicLong();
			ExecutorService executor = Executors.newCachedThreadPool();
			try {
				List<Future<?>> loads = connections.stream().<Future<?>>map((redis) -> executor.submit(() -> {
					while (!stopped.get()) {
						redis.multi();
						redis.incr("one");
						redis.incr("other");
						assertThat(redis.exec()).hasSize(2);
						executed.incrementAndGet();
					}
				})).toList();
				for (int i = 0; i < 2; i++) {
					// The announcement is for connections that have requested it.
					await().untilAsserted(() -> assertThat(clients.emulator.connections()).hasSize(connections.size())
						.extracting(EmulatorConnection::movingEndpointType)
						.doesNotContainNull());
					Set<Long> before = ids(clients);
					// The server itself closes nothing, which could tear a transaction.
					clients.emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofSeconds(6)));
					await().atMost(Duration.ofSeconds(20))
						.until(() -> ids(clients).stream().noneMatch(before::contains));
				}
				stopped.set(true);
				for (Future<?> load : loads) {
					load.get(20, TimeUnit.SECONDS);
				}
			}
			finally {
				executor.shutdownNow();
			}
			assertThat(connections.get(0).mget("one", "other")).extracting(KeyValue::getValue)
				.containsOnly(executed.toString());
		}
	}

	@Test
	void whenATransactionIsOnItsWayThenItsCommandsAreNotHeldBack() {
		AtomicReference<Channel> channels = new AtomicReference<>();
		ClientResources resources = capturing(channels);
		try (EmulatedClients clients = clients(Duration.ofHours(1))) {
			clients.decorate((other) -> resources);
			RedisClient client = client(clients);
			StatefulRedisConnection<String, String> connection = client.connect();
			Channel channel = channels.get();
			connection.async().blpop(0, "list");
			clients.emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofSeconds(6)));
			RedisCommands<String, String> other = client.connect().sync();
			await().until(() -> channel.attr(MaintenanceAwareConnectionWatchdog.REBIND_ATTRIBUTE)
				.get() == RebindState.STARTED);
			RedisFuture<String> set = connection.async().set("key", "value");
			channel.writeAndFlush(EmbeddedConnection.command(CommandType.MULTI)).syncUninterruptibly();
			other.rpush("list", "value");
			// Lettuce shows no reply in the place of QUEUED.
			assertThat(set.toCompletableFuture().join()).isNull();
		}
		finally {
			resources.shutdown().awaitUninterruptibly();
		}
	}

	@Test
	void whenACommandBlocksThenOthersWaitForTheTimeOfTheMoveAtMost() {
		try (EmulatedClients clients = clients(Duration.ofHours(1))) {
			StatefulRedisConnection<String, String> connection = client(clients).connect();
			RedisFuture<KeyValue<String, String>> blocking = connection.async().blpop(0, "list");
			long id = clients.connection().id();
			clients.emulator.maintenance().send(MaintenanceNotification.moving(Duration.ofSeconds(2)));
			await().until(() -> ids(clients).stream().noneMatch((other) -> other == id));
			assertThat(blocking.toCompletableFuture()).isNotDone();
		}
	}

	@Test
	void whenServerAnnouncesANegativeTimeThenConnectionMovesAtOnce() {
		AtomicReference<Channel> channel = new AtomicReference<>();
		ClientResources resources = capturing(channel);
		try (EmulatedClients clients = clients()) {
			clients.decorate((other) -> resources);
			StatefulRedisConnection<String, String> connection = client(clients).connect();
			long id = clients.connection().id();
			ChannelPipeline pipeline = channel.get().pipeline();
			channel.get()
				.eventLoop()
				.execute(() -> pipeline.context(CommandEncoder.class)
					.fireChannelRead(
							Unpooled.copiedBuffer(">4\r\n+MOVING\r\n:1\r\n:-8\r\n_\r\n", StandardCharsets.US_ASCII)));
			await().until(() -> ids(clients).stream().noneMatch((other) -> other == id));
			assertThat(connection.sync().ping()).isEqualTo("PONG");
		}
		finally {
			resources.shutdown().awaitUninterruptibly();
		}
	}

	/**
	 * Lettuce alone blocks its event loops for ever: at the time of the move each of them
	 * closes connections of the other one, and waits for it.
	 */
	@Test
	@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
	void whenConnectionsAreLostBeforeTheyMoveThenTheNextOnesStay() {
		try (EmulatedClients clients = clients()) {
			RedisClient client = client(clients);
			List<StatefulRedisConnection<String, String>> connections = IntStream.range(0, 20)
				.mapToObj((i) -> client.connect())
				.toList();
			EmulatorMaintenance maintenance = clients.emulator.maintenance();
			maintenance.send(MaintenanceNotification.moving(Duration.ofSeconds(2)));
			clients.emulator.faults().cutConnections();
			connections.forEach((connection) -> connection.sync().ping());
			Set<Long> ids = ids(clients);
			assertThat(ids).hasSize(20);
			await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(20)).until(() -> ids(clients).equals(ids));
			connections.forEach((connection) -> connection.sync().ping());
		}
	}

	@Test
	void whenApplicationRequestsAddressesThenLettuceConnectsToThem() {
		try (EmulatedClients clients = clients(); EmulatedClients elsewhere = new EmulatedClients(TOKEN_LIFETIME)) {
			ClientOptions.Builder options = ClientOptions.builder();
			AzureConnectionDefaults.maintenanceNotifications(options);
			options.maintNotificationsConfig(
					MaintNotificationsConfig.enabled(MaintNotificationsConfig.EndpointType.EXTERNAL_IP));
			StatefulRedisConnection<String, String> connection = clients.client(options).connect();
			connection.sync().ping();
			assertThat(clients.connection().movingEndpointType()).isEqualTo("external-ip");
			clients.emulator.maintenance()
				.send(MaintenanceNotification.moving(GRACE_TIME, "127.0.0.1:" + elsewhere.emulator.port()));
			await().until(() -> elsewhere.emulator.statistics().connectionsOpened() > 0);
			await().ignoreExceptions().until(() -> connection.sync().ping().equals("PONG"));
		}
	}

	@Test
	void whileShardsMigrateThenTimeoutsAreRelaxed() {
		try (EmulatedClients clients = clients()) {
			ClientOptions.Builder options = ClientOptions.builder()
				.timeoutOptions(TimeoutOptions.enabled(Duration.ofMillis(500)));
			AzureConnectionDefaults.maintenanceNotifications(options);
			StatefulRedisConnection<String, String> connection = clients.client(options).connect();
			Queue<String> received = new ConcurrentLinkedQueue<>();
			connection.addListener((message) -> received.add(message.getType()));
			clients.emulator.maintenance().send(MaintenanceNotification.migrating(Duration.ofSeconds(1), "1"));
			await().until(() -> received.contains("MIGRATING"));
			RedisFuture<Long> slow = connection.async().eval("""
					local start = redis.call('TIME')[1]
					while redis.call('TIME')[1] - start < 3 do end
					return 1
					""", ScriptOutputType.INTEGER);
			assertThat(slow.toCompletableFuture().join()).isOne();
		}
	}

	private static ClientResources capturing(AtomicReference<Channel> channel) {
		return ClientResources.builder().nettyCustomizer(new NettyCustomizer() {

			@Override
			public void afterChannelInitialized(Channel created) {
				channel.set(created);
			}

		}).build();
	}

	private static EmulatedClients clients() {
		return clients(TOKEN_LIFETIME);
	}

	private static EmulatedClients clients(Duration tokenLifetime) {
		EmulatedClients clients = new EmulatedClients(tokenLifetime);
		clients.emulator.maintenance().enableNotifications();
		return clients;
	}

	private static RedisClient client(EmulatedClients clients) {
		ClientOptions.Builder options = ClientOptions.builder();
		AzureConnectionDefaults.maintenanceNotifications(options);
		return clients.client(options);
	}

	/**
	 * Wait until no connection is left of those that are open now. If one does not go by
	 * itself, the emulator closes it at the end of the grace time.
	 */
	private static void moveAndAwaitNewConnections(EmulatedClients clients) {
		Set<Long> before = ids(clients);
		clients.emulator.maintenance().move(GRACE_TIME);
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			Set<Long> after = ids(clients);
			return after.size() >= before.size() && after.stream().noneMatch(before::contains);
		});
	}

	private static Set<Long> ids(EmulatedClients clients) {
		return clients.emulator.connections().stream().map(EmulatorConnection::id).collect(Collectors.toSet());
	}

	static boolean lettuceHasNotifications() {
		try {
			Class.forName("io.lettuce.core.MaintNotificationsConfig");
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Increments keys, ten commands at a time on each connection.
	 */
	private static final class Load implements AutoCloseable {

		private static final List<String> KEYS = IntStream.range(0, 10).mapToObj((i) -> "key-" + i).toList();

		private final ExecutorService executor = Executors.newCachedThreadPool();

		private final AtomicLong rounds = new AtomicLong();

		private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

		Load(List<Supplier<RedisClusterAsyncCommands<String, String>>> connections) {
			connections.forEach((connection) -> this.executor.execute(() -> increment(connection)));
		}

		private void increment(Supplier<RedisClusterAsyncCommands<String, String>> connection) {
			while (!this.executor.isShutdown()) {
				try {
					List<RedisFuture<Long>> batch = KEYS.stream().map(connection.get()::incr).toList();
					for (RedisFuture<Long> reply : batch) {
						reply.get(20, TimeUnit.SECONDS);
					}
					this.rounds.incrementAndGet();
				}
				catch (Exception ex) {
					this.failures.add(ex);
				}
			}
		}

		void awaitProgress() {
			long before = this.rounds.get();
			await().until(() -> this.rounds.get() > before + 100);
		}

		void verify(UnaryOperator<String> get) {
			close();
			assertThat(this.failures).isEmpty();
			assertThat(KEYS).allSatisfy((key) -> assertThat(get.apply(key)).isEqualTo(this.rounds.toString()));
		}

		@Override
		public void close() {
			this.executor.shutdown();
			await().atMost(Duration.ofMinutes(1)).until(this.executor::isTerminated);
		}

	}

}
