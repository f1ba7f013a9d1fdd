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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class CommandRulesTests {

	@ParameterizedTest
	@EnumSource
	void whenCommandIsBlockedThenItIsUnknown(AzureRedisOffering offering) throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().offering(offering).tls(false).start();
				RawConnection connection = authenticated(emulator)) {
			for (String command : new String[] { "SAVE", "SHUTDOWN", "DEBUG", "REPLICAOF", "MIGRATE", "BGSAVE" }) {
				connection.send(command);
			}
			connection.send("PING");
			for (String command : new String[] { "SAVE", "SHUTDOWN", "DEBUG", "REPLICAOF", "MIGRATE", "BGSAVE" }) {
				assertThat(connection.readLine()).startsWith("-ERR unknown command").contains(command);
			}
			assertThat(connection.readLine()).isEqualTo("+PONG");
			connection.send("MODULE", "LOAD", "x");
			connection.send("MODULE", "LIST");
			assertThat(connection.readLine()).startsWith("-ERR unknown command").contains("MODULE");
			assertThat(connection.readLine()).isEqualTo("*0");
			assertThat(emulator.offering()).isEqualTo(offering);
		}
	}

	@Test
	void whenManagedRedisThenOnlyDatabaseZeroIsSelected() throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start();
				RawConnection connection = authenticated(emulator)) {
			connection.send("SELECT", "1");
			connection.send("SELECT", "0");
			connection.send("CONFIG", "GET", "port");
			assertThat(connection.readLine()).startsWith("-ERR unknown command").contains("SELECT");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(connection.readLine()).isEqualTo("*2");
		}
	}

	@Test
	void whenCacheForRedisThenDatabasesAreSelectedAndConfigIsBlocked() throws Exception {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder()
			.offering(AzureRedisOffering.CACHE_FOR_REDIS)
			.tls(false)
			.start(); RawConnection connection = authenticated(emulator)) {
			connection.send("SELECT", "1");
			connection.send("CONFIG", "GET", "port");
			assertThat(connection.readLine()).isEqualTo("+OK");
			assertThat(connection.readLine()).startsWith("-ERR unknown command").contains("CONFIG");
		}
	}

	private static RawConnection authenticated(AzureRedisEmulator emulator) throws Exception {
		RawConnection connection = new RawConnection(emulator);
		connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
		assertThat(connection.readLine()).isEqualTo("+OK");
		return connection;
	}

}
