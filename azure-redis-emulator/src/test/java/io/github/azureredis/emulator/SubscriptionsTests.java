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

import java.net.InetSocketAddress;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SubscriptionsTests {

	@Test
	void whenUnsubscribedFromAllThenThereAreNone() {
		for (String prefix : List.of("", "P", "S")) {
			Subscriptions subscriptions = new Subscriptions();
			subscriptions.apply(RespCommand.of(prefix + "SUBSCRIBE", "one", "two"));
			subscriptions.apply(RespCommand.of(prefix + "UNSUBSCRIBE", "one"));
			assertThat(subscriptions.isEmpty()).isFalse();
			subscriptions.apply(RespCommand.of(prefix + "UNSUBSCRIBE"));
			assertThat(subscriptions.isEmpty()).isTrue();
		}
	}

	@Test
	void whenServerIsOldThenItHasNoShardedChannels() {
		InetSocketAddress address = InetSocketAddress.createUnresolved("localhost", 1);
		assertThat(new RedisServer(address, 6).hasShardedChannels()).isFalse();
		assertThat(new RedisServer(address, 7).hasShardedChannels()).isTrue();
	}

	@Test
	void whenServerHasNoShardedChannelsThenConnectionIsNotSubscribed() throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start();
				RawConnection connection = new RawConnection(emulator)) {
			connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
			assertThat(connection.readLine()).isEqualTo("+OK");
			connection.send("SSUBSCRIBE", "channel");
			boolean known = !connection.readLine().startsWith("-ERR unknown command");
			connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
			assertThat(emulator.connections()).singleElement();
			if (!known) {
				assertThat(connection.readLine()).isEqualTo("+OK");
			}
		}
	}

}
