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

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A connection to a plaintext emulator that shows each byte.
 */
final class RawConnection implements AutoCloseable {

	private final Socket socket;

	private final InputStream in;

	RawConnection(AzureRedisEmulator emulator) throws IOException {
		this(emulator.port());
	}

	RawConnection(int port) throws IOException {
		this(port, 10_000);
	}

	RawConnection(int port, int timeoutMillis) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setSoTimeout(timeoutMillis);
		this.in = new BufferedInputStream(this.socket.getInputStream());
	}

	void send(String... command) throws IOException {
		StringBuilder encoded = new StringBuilder("*" + command.length + "\r\n");
		for (String part : command) {
			encoded.append('$').append(part.length()).append("\r\n").append(part).append("\r\n");
		}
		sendText(encoded.toString());
	}

	void sendText(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Reads a line, or returns {@code null} at the end of the stream.
	 */
	String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.in.read(); next != -1; next = this.in.read()) {
			if (next == '\n') {
				return line.toString().strip();
			}
			line.append((char) next);
		}
		return line.isEmpty() ? null : line.toString();
	}

	String readBulk() throws IOException {
		readLine();
		return readLine();
	}

	void skip(int bytes) throws IOException {
		this.in.skipNBytes(bytes);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
