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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLException;

import io.github.azureredis.lettuce.replay.CommandOutcomeUnknownException;
import io.github.azureredis.lettuce.replay.ReplayPolicy;
import io.github.azureredis.lettuce.replay.TransactionLostException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for commands whose connection is lost after they have run and before their reply.
 */
class CommandReplayTests {

	private static EmulatedClients clients;

	private final List<StatefulConnection<?, ?>> connections = new ArrayList<>();

	private final AtomicInteger sentAgain = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	@BeforeAll
	static void start() {
		clients = new EmulatedClients(Duration.ofHours(1));
	}

	@AfterAll
	static void close() {
		clients.close();
	}

	@BeforeEach
	void flush() {
		connect(ReplayPolicy.ALL).sync().flushall();
		this.sentAgain.set(0);
		this.refused.set(0);
	}

	@AfterEach
	void reset() {
		this.connections.forEach(StatefulConnection::close);
		clients.emulator.faults().reset();
	}

	@ParameterizedTest
	@EnumSource
	void whenACommandIsNotIdempotentThenOnlyPolicyAllSendsItAgain(ReplayPolicy policy) throws Exception {
		RedisAsyncCommands<String, String> redis = connect(policy).async();
		clients.emulator.faults().cutBeforeReply("INCR", 1);
		RedisFuture<Long> incr = redis.incr("counter");
		if (policy == ReplayPolicy.ALL) {
			assertThat(incr.get(10, TimeUnit.SECONDS)).isEqualTo(2);
			assertCounts(1, 0);
		}
		else {
			assertUnknown(incr, "INCR");
			assertThat(redis.get("counter").get(10, TimeUnit.SECONDS)).isEqualTo("1");
			assertCounts(0, 1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whenACommandIsIdempotentThenOnlyPolicyNoneLetsItFail(ReplayPolicy policy) throws Exception {
		RedisAsyncCommands<String, String> redis = connect(policy).async();
		clients.emulator.faults().cutBeforeReply("SET", 1);
		RedisFuture<String> set = redis.set("key", "value");
		if (policy == ReplayPolicy.NONE) {
			assertUnknown(set, "SET");
			assertCounts(0, 1);
		}
		else {
			assertThat(set.get(10, TimeUnit.SECONDS)).isEqualTo("OK");
			assertCounts(1, 0);
		}
		assertThat(redis.get("key").get(10, TimeUnit.SECONDS)).isEqualTo("value");
	}

	@Test
	void whenAnOptionMakesACommandUnsafeThenItIsNotSentAgain() {
		RedisAsyncCommands<String, String> redis = connect(ReplayPolicy.IDEMPOTENT).async();
		clients.emulator.faults().cutBeforeReply("SET", 1);
		assertUnknown(redis.set("lock", "mine", SetArgs.Builder.nx()), "SET");
	}

	@Test
	void whenACommandIsSynchronousThenTheExceptionTellsWhatToDo() {
		RedisCommands<String, String> redis = connect(ReplayPolicy.IDEMPOTENT).sync();
		clients.emulator.faults().cutBeforeReply("LPUSH", 1);
		assertThatExceptionOfType(CommandOutcomeUnknownException.class)
			.isThrownBy(() -> redis.lpush("secret-key", "secret-value"))
			.withMessageContaining("the reply to LPUSH")
			.withMessageContaining("'azure.redis.replay' is 'idempotent'")
			.withMessageNotContaining("secret");
	}

	@Tag("slow")
	@ParameterizedTest
	@EnumSource
	void whenCommandsHaveNotBeenSentThenTheyGoWithEveryPolicy(ReplayPolicy policy) throws Exception {
		StatefulRedisConnection<String, String> connection = connect(policy);
		clients.emulator.stopServer();
		await().until(() -> !connection.isOpen());
		RedisFuture<Long> incr = connection.async().incr("not-sent");
		clients.emulator.startServer();
		assertThat(incr.get(30, TimeUnit.SECONDS)).isEqualTo(1);
		assertCounts(0, 0);
	}

	@Test
	void whenAPipelineIsCutThenOnlyIdempotentCommandsAreSentAgainInTheirOrder() throws Exception {
		StatefulRedisConnection<String, String> connection = connect(ReplayPolicy.IDEMPOTENT);
		RedisAsyncCommands<String, String> redis = connection.async();
		connection.setAutoFlushCommands(false);
		RedisFuture<String> set = redis.set("key", "first");
		RedisFuture<Long> first = redis.incr("counter");
		RedisFuture<Long> second = redis.incr("counter");
		RedisFuture<String> other = redis.set("key", "second");
		RedisFuture<String> get = redis.get("key");
		clients.emulator.faults().cutBeforeReply("INCR", 1);
		connection.flushCommands();
		assertUnknown(first, "INCR");
		assertUnknown(second, "INCR");
		assertThat(set.get(10, TimeUnit.SECONDS)).isEqualTo("OK");
		assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("OK");
		assertThat(get.get(10, TimeUnit.SECONDS)).isEqualTo("second");
		RedisFuture<String> counter = redis.get("counter");
		connection.flushCommands();
		assertThat(counter.get(10, TimeUnit.SECONDS)).isEqualTo("1");
		assertThat(this.refused).hasValue(2);
	}

	@Test
	void whenExecIsUnansweredThenTheTransactionIsUnknown() throws Exception {
		StatefulRedisConnection<String, String> connection = connect(ReplayPolicy.IDEMPOTENT);
		RedisAsyncCommands<String, String> redis = connection.async();
		redis.multi().get(10, TimeUnit.SECONDS);
		RedisFuture<Long> incr = redis.incr("counter");
		clients.emulator.faults().cutBeforeReply("EXEC", 1);
		RedisFuture<TransactionResult> exec = redis.exec();
		assertUnknown(exec, "EXEC");
		assertUnknown(incr, "INCR");
		assertThat(redis.get("counter").get(10, TimeUnit.SECONDS)).isEqualTo("1");
		assertThat(connection.sync().multi()).isEqualTo("OK");
		connection.sync().incr("counter");
		assertThat(connection.sync().exec().<Long>get(0)).isEqualTo(2);
	}

	@Test
	void whenTheWholeTransactionIsUnansweredThenItIsNotSentAgain() throws Exception {
		StatefulRedisConnection<String, String> connection = connect(ReplayPolicy.IDEMPOTENT);
		RedisAsyncCommands<String, String> redis = connection.async();
		connection.setAutoFlushCommands(false);
		RedisFuture<String> multi = redis.multi();
		RedisFuture<Long> incr = redis.incr("counter");
		RedisFuture<TransactionResult> exec = redis.exec();
		RedisFuture<String> get = redis.get("counter");
		clients.emulator.faults().cutBeforeReply("EXEC", 1);
		connection.flushCommands();
		assertUnknown(exec, "EXEC");
		assertUnknown(incr, "INCR");
		assertThat(get.get(10, TimeUnit.SECONDS)).isEqualTo("1");
		assertThat(multi.toCompletableFuture()).isDone();
	}

	@Test
	void whenAConnectionIsLostBeforeExecThenNothingOfTheTransactionRuns() throws Exception {
		StatefulRedisConnection<String, String> connection = connect(ReplayPolicy.IDEMPOTENT);
		RedisAsyncCommands<String, String> redis = connection.async();
		redis.multi().get(10, TimeUnit.SECONDS);
		RedisFuture<String> queued = redis.set("queued", "value");
		clients.emulator.faults().cutBeforeReply("INCR", 1);
		RedisFuture<Long> incr = redis.incr("counter");
		assertLost(queued);
		assertLost(incr);
		await().until(connection::isOpen);
		RedisFuture<String> later = redis.set("later", "value");
		assertLost(later);
		assertLost(redis.exec());
		assertThat(redis.exists("queued", "counter", "later").get(10, TimeUnit.SECONDS)).isZero();
		redis.multi();
		RedisFuture<Long> repeated = redis.incr("counter");
		redis.exec();
		assertThat(repeated.get(10, TimeUnit.SECONDS)).isEqualTo(1);
	}

	@Test
	void whenAConnectionIsLostAfterWatchThenTheTransactionDoesNotRun() throws Exception {
		StatefulRedisConnection<String, String> connection = connect(ReplayPolicy.IDEMPOTENT);
		RedisAsyncCommands<String, String> redis = connection.async();
		redis.watch("key").get(10, TimeUnit.SECONDS);
		clients.emulator.faults().cutBeforeReply("GET", 1);
		assertThat(redis.get("key").get(10, TimeUnit.SECONDS)).isNull();
		redis.multi().get(10, TimeUnit.SECONDS);
		RedisFuture<String> set = redis.set("key", "value");
		assertLost(redis.exec());
		assertLost(set);
		assertThat(redis.get("key").get(10, TimeUnit.SECONDS)).isNull();
		redis.watch("key");
		redis.multi();
		redis.set("key", "value");
		assertThat(redis.exec().get(10, TimeUnit.SECONDS).wasDiscarded()).isFalse();
		assertThat(redis.get("key").get(10, TimeUnit.SECONDS)).isEqualTo("value");
	}

	@Test
	void whenWatchIsUnansweredThenItIsSentAgainAndWatches() throws Exception {
		RedisAsyncCommands<String, String> redis = connect(ReplayPolicy.IDEMPOTENT).async();
		clients.emulator.faults().cutBeforeReply("WATCH", 1);
		assertThat(redis.watch("key").get(10, TimeUnit.SECONDS)).isEqualTo("OK");
		connect(ReplayPolicy.ALL).sync().set("key", "another");
		redis.multi();
		redis.set("key", "value");
		assertThat(redis.exec().get(10, TimeUnit.SECONDS).wasDiscarded()).isTrue();
	}

	@Test
	void whenABlockingCommandHasTakenAnElementThenItIsNotSentAgain() throws Exception {
		RedisAsyncCommands<String, String> redis = connect(ReplayPolicy.IDEMPOTENT).async();
		redis.rpush("list", "first", "second").get(10, TimeUnit.SECONDS);
		clients.emulator.faults().cutBeforeReply("BLPOP", 1);
		RedisFuture<KeyValue<String, String>> pop = redis.blpop(10, "list");
		assertUnknown(pop, "BLPOP");
		assertThat(redis.lrange("list", 0, -1).get(10, TimeUnit.SECONDS)).containsExactly("second");
	}

	@Test
	void whenExecIsRefusedThenItsCommandsAreNotUnansweredLater() throws Exception {
		StatefulRedisConnection<String, String> connection = connect(ReplayPolicy.IDEMPOTENT);
		RedisAsyncCommands<String, String> redis = connection.async();
		redis.multi().get(10, TimeUnit.SECONDS);
		redis.incr("counter");
		redis.dispatch(CommandType.GET, new StatusOutput<>(StringCodec.UTF8));
		assertThat(redis.exec().toCompletableFuture()).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withMessageContaining("EXECABORT");
		clients.emulator.faults().cutBeforeReply("INCR", 1);
		assertUnknown(redis.incr("counter"), "INCR");
		assertCounts(0, 1);
	}

	@Tag("slow")
	@Test
	void whenAuthIsUnansweredThenThePolicyDoesNotConcernIt() throws Exception {
		try (EmulatedClients clients = new EmulatedClients(Duration.ofSeconds(4))) {
			clients.features((builder) -> builder.keepAlive().replay(ReplayPolicy.NONE, this::count));
			RedisAsyncCommands<String, String> redis = clients.client().connect().async();
			clients.emulator.faults().authenticationSlow(Duration.ofMinutes(1));
			clients.awaitRenewals(1);
			clients.emulator.faults().reset();
			clients.emulator.faults().cutConnections();
			await().ignoreExceptions().until(() -> "PONG".equals(redis.ping().get(1, TimeUnit.SECONDS)));
			clients.awaitRenewals(2);
			assertThat(redis.ping().get(10, TimeUnit.SECONDS)).isEqualTo("PONG");
			assertThat(this.refused).hasValue(0);
			assertThat(clients.events(ConnectionReauthenticatedEvent.class)).isNotEmpty();
			assertThat(clients.emulator.statistics().connectionsClosedForExpiry()).isZero();
		}
	}

	@Test
	void whenTlsFailsThenNoCommandFailsForThat() throws Exception {
		AtomicReference<Channel> channel = new AtomicReference<>();
		ClientResources resources = ClientResources.builder().nettyCustomizer(new NettyCustomizer() {

			@Override
			public void afterChannelInitialized(Channel created) {
				channel.set(created);
			}

		}).build();
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			clients.decorate((other) -> resources);
			clients.features((builder) -> builder.replay(ReplayPolicy.IDEMPOTENT, this::count));
			RedisAsyncCommands<String, String> redis = clients.client().connect().async();
			RedisFuture<KeyValue<String, String>> pop = redis.blpop(10, "list");
			RedisFuture<String> set = redis.set("key", "value");
			channel.get()
				.eventLoop()
				.execute(() -> channel.get()
					.pipeline()
					.fireExceptionCaught(new DecoderException(new SSLException("Bad record"))));
			assertUnknown(pop, "BLPOP");
			assertThat(set.get(10, TimeUnit.SECONDS)).isEqualTo("OK");
		}
		finally {
			resources.shutdown().awaitUninterruptibly();
		}
	}

	@Test
	void whenAHandshakeIsResetThenNoCommandFailsForThat() {
		AtomicInteger attempts = new AtomicInteger();
		ClientResources resources = ClientResources.builder().nettyCustomizer(new NettyCustomizer() {

			@Override
			public void afterChannelInitialized(Channel created) {
				if (attempts.incrementAndGet() == 2) {
					created.pipeline().addFirst(new ResettingHandler());
				}
			}

		}).reconnectDelay(Delay.constant(Duration.ofMillis(200))).build();
		try (EmulatedClients clients = new EmulatedClients(Duration.ofHours(1))) {
			clients.decorate((other) -> resources);
			RedisAsyncCommands<String, String> redis = clients.client().connect().async();
			List<RedisFuture<Long>> increments = new ArrayList<>();
			clients.emulator.faults().cutConnections();
			await().pollInterval(Duration.ofMillis(10)).until(() -> {
				increments.add(redis.incr("counter"));
				return attempts.get() > 2;
			});
			assertThat(increments).allSatisfy(
					(increment) -> assertThat(increment.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10)));
		}
		finally {
			resources.shutdown().awaitUninterruptibly();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "RESP2", "RESP3" })
	void whenSubscribeIsUnansweredThenItIsSentAgain(ProtocolVersion version) throws Exception {
		features(ReplayPolicy.IDEMPOTENT);
		StatefulRedisPubSubConnection<String, String> connection = clients
			.client(ClientOptions.builder().protocolVersion(version))
			.connectPubSub();
		this.connections.add(connection);
		AtomicInteger messages = new AtomicInteger();
		connection.addListener(new RedisPubSubAdapter<>() {

			@Override
			public void message(String channel, String message) {
				messages.incrementAndGet();
			}

		});
		connection.async().subscribe("before").get(10, TimeUnit.SECONDS);
		clients.emulator.faults().cutBeforeReply("SUBSCRIBE", 1);
		connection.async().subscribe("channel").get(10, TimeUnit.SECONDS);
		RedisCommands<String, String> redis = connect(ReplayPolicy.ALL).sync();
		for (String channel : List.of("before", "channel")) {
			await().until(() -> redis.publish(channel, "message") == 1);
		}
		await().until(() -> messages.get() == 2);
	}

	@Test
	void whenACommandCannotBeEncodedAgainThenItFailsAndTheConnectionComesBack() throws Exception {
		features(ReplayPolicy.IDEMPOTENT);
		StatefulRedisConnection<String, String> connection = clients.client().connect(new ForgetfulCodec());
		this.connections.add(connection);
		RedisAsyncCommands<String, String> redis = connection.async();
		clients.emulator.faults().cutBeforeReply("SET", 1);
		RedisFuture<String> set = redis.set("key", ForgetfulCodec.ONCE, SetArgs.Builder.ex(60));
		RedisFuture<String> get = redis.get("key");
		assertUnknown(set, "SET");
		assertThat(get.get(10, TimeUnit.SECONDS)).isEqualTo(ForgetfulCodec.ONCE);
		await().untilAsserted(() -> assertThat(this.refused).hasValue(1));
	}

	@Tag("slow")
	@Test
	void whenTheListenerFailsThenNoCommandFailsForThat() throws Exception {
		clients.features((builder) -> builder.replay(ReplayPolicy.IDEMPOTENT, (sentAgain, refused) -> {
			throw new IllegalStateException("Failure of a listener");
		}));
		StatefulRedisConnection<String, String> connection = clients.client().connect();
		this.connections.add(connection);
		RedisFuture<KeyValue<String, String>> pop = connection.async().blpop(0, "list");
		clients.emulator.stopServer();
		assertUnknown(pop, "BLPOP");
		await().until(() -> !connection.isOpen());
		RedisFuture<Long> incr = connection.async().incr("counter");
		clients.emulator.startServer();
		assertThat(incr.get(30, TimeUnit.SECONDS)).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void whenTheApplicationClosesAConnectionThenLettuceLetsCommandsFail(ReplayPolicy policy) {
		StatefulRedisConnection<String, String> connection = connect(policy);
		RedisFuture<KeyValue<String, String>> pop = connection.async().blpop(0, "list");
		connection.close();
		assertThat(pop.toCompletableFuture()).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withMessageContaining("Connection closed");
		assertCounts(0, 0);
	}

	@Test
	void whenACommandOfLettuceIsUnansweredThenItIsNotCounted() {
		features(ReplayPolicy.IDEMPOTENT);
		StatefulRedisPubSubConnection<String, String> connection = clients.client().connectPubSub();
		this.connections.add(connection);
		connection.sync().subscribe("channel");
		RedisCommands<String, String> redis = connect(ReplayPolicy.IDEMPOTENT).sync();
		long opened = clients.emulator.statistics().connectionsOpened();
		clients.emulator.faults().cutBeforeReply("SUBSCRIBE", 1);
		clients.emulator.faults().cutConnections();
		// One for each of the two, and another one for the subscription.
		await().until(() -> clients.emulator.statistics().connectionsOpened() >= opened + 3);
		await().until(() -> redis.publish("channel", "message") == 1);
		assertCounts(0, 0);
	}

	@Test
	void whenAListenerFailsThenOthersAreNotified() throws Exception {
		clients.features((builder) -> builder.replay(ReplayPolicy.ALL, (sentAgain, refused) -> {
			throw new IllegalStateException("from the test");
		}, this::count));
		StatefulRedisConnection<String, String> connection = clients.client().connect();
		this.connections.add(connection);
		clients.emulator.faults().cutBeforeReply("SET", 1);
		assertThat(connection.async().set("key", "value").get(10, TimeUnit.SECONDS)).isEqualTo("OK");
		assertCounts(1, 0);
	}

	private StatefulRedisConnection<String, String> connect(ReplayPolicy policy) {
		features(policy);
		StatefulRedisConnection<String, String> connection = clients.client().connect();
		this.connections.add(connection);
		return connection;
	}

	private void features(ReplayPolicy policy) {
		clients.features((builder) -> builder.replay(policy, this::count));
	}

	private void count(int sentAgain, int refused) {
		this.sentAgain.addAndGet(sentAgain);
		this.refused.addAndGet(refused);
	}

	private void assertCounts(int sentAgain, int refused) {
		await().untilAsserted(() -> {
			assertThat(this.sentAgain).hasValue(sentAgain);
			assertThat(this.refused).hasValue(refused);
		});
	}

	private static void assertUnknown(RedisFuture<?> future, String command) {
		assertThat(future.toCompletableFuture()).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(CommandOutcomeUnknownException.class,
					(unknown) -> assertThat(unknown.getCommand()).isEqualTo(command));
	}

	private static void assertLost(RedisFuture<?> future) {
		assertThat(future.toCompletableFuture()).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(TransactionLostException.class);
	}

	/**
	 * Handler for a connection that the other side resets as soon as it is made.
	 */
	private static final class ResettingHandler extends ChannelInboundHandlerAdapter {

		@Override
		public void channelActive(ChannelHandlerContext ctx) {
			ctx.fireExceptionCaught(new IOException("Connection reset by peer"));
			ctx.close();
		}

	}

	/**
	 * Codec that can encode a certain value only once.
	 */
	private static final class ForgetfulCodec extends StringCodec {

		private static final String ONCE = "once";

		private boolean encoded;

		@Override
		public void encodeValue(String value, ByteBuf target) {
			if (value.equals(ONCE)) {
				if (this.encoded) {
					throw new IllegalStateException("Encoded already");
				}
				this.encoded = true;
			}
			super.encodeValue(value, target);
		}

	}

}
