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

package io.github.azureredis.integration.drill;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * Messages that are published, and those that a listener container gets.
 */
final class Messages {

	private final StringRedisTemplate redis;

	private final String channel;

	private final AtomicInteger last = new AtomicInteger();

	private final Set<Integer> published = ConcurrentHashMap.newKeySet();

	private final Set<Integer> received = ConcurrentHashMap.newKeySet();

	Messages(StringRedisTemplate redis, RedisMessageListenerContainer container, String prefix) {
		this.redis = redis;
		this.channel = prefix + "news";
		container.addMessageListener((message, pattern) -> this.received.add(Integer.valueOf(message.toString())),
				new ChannelTopic(this.channel));
	}

	void publish(Outcomes outcomes) {
		int number = this.last.incrementAndGet();
		if (outcomes.attempt("PUBLISH",
				() -> this.redis.convertAndSend(this.channel, String.valueOf(number))) != null) {
			this.published.add(number);
		}
	}

	int last() {
		return this.last.get();
	}

	boolean hasReceivedAfter(int number) {
		return this.received.stream().anyMatch((received) -> received > number);
	}

	long published(int from, int to) {
		return this.published.stream().filter((number) -> number > from && number <= to).count();
	}

	long missed(int from, int to) {
		return this.published.stream()
			.filter((number) -> number > from && number <= to && !this.received.contains(number))
			.count();
	}

}
