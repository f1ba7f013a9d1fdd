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
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of somebody else's, which answers each command with OK and keeps what it is
 * sent.
 */
class RecordingServer implements AutoCloseable {

	private final ServerSocket server;

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private final AtomicInteger handshakesToLose = new AtomicInteger();

	private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

	private final String helloReply;

	RecordingServer() {
		// It does not know RESP3, like a proxy of old.
		this("-ERR unknown command\r\n");
	}

	private RecordingServer(String helloReply) {
		this.helloReply = helloReply;
		try {
			this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		startThread(this::accept);
	}

	static RecordingServer resp3() {
		return new RecordingServer(
				"%4\r\n+id\r\n:1\r\n+mode\r\n+standalone\r\n+version\r\n+7.4.0\r\n+role\r\n+master\r\n");
	}

	int port() {
		return this.server.getLocalPort();
	}

	String received() {
		return this.received.toString(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Close the connections, and those that are made next in the middle of their
	 * handshake.
	 * @param count how many handshakes to lose
	 */
	void cutConnections(int count) {
		this.handshakesToLose.set(count);
		for (Socket socket = this.sockets.poll(); socket != null; socket = this.sockets.poll()) {
			close(socket);
		}
	}

	private static void close(Closeable closeable) {
		try {
			closeable.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
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
				if (this.handshakesToLose.getAndUpdate((left) -> Math.max(left - 1, 0)) > 0) {
					return;
				}
				long count = commands.lines().filter((line) -> line.startsWith("*")).count();
				String reply = commands.contains("HELLO") ? this.helloReply : "+OK\r\n";
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
		close(this.server);
		cutConnections(0);
	}

}
