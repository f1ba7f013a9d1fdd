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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A server of somebody else's, which answers each command with OK and keeps what it is
 * sent.
 */
class RecordingServer implements AutoCloseable {

	private final ServerSocket server;

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	RecordingServer() {
		try {
			this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		startThread(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	String received() {
		return this.received.toString(StandardCharsets.ISO_8859_1);
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				startThread(() -> serve(socket));
			}
			catch (IOException ex) {
				// Closed
			}
		}
	}

	private void serve(Socket socket) {
		try (socket; InputStream in = socket.getInputStream()) {
			byte[] buffer = new byte[8192];
			for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
				this.received.write(buffer, 0, length);
				String commands = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
				long count = commands.lines().filter((line) -> line.startsWith("*")).count();
				// It does not know RESP3, as a proxy of old.
				String reply = commands.contains("HELLO") ? "-ERR unknown command\r\n" : "+OK\r\n";
				for (long i = 0; i < count; i++) {
					socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
				}
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private static void startThread(Runnable task) {
		Thread thread = new Thread(task, "recording-server");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
