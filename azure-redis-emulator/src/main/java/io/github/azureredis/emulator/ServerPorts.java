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
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Finds ports for Redis servers. In a cluster a server also opens the port that is higher
 * by 10,000, for the other servers.
 */
final class ServerPorts {

	static final int BUS_OFFSET = 10_000;

	private static final int HIGHEST = 65_535 - BUS_OFFSET;

	private ServerPorts() {
	}

	/**
	 * Reserve a port that is free at the moment, and whose bus port is free too.
	 */
	static PortReservation reserve() throws IOException {
		while (true) {
			int any = bind(0);
			int port = (any > HIGHEST) ? any - BUS_OFFSET : any;
			PortReservation reservation = PortReservation.tryReserve(port);
			if (reservation != null) {
				if (isFree(port) && isFree(port + BUS_OFFSET)) {
					return reservation;
				}
				reservation.close();
			}
		}
	}

	private static boolean isFree(int port) {
		try {
			return bind(port) == port;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static int bind(int port) throws IOException {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
