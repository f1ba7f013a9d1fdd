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

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

@Tag("slow")
class OutageTests {

	private static AzureRedisEmulator emulator;

	private static EmulatorCluster cluster;

	@BeforeAll
	static void startEmulator() {
		emulator = AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
			.replicas(true)
			.tls(false)
			.start();
		cluster = emulator.cluster();
	}

	@AfterAll
	static void closeEmulator() {
		emulator.close();
	}

	@AfterEach
	void endFaults() {
		emulator.faults().reset();
	}

	@Test
	void whenEndpointIsUnreachableThenOnlyNewConnectionsToItAreNotAnswered() throws Exception {
		try (RawConnection open = connect(emulator.port())) {
			emulator.faults().endpointUnreachable();
			emulator.faults().endpointUnreachable();
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
				try (Socket socket = new Socket()) {
					socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), emulator.port()), 200);
				}
			});
			assertThat(ping(open)).isEqualTo("+PONG");
			assertThat(ping(cluster.nodes().get(0))).isEqualTo("+PONG");
			emulator.faults().endpointReachable();
			assertThat(ping(emulator.port())).isEqualTo("+PONG");
			assertThat(ping(open)).isEqualTo("+PONG");
		}
	}

	@Test
	void whenEndpointRefusesThenOnlyNewConnectionsToItAreRefused() throws Exception {
		try (RawConnection open = connect(emulator.port())) {
			emulator.faults().endpointRefused();
			emulator.faults().endpointRefused();
			assertRefused(emulator.port());
			assertThat(ping(open)).isEqualTo("+PONG");
			assertThat(ping(cluster.nodes().get(0))).isEqualTo("+PONG");
			emulator.faults().endpointUnreachable();
			emulator.faults().reset();
			emulator.faults().reset();
			assertThat(ping(emulator.port())).isEqualTo("+PONG");
			assertThat(ping(open)).isEqualTo("+PONG");
		}
	}

	@Test
	void whenInstanceIsDownThenItComesBackWithItsData() throws Exception {
		EmulatorNode master = cluster.masterOf("kept");
		try (RawConnection endpoint = connect(emulator.port()); RawConnection node = connect(master.port())) {
			node.send("SET", "kept", "value");
			assertThat(node.readLine()).isEqualTo("+OK");
			emulator.faults().instanceDown();
			assertThat(endpoint.readLine()).isNull();
			assertThat(node.readLine()).isNull();
		}
		assertRefused(emulator.port());
		cluster.nodes().forEach((node) -> assertRefused(node.port()));
		emulator.faults().instanceUp();
		try (RawConnection node = connect(master.port())) {
			node.send("GET", "kept");
			assertThat(node.readBulk()).isEqualTo("value");
			node.send("WAIT", "1", "5000");
			assertThat(node.readLine()).isEqualTo(":1");
		}
	}

	@Test
	void whenEmulatorIsClosedInAnOutageThenNothingOpensAgain() {
		AzureRedisEmulator other = AzureRedisEmulator.builder().tls(false).start();
		other.faults().endpointUnreachable();
		other.close();
		assertThatNoException().isThrownBy(() -> other.faults().reset());
		assertRefused(other.port());
	}

	private static void assertRefused(int port) {
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new RawConnection(port));
	}

	private static RawConnection connect(int port) throws IOException {
		RawConnection connection = new RawConnection(port);
		connection.send("AUTH", emulator.objectId(), LettuceClients.token(emulator));
		assertThat(connection.readLine()).isEqualTo("+OK");
		return connection;
	}

	private static String ping(EmulatorNode node) throws IOException {
		return ping(node.port());
	}

	private static String ping(int port) throws IOException {
		try (RawConnection connection = connect(port)) {
			return ping(connection);
		}
	}

	private static String ping(RawConnection connection) throws IOException {
		connection.send("PING");
		return connection.readLine();
	}

}
