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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.azureredis.token.EntraToken;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.support.ConnectionPoolSupport;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Each fault, met by each kind of connection at once: commands, pooled connections and
 * subscriptions of a plain and of a cluster client. Commands may wait 20 seconds.
 */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class FaultMatrixTests {

	private static final Duration TOKEN_LIFE = Duration.ofSeconds(4);

	@ParameterizedTest(name = "{0}, clustered: {1}")
	@MethodSource("faultsAndTopologies")
	void whenFaultIsOverThenEveryKindOfConnectionWorksAndNoCommandHasFailed(Fault fault, boolean clustered) {
		try (EmulatedClients clients = clustered ? EmulatedClients.clustered(TOKEN_LIFE)
				: new EmulatedClients(TOKEN_LIFE); Subjects subjects = new Subjects(clients, clustered)) {
			subjects.awaitProgress();
			fault.occur(clients);
			clients.emulator.faults().reset();
			await().atMost(Duration.ofSeconds(30)).until(() -> clients.tokens.currentToken() != null);
			subjects.awaitProgress();
			EntraToken token = clients.tokens.currentToken();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(clients.emulator.connections()).isNotEmpty()
					.allMatch((connection) -> connection.tokenExpiresAt() != null
							&& connection.tokenExpiresAt().isAfter(token.getExpiresAt())));
			subjects.awaitProgress();
			assertThat(subjects.failure.get()).isNull();
		}
	}

	static Stream<Arguments> faultsAndTopologies() {
		return Arrays.stream(Fault.values())
			.flatMap((fault) -> Stream.of(Arguments.of(fault, false), Arguments.of(fault, true)));
	}

	/**
	 * What may go wrong.
	 */
	enum Fault {

		TOKEN_ENDPOINT_DOWN_UNTIL_THE_TOKEN_HAS_EXPIRED {

			@Override
			void occur(EmulatedClients clients) {
				clients.emulator.faults().tokenEndpointDown();
				awaitClosedConnections(clients);
			}

		},

		TOKEN_ENDPOINT_HUNG_UNTIL_THE_TOKEN_HAS_EXPIRED {

			@Override
			void occur(EmulatedClients clients) {
				clients.emulator.faults().tokenEndpointHung();
				awaitClosedConnections(clients);
			}

		},

		CREDENTIAL_ANSWERS_WITH_AN_OLD_TOKEN {

			@Override
			void occur(EmulatedClients clients) {
				clients.emulator.faults().repeatTokenUntil(Duration.ofSeconds(1));
				clients.awaitRenewals(2);
			}

		},

		AUTHENTICATION_IS_SLOW {

			@Override
			void occur(EmulatedClients clients) {
				clients.emulator.faults().authenticationSlow(Duration.ofSeconds(2));
				clients.awaitRenewals(2);
			}

		},

		AUTHENTICATION_IS_REFUSED {

			@Override
			void occur(EmulatedClients clients) {
				long refused = clients.emulator.statistics().authenticationsRefused();
				clients.emulator.faults().refuseAuthentications(5);
				await().atMost(Duration.ofSeconds(30))
					.until(() -> clients.emulator.statistics().authenticationsRefused() == refused + 5);
			}

		},

		CONNECTIONS_ARE_CUT_IN_AN_OUTAGE_OF_THE_TOKEN_ENDPOINT {

			@Override
			void occur(EmulatedClients clients) {
				clients.emulator.faults().tokenEndpointDown();
				clients.emulator.faults().cutConnections();
				awaitClosedConnections(clients);
				clients.emulator.faults().cutConnections();
			}

		},

		SERVER_RESTARTS_IN_AN_OUTAGE_OF_THE_TOKEN_ENDPOINT {

			@Override
			void occur(EmulatedClients clients) {
				clients.emulator.faults().tokenEndpointDown();
				clients.emulator.stopServer();
				await().atMost(Duration.ofSeconds(30)).until(() -> clients.tokens.currentToken() == null);
				clients.emulator.startServer();
			}

		};

		abstract void occur(EmulatedClients clients);

		private static void awaitClosedConnections(EmulatedClients clients) {
			await().atMost(Duration.ofSeconds(30))
				.until(() -> clients.emulator.connections()
					.stream()
					.allMatch((connection) -> connection.tokenExpiresAt() == null));
		}

	}

	/**
	 * One thread for each kind of connection, which uses it without a pause.
	 */
	private static final class Subjects implements AutoCloseable {

		final AtomicReference<Throwable> failure = new AtomicReference<>();

		private final List<AtomicInteger> progress = new ArrayList<>();

		private final List<Thread> threads = new ArrayList<>();

		private final AtomicInteger received = new AtomicInteger();

		private volatile boolean closed;

		Subjects(EmulatedClients clients, boolean clustered) {
			this.progress.add(this.received);
			if (clustered) {
				RedisClusterClient client = clients.clusterClient(Duration.ofSeconds(1));
				run(connect(client::connect).sync(), subscribe(connect(client::connectPubSub)), pool(client::connect));
			}
			else {
				RedisClient client = clients.client();
				run(connect(client::connect).sync(), subscribe(connect(client::connectPubSub)), pool(client::connect));
			}
		}

		/**
		 * A slow machine may need longer for the first connection than the token lives.
		 */
		private static <C> C connect(Callable<C> connection) {
			return await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(connection, Objects::nonNull);
		}

		private <C extends StatefulConnection<String, String>> GenericObjectPool<C> pool(Supplier<C> connections) {
			return ConnectionPoolSupport.createGenericObjectPool(connections, new GenericObjectPoolConfig<>());
		}

		private StatefulRedisPubSubConnection<String, String> subscribe(
				StatefulRedisPubSubConnection<String, String> subscriber) {
			subscriber.addListener(new RedisPubSubAdapter<>() {

				@Override
				public void message(String channel, String message) {
					Subjects.this.received.incrementAndGet();
				}

			});
			subscriber.sync().subscribe("news");
			return subscriber;
		}

		private void run(RedisClusterCommands<String, String> commands,
				StatefulRedisPubSubConnection<String, String> subscriber,
				GenericObjectPool<? extends StatefulConnection<String, String>> pool) {
			start(() -> {
				commands.get("key");
				commands.publish("news", "message");
			});
			start(() -> subscriber.sync().ping());
			start(() -> useFrom(pool));
		}

		private static <C extends StatefulConnection<String, String>> void useFrom(GenericObjectPool<C> pool) {
			try {
				C connection = pool.borrowObject();
				try {
					ping(connection);
				}
				finally {
					pool.returnObject(connection);
				}
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static void ping(StatefulConnection<String, String> connection) {
			if (connection instanceof StatefulRedisClusterConnection<String, String> cluster) {
				cluster.sync().set("pooled", "value");
			}
			else if (connection instanceof StatefulRedisConnection<String, String> plain) {
				plain.sync().set("pooled", "value");
			}
		}

		private void start(Runnable use) {
			AtomicInteger uses = new AtomicInteger();
			this.progress.add(uses);
			Thread thread = new Thread(() -> {
				while (!this.closed) {
					try {
						use.run();
						uses.incrementAndGet();
					}
					catch (RuntimeException ex) {
						this.failure.compareAndSet(null, ex);
					}
				}
			});
			this.threads.add(thread);
			thread.start();
		}

		void awaitProgress() {
			List<Integer> before = this.progress.stream().map(AtomicInteger::get).toList();
			await().atMost(Duration.ofSeconds(30))
				.until(() -> IntStream.range(0, before.size())
					.allMatch((i) -> this.progress.get(i).get() > before.get(i) + 10));
		}

		@Override
		public void close() {
			this.closed = true;
			for (Thread thread : this.threads) {
				try {
					thread.join();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

}
