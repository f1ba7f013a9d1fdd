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

import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeepAliveHandler} in virtual time.
 */
class KeepAliveHandlerTests {

	private static final Duration INTERVAL = Duration.ofMinutes(5);

	private final ClientResources resources = ClientResources.create();

	private EmbeddedConnection connection;

	@BeforeEach
	void connect() {
		this.connection = new EmbeddedConnection(AzureRedisClientResources.builder(this.resources).keepAlive().build());
		this.connection.reply("+OK");
		this.connection.sent();
	}

	@AfterEach
	void shutDown() {
		this.resources.shutdown();
	}

	@Test
	void whenIdleThenSendsPingAfterEachInterval() {
		for (int i = 0; i < 3; i++) {
			this.connection.pass(INTERVAL.minusSeconds(1));
			assertThat(this.connection.sent()).isEmpty();
			this.connection.pass(Duration.ofSeconds(1));
			assertThat(this.connection.sent()).isEqualTo("PING");
			this.connection.reply("+PONG");
		}
	}

	@Test
	void whenApplicationSendsCommandsThenNoPingIsSent() {
		for (int i = 0; i < 10; i++) {
			this.connection.pass(INTERVAL.minusSeconds(1));
			this.connection.send(CommandType.GET, "key");
			assertThat(this.connection.sent()).isEqualTo("GET key");
		}
	}

	@Test
	void whenPingIsUnansweredThenNoOtherFollows() {
		this.connection.send(CommandType.BLPOP, "queue", "0");
		this.connection.pass(INTERVAL.multipliedBy(10));
		assertThat(this.connection.sent()).isEqualTo("BLPOP queue 0 PING");
	}

	@Test
	void whenTransactionIsOpenThenNoPingEndsUpInIt() {
		this.connection.send(CommandType.MULTI);
		this.connection.pass(INTERVAL.multipliedBy(2));
		assertThat(this.connection.sent()).isEqualTo("MULTI");
		this.connection.send(CommandType.EXEC);
		this.connection.pass(INTERVAL);
		assertThat(this.connection.sent()).isEqualTo("EXEC PING");
	}

	@Test
	void whenClientCachingIsSetThenNoPingTakesItsEffect() {
		this.connection.send(CommandType.CLIENT, "CACHING", "YES");
		this.connection.pass(INTERVAL);
		assertThat(this.connection.sent()).isEqualTo("CLIENT CACHING YES");
	}

	@Test
	void whenSubscribedThenPingIsSentWithResp2And3() {
		this.connection.send(CommandType.SUBSCRIBE, "news");
		this.connection.pass(INTERVAL);
		assertThat(this.connection.sent()).isEqualTo("SUBSCRIBE news PING");
		EmbeddedConnection resp2 = EmbeddedConnection
			.resp2(AzureRedisClientResources.builder(this.resources).keepAlive().build());
		resp2.send(CommandType.SUBSCRIBE, "news");
		resp2.pass(INTERVAL);
		assertThat(resp2.sent()).isEqualTo("SUBSCRIBE news PING");
	}

}
