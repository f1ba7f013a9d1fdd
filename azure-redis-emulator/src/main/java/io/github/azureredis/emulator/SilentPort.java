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

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that does not answer. Its queue of connections is full, and nobody takes them
 * out; the system then drops further attempts, as a firewall does.
 */
final class SilentPort implements Closeable {

	private static final int ANSWER_MILLIS = 50;

	/**
	 * More than fit into the queue.
	 */
	private static final int CONNECTIONS = 8;

	private final ServerSocket socket = new ServerSocket();

	private final List<Socket> queued = new ArrayList<>();

	private SilentPort(InetSocketAddress address) throws IOException {
		try {
			this.socket.setReuseAddress(true);
			this.socket.bind(address, 1);
			boolean answers = true;
			while (answers && this.queued.size() < CONNECTIONS) {
				answers = connect(address);
			}
		}
		catch (IOException ex) {
			close();
			throw ex;
		}
	}

	static SilentPort open(InetSocketAddress address) throws IOException {
		return new SilentPort(address);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Socket connection : this.queued) {
			connection.close();
		}
	}

	private boolean connect(InetSocketAddress address) throws IOException {
		Socket connection = new Socket();
		this.queued.add(connection);
		try {
			connection.connect(address, ANSWER_MILLIS);
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

}
