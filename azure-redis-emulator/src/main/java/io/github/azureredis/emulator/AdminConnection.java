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
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A blocking connection of the emulator's own to a server. Texts stand for bytes, one
 * character each, so that any key passes.
 */
final class AdminConnection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 10_000;

	private final Socket socket = new Socket();

	private final InputStream in;

	AdminConnection(InetSocketAddress address, InternalUser user) throws IOException {
		try {
			this.socket.setSoTimeout(TIMEOUT_MILLIS);
			this.socket.setTcpNoDelay(true);
			this.socket.connect(address, TIMEOUT_MILLIS);
			this.in = new BufferedInputStream(this.socket.getInputStream());
			call("AUTH", InternalUser.NAME, user.secret());
		}
		catch (IOException | RuntimeException ex) {
			this.socket.close();
			throw ex;
		}
	}

	/**
	 * Sends a command.
	 * @return its reply: a {@link String}, {@link Long} or {@link List}
	 * @throws IllegalStateException if the reply is an error
	 */
	Object call(String... command) throws IOException {
		return callAll(List.of(List.of(command))).get(0);
	}

	/**
	 * Sends commands all at once.
	 * @return their replies
	 * @throws IllegalStateException if a reply is an error
	 */
	List<Object> callAll(List<List<String>> commands) throws IOException {
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		for (List<String> command : commands) {
			write(encoded, "*" + command.size());
			for (String part : command) {
				write(encoded, "$" + part.length());
				write(encoded, part);
			}
		}
		encoded.writeTo(this.socket.getOutputStream());
		List<Object> replies = new ArrayList<>(commands.size());
		for (int i = 0; i < commands.size(); i++) {
			replies.add(read());
		}
		return replies;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private Object read() throws IOException {
		String line = readLine();
		String value = line.substring(1);
		return switch (line.charAt(0)) {
			case '+' -> value;
			case ':' -> Long.valueOf(value);
			case '$' -> readBulk(Integer.parseInt(value));
			case '*' -> readList(Integer.parseInt(value));
			default -> throw new IllegalStateException("The Redis server answered: " + value);
		};
	}

	private String readBulk(int length) throws IOException {
		byte[] bytes = this.in.readNBytes(length);
		readLine();
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	private List<Object> readList(int size) throws IOException {
		List<Object> list = new ArrayList<>(size);
		for (int i = 0; i < size; i++) {
			list.add(read());
		}
		return list;
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next == -1) {
				throw new EOFException("The Redis server closed the connection");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	private static void write(ByteArrayOutputStream encoded, String part) throws IOException {
		encoded.write(part.getBytes(StandardCharsets.ISO_8859_1));
		encoded.write('\r');
		encoded.write('\n');
	}

}
