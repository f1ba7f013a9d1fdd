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

package io.github.azureredis.sample;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.types.RedisClientInfo;

/**
 * The sequence of Microsoft's quickstarts: ping, set, get, client list.
 */
class Quickstart {

	private static final String KEY = "Message";

	private static final String VALUE = "Hello!, The cache is working with Java!";

	private final @Nullable String instance;

	private final StringRedisTemplate redis;

	/**
	 * Create the sequence.
	 * @param instance the name of the instance, {@code null} for the default instance
	 * @param redis the template of the instance
	 */
	Quickstart(@Nullable String instance, StringRedisTemplate redis) {
		this.instance = instance;
		this.redis = redis;
	}

	void run() {
		if (this.instance != null) {
			System.out.println("Instance : " + this.instance);
		}
		System.out.println("Ping returned : " + this.redis.execute(RedisConnectionCommands::ping));
		System.out.println("SET Message returned : "
				+ this.redis.execute((connection) -> connection.stringCommands().set(bytes(KEY), bytes(VALUE)), true));
		System.out.println("GET Message returned : " + this.redis.opsForValue().get(KEY));
		System.out.println("CLIENT LIST returned :");
		List<RedisClientInfo> clients = this.redis.getClientList();
		if (clients != null) {
			clients.forEach(
					(client) -> System.out.println("id : " + client.get("id") + ", addr : " + client.getAddressPort()));
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
