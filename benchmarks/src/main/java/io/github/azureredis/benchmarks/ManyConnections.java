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

package io.github.azureredis.benchmarks;

import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.TrustManagerFactory;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.EntraRedisAuthentication;
import io.github.azureredis.lettuce.ReauthenticationListener;
import io.github.azureredis.token.EntraTokenProvider;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;

/**
 * A thousand connections in one JVM through one renewal, and the latency of commands
 * meanwhile. Takes about four minutes. An argument changes the number of connections.
 */
public final class ManyConnections {

	private static final Duration TOKEN_LIFE = Duration.ofSeconds(240);

	private static final Duration SPREAD = Duration.ofSeconds(5);

	private static final int THREADS = 4;

	private static final long PAUSE_NANOS = 500_000;

	private ManyConnections() {
	}

	/**
	 * Run and print the figures.
	 * @param args the number of connections
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		int count = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		Queue<Instant> reauthenticated = new ConcurrentLinkedQueue<>();
		ClientResources resources = ClientResources.create();
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tokenLifetime(TOKEN_LIFE).start();
				EntraTokenProvider tokens = EntraTokenProvider.builder(emulator.credential()).build();
				EntraRedisAuthentication authentication = EntraRedisAuthentication.builder(tokens)
					.reauthenticationSpread(SPREAD)
					.listener(new ReauthenticationListener() {

						@Override
						public void onReauthenticated(ConnectionReauthenticatedEvent event) {
							reauthenticated.add(Instant.now());
						}

					})
					.build()) {
			RedisClient client = RedisClient.create(authentication.reauthenticating(resources),
					RedisURI.builder()
						.withHost(emulator.host())
						.withPort(emulator.port())
						.withSsl(true)
						.withAuthentication(authentication.credentialsProvider())
						.build());
			client.setOptions(ClientOptions.builder().sslOptions(trusting(emulator)).build());
			List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				connections.add(client.connect());
			}
			System.out.printf("%d connections%n", emulator.connections().size());
			AtomicBoolean ended = new AtomicBoolean();
			Queue<long[]> samples = new ConcurrentLinkedQueue<>();
			List<Thread> load = startLoad(connections, samples, ended);
			while (reauthenticated.size() < count) {
				TimeUnit.MILLISECONDS.sleep(100);
			}
			ended.set(true);
			for (Thread thread : load) {
				thread.join();
			}
			report(emulator, count, List.copyOf(reauthenticated), samples);
			client.shutdown();
		}
		finally {
			resources.shutdown().await();
		}
	}

	private static List<Thread> startLoad(List<StatefulRedisConnection<String, String>> connections,
			Queue<long[]> samples, AtomicBoolean ended) {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Thread thread = new Thread(() -> {
				while (!ended.get()) {
					var connection = connections.get(ThreadLocalRandom.current().nextInt(connections.size()));
					long start = System.nanoTime();
					connection.sync().get("key");
					samples.add(new long[] { System.currentTimeMillis(), System.nanoTime() - start });
					LockSupport.parkNanos(PAUSE_NANOS);
				}
			});
			thread.start();
			threads.add(thread);
		}
		return threads;
	}

	private static void report(AzureRedisEmulator emulator, int count, List<Instant> reauthenticated,
			Queue<long[]> samples) {
		List<Instant> moments = reauthenticated.stream().sorted().toList();
		Instant first = moments.get(0);
		Instant last = moments.get(moments.size() - 1);
		List<Integer> authentications = emulator.connections()
			.stream()
			.map(EmulatorConnection::authentications)
			.distinct()
			.toList();
		System.out.printf(Locale.ROOT, "token requests %d, re-authentications %d over %d ms%n",
				emulator.statistics().tokenRequests(), reauthenticated.size(),
				Duration.between(first, last).toMillis());
		System.out.printf("connections opened %d, closed for expiry %d, open %d; AUTH per connection %s%n",
				emulator.statistics().connectionsOpened(), emulator.statistics().connectionsClosedForExpiry(), count,
				authentications);
		long[] before = latencies(samples, first.minusSeconds(60), first);
		long[] during = latencies(samples, first, last);
		System.out.printf(Locale.ROOT, "minute before: %s%nduring:        %s%n", percentiles(before),
				percentiles(during));
	}

	private static long[] latencies(Queue<long[]> samples, Instant from, Instant until) {
		return samples.stream()
			.filter((sample) -> sample[0] >= from.toEpochMilli() && sample[0] < until.toEpochMilli())
			.mapToLong((sample) -> sample[1])
			.sorted()
			.toArray();
	}

	private static String percentiles(long[] sorted) {
		return String.format(Locale.ROOT, "%6d commands, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms", sorted.length,
				percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 0.999));
	}

	private static double percentile(long[] sorted, double fraction) {
		return (sorted.length > 0) ? sorted[(int) (sorted.length * fraction)] / 1e6 : Double.NaN;
	}

	private static SslOptions trusting(AzureRedisEmulator emulator) throws Exception {
		KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
		trusted.load(null, null);
		trusted.setCertificateEntry("emulator", Objects.requireNonNull(emulator.certificateAuthority()));
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trusted);
		return SslOptions.builder().trustManager(factory).build();
	}

}
