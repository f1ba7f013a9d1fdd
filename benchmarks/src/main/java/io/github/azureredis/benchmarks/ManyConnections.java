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
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.TrustManagerFactory;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.lettuce.AzureRedisClientResources;
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
public final class ManyConnections implements AutoCloseable {

	private static final Duration SPREAD = Duration.ofSeconds(5);

	// A tenth of what it has left at its renewal is just the spread.
	private static final Duration TOKEN_LIFE = SPREAD.multipliedBy(40);

	private static final int THREADS = 4;

	private static final long PAUSE_NANOS = 500_000;

	private final AzureRedisEmulator emulator;

	private final EntraTokenProvider tokens;

	private final EntraRedisAuthentication authentication;

	private final ClientResources resources = ClientResources.create();

	private final RedisClient client;

	private final Queue<Instant> reauthenticated = new ConcurrentLinkedQueue<>();

	private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();

	private final List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();

	private ManyConnections(Duration tokenLife, int count) throws Exception {
		this.emulator = AzureRedisEmulator.builder().tokenLifetime(tokenLife).start();
		this.tokens = EntraTokenProvider.builder(this.emulator.credential()).build();
		this.authentication = EntraRedisAuthentication.builder(this.tokens)
			.reauthenticationSpread(SPREAD)
			.listener(new ReauthenticationListener() {

				@Override
				public void onReauthenticated(ConnectionReauthenticatedEvent event) {
					ManyConnections.this.reauthenticated.add(Instant.now());
				}

			})
			.build();
		this.client = RedisClient.create(
				AzureRedisClientResources.builder(this.resources).authentication(this.authentication).build(),
				RedisURI.builder()
					.withHost(this.emulator.host())
					.withPort(this.emulator.port())
					.withSsl(true)
					.withAuthentication(this.authentication.credentialsProvider())
					.build());
		this.client.setOptions(ClientOptions.builder().sslOptions(trusting(this.emulator)).build());
		for (int i = 0; i < count; i++) {
			this.connections.add(this.client.connect());
		}
	}

	/**
	 * Run and print the figures.
	 * @param args the number of connections
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		int count = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		// Otherwise the first renewal would be compared with a minute of compiled code.
		try (ManyConnections warmUp = new ManyConnections(Duration.ofSeconds(4), 100)) {
			warmUp.runUntilReauthenticated(1000);
		}
		try (ManyConnections benchmark = new ManyConnections(TOKEN_LIFE, count)) {
			benchmark.runUntilReauthenticated(count);
			benchmark.report();
		}
	}

	private void runUntilReauthenticated(int times) throws InterruptedException {
		AtomicBoolean ended = new AtomicBoolean();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Thread thread = new Thread(() -> {
				while (!ended.get()) {
					sample();
					LockSupport.parkNanos(PAUSE_NANOS);
				}
			});
			thread.start();
			threads.add(thread);
		}
		while (this.reauthenticated.size() < times) {
			TimeUnit.MILLISECONDS.sleep(100);
		}
		ended.set(true);
		for (Thread thread : threads) {
			thread.join();
		}
	}

	private void sample() {
		var connection = this.connections.get(ThreadLocalRandom.current().nextInt(this.connections.size()));
		long start = System.nanoTime();
		connection.sync().get("key");
		this.samples.add(new Sample(Instant.now(), System.nanoTime() - start));
	}

	private void report() {
		List<Instant> moments = this.reauthenticated.stream().sorted().toList();
		Instant first = moments.get(0);
		Instant last = moments.get(moments.size() - 1);
		System.out.printf("token requests %d, re-authentications %d over %d ms%n",
				this.emulator.statistics().tokenRequests(), moments.size(), Duration.between(first, last).toMillis());
		System.out.printf("connections opened %d, closed for expiry %d, open %d; AUTH per connection %s%n",
				this.emulator.statistics().connectionsOpened(), this.emulator.statistics().connectionsClosedForExpiry(),
				this.emulator.connections().size(),
				this.emulator.connections().stream().map(EmulatorConnection::authentications).distinct().toList());
		System.out.println("minute before: " + percentiles(first.minusSeconds(60), first));
		System.out.println("during:        " + percentiles(first, last));
	}

	private String percentiles(Instant from, Instant until) {
		long[] sorted = this.samples.stream()
			.filter((sample) -> !sample.moment().isBefore(from) && sample.moment().isBefore(until))
			.mapToLong(Sample::nanos)
			.sorted()
			.toArray();
		return String.format(Locale.ROOT, "%6d commands, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms", sorted.length,
				percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 0.999));
	}

	private static double percentile(long[] sorted, double fraction) {
		return (sorted.length > 0) ? sorted[(int) (sorted.length * fraction)] / 1e6 : Double.NaN;
	}

	private static SslOptions trusting(AzureRedisEmulator emulator) throws Exception {
		KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
		trusted.load(null, null);
		trusted.setCertificateEntry("emulator", emulator.certificateAuthority());
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trusted);
		return SslOptions.builder().trustManager(factory).build();
	}

	@Override
	public void close() {
		this.client.shutdown();
		this.resources.shutdown().awaitUninterruptibly();
		this.authentication.close();
		this.tokens.close();
		this.emulator.close();
	}

	private record Sample(Instant moment, long nanos) {

	}

}
