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

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorStatistics;
import io.github.azureredis.token.TokenRenewedEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * An application under load from eight threads, with transactions and pub/sub, until its
 * token has been renewed twenty times. Takes about 100 seconds with the tokens of 6
 * seconds that it uses. Arguments are properties, for example
 * {@code --spring.data.redis.lettuce.pool.enabled=true}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RenewalsUnderLoad {

	private static final int RENEWALS = 20;

	private static final int THREADS = 8;

	private final AtomicInteger tokens = new AtomicInteger();

	private final Queue<String> received = new ConcurrentLinkedQueue<>();

	private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

	/**
	 * Run and print the figures.
	 * @param args properties
	 * @throws InterruptedException if interrupted
	 */
	public static void main(String[] args) throws InterruptedException {
		List<String> arguments = new ArrayList<>(List.of("--azure.redis.emulator.enabled=true",
				"--azure.redis.emulator.token-lifetime=6s", "--spring.main.banner-mode=off"));
		arguments.addAll(List.of(args));
		try (ConfigurableApplicationContext context = SpringApplication.run(RenewalsUnderLoad.class,
				arguments.toArray(String[]::new))) {
			context.getBean(RenewalsUnderLoad.class)
				.run(context.getBean(StringRedisTemplate.class), context.getBean(AzureRedisEmulator.class));
		}
	}

	@Bean
	RedisMessageListenerContainer listenerContainer(RedisConnectionFactory connectionFactory) {
		RedisMessageListenerContainer container = new RedisMessageListenerContainer();
		container.setConnectionFactory(connectionFactory);
		container.addMessageListener((message, pattern) -> this.received.add(message.toString()),
				new ChannelTopic("news"));
		return container;
	}

	@EventListener
	void renewed(TokenRenewedEvent event) {
		this.tokens.incrementAndGet();
	}

	private void run(StringRedisTemplate redis, AzureRedisEmulator emulator) throws InterruptedException {
		LongAdder increments = new LongAdder();
		LongAdder transactions = new LongAdder();
		LongAdder published = new LongAdder();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int number = i;
			Thread thread = new Thread(() -> {
				while (this.tokens.get() <= RENEWALS) {
					try {
						if (number == 0) {
							redis.convertAndSend("news", "message");
							published.increment();
						}
						else if (number <= 2) {
							redis.execute(new Transaction());
							transactions.increment();
						}
						else {
							redis.opsForValue().increment("increments");
							increments.increment();
						}
					}
					catch (RuntimeException ex) {
						this.errors.add(ex);
					}
				}
			});
			thread.start();
			threads.add(thread);
		}
		for (Thread thread : threads) {
			thread.join();
		}
		for (int i = 0; i < 100 && this.received.size() < published.sum(); i++) {
			Thread.sleep(50);
		}
		EmulatorStatistics statistics = emulator.statistics();
		System.out.printf("renewals %d, errors %d%n", this.tokens.get() - 1, this.errors.size());
		System.out.printf("increments done %d, counted %s%n", increments.sum(), redis.opsForValue().get("increments"));
		System.out.printf("transactions done %d, counted %d%n", transactions.sum(),
				Long.parseLong(String.valueOf(redis.opsForValue().get("transactions"))) / 2);
		System.out.printf("messages published %d, received %d%n", published.sum(), this.received.size());
		System.out.printf(
				"connections opened %d, closed for expiry %d; handshakes %d, re-authentications %d, token requests %d%n",
				statistics.connectionsOpened(), statistics.connectionsClosedForExpiry(),
				statistics.handshakesAccepted(), statistics.reauthenticationsAccepted(), statistics.tokenRequests());
		this.errors.stream().limit(3).forEach((error) -> System.out.println(error));
	}

	private static final class Transaction implements SessionCallback<List<Object>> {

		@Override
		@SuppressWarnings("unchecked")
		public <K, V> List<Object> execute(RedisOperations<K, V> operations) {
			RedisOperations<String, String> redis = (RedisOperations<String, String>) operations;
			redis.multi();
			redis.opsForValue().increment("transactions");
			redis.opsForValue().increment("transactions");
			return redis.exec();
		}

	}

}
