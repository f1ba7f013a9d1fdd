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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Finds the few commands that the front looks at in a client's stream. It hands on each
 * of them as a {@link RespCommand}, and everything between them as the bytes it came in,
 * without waiting for the end of a command or copying it.
 */
final class RespCommandDecoder extends ByteToMessageDecoder {

	/**
	 * The longest line that Redis reads.
	 */
	private static final int MAX_LINE = 64 * 1024;

	private static final int CRLF = 2;

	private static final int INCOMPLETE = -1;

	private final byte[][] names;

	private final Supplier<Set<String>> furtherNames;

	private long argumentsLeft;

	private long payloadLeft;

	/**
	 * Once the stream is no longer RESP the server ends the connection, with its own
	 * error.
	 */
	private boolean unframed;

	private boolean paused;

	private long headerValue;

	RespCommandDecoder(Collection<String> names) {
		this(names, Set::of);
	}

	/**
	 * Creates a decoder.
	 * @param names the names of the commands to look at, in upper case
	 * @param furtherNames gives more of them, for the time being
	 */
	RespCommandDecoder(Collection<String> names, Supplier<Set<String>> furtherNames) {
		this.names = bytes(names.stream());
		this.furtherNames = furtherNames;
	}

	private static byte[][] bytes(Stream<String> names) {
		return names.map((name) -> name.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
	}

	/**
	 * Holds back everything that follows the last command handed on.
	 */
	void pause() {
		this.paused = true;
	}

	void resume(ChannelHandlerContext context) throws Exception {
		this.paused = false;
		channelRead(context, Unpooled.EMPTY_BUFFER);
		channelReadComplete(context);
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		if (this.paused) {
			return;
		}
		int start = in.readerIndex();
		int position = start;
		while (position < in.writerIndex()) {
			int next;
			if (this.unframed) {
				next = in.writerIndex();
			}
			else if (this.payloadLeft > 0) {
				next = skipPayload(in, position);
			}
			else if (this.argumentsLeft > 0) {
				next = skipArgumentHeader(in, position);
			}
			else {
				List<byte[]> parts = new ArrayList<>(0);
				next = command(in, position, parts);
				if (next != INCOMPLETE && !parts.isEmpty()) {
					passOn(in, start, position, out);
					in.readerIndex(next);
					out.add(new RespCommand(parts));
					return;
				}
			}
			if (next == INCOMPLETE) {
				break;
			}
			position = next;
		}
		passOn(in, start, position, out);
	}

	private static void passOn(ByteBuf in, int start, int end, List<Object> out) {
		if (end > start) {
			out.add(in.readRetainedSlice(end - start));
		}
	}

	private int skipPayload(ByteBuf in, int position) {
		int skipped = (int) Math.min(this.payloadLeft, in.writerIndex() - position);
		this.payloadLeft -= skipped;
		return position + skipped;
	}

	private int skipArgumentHeader(ByteBuf in, int position) {
		int next = header(in, position, '$');
		if (next != INCOMPLETE && !this.unframed) {
			this.argumentsLeft--;
			this.payloadLeft = this.headerValue + CRLF;
		}
		return next;
	}

	/**
	 * Looks at the start of a command. The parts stay empty if it is none to look at.
	 * @return the position where to go on, or {@link #INCOMPLETE}
	 */
	private int command(ByteBuf in, int position, List<byte[]> parts) {
		if (in.getByte(position) != '*') {
			return inlineCommand(in, position, parts);
		}
		int next = header(in, position, '*');
		if (next == INCOMPLETE || this.unframed || this.headerValue <= 0) {
			return next;
		}
		long size = this.headerValue;
		int nameStart = header(in, next, '$');
		if (nameStart == INCOMPLETE || this.unframed) {
			return nameStart;
		}
		int nameLength = (int) Math.min(this.headerValue, Integer.MAX_VALUE);
		if (!hasNameOfLength(nameLength)) {
			this.argumentsLeft = size - 1;
			this.payloadLeft = this.headerValue + CRLF;
			return nameStart;
		}
		if (in.writerIndex() - nameStart < nameLength) {
			return INCOMPLETE;
		}
		if (isNamed(in, nameStart, nameLength)) {
			return arguments(in, next, size, parts);
		}
		this.argumentsLeft = size - 1;
		this.payloadLeft = nameLength + CRLF;
		return nameStart;
	}

	private int arguments(ByteBuf in, int start, long size, List<byte[]> parts) {
		int position = start;
		for (long i = 0; i < size; i++) {
			position = header(in, position, '$');
			if (position == INCOMPLETE || this.unframed || in.writerIndex() - position < this.headerValue + CRLF) {
				parts.clear();
				return this.unframed ? position : INCOMPLETE;
			}
			parts.add(ByteBufUtil.getBytes(in, position, (int) this.headerValue));
			position += (int) this.headerValue + CRLF;
		}
		return position;
	}

	private int inlineCommand(ByteBuf in, int position, List<byte[]> parts) {
		int end = endOfLine(in, position);
		if (end == INCOMPLETE || this.unframed) {
			return end;
		}
		String line = in.toString(position, end - position, StandardCharsets.UTF_8).strip();
		String[] words = line.split("\\s+");
		byte[] name = words[0].getBytes(StandardCharsets.UTF_8);
		if (hasNameOfLength(name.length) && isNamed(Unpooled.wrappedBuffer(name), 0, name.length)) {
			for (String word : words) {
				parts.add(word.getBytes(StandardCharsets.UTF_8));
			}
		}
		return end;
	}

	/**
	 * Reads the length of an array or a bulk string into {@link #headerValue}.
	 */
	private int header(ByteBuf in, int position, char type) {
		int end = endOfLine(in, position);
		if (end == INCOMPLETE || this.unframed) {
			return end;
		}
		long value = (in.getByte(position) == type) ? number(in, position + 1, end - CRLF) : -1;
		if (value < 0 && type == '$') {
			this.unframed = true;
		}
		this.headerValue = value;
		return end;
	}

	private int endOfLine(ByteBuf in, int position) {
		if (position >= in.writerIndex()) {
			return INCOMPLETE;
		}
		int lineFeed = in.indexOf(position, in.writerIndex(), (byte) '\n');
		if (lineFeed >= 0) {
			return lineFeed + 1;
		}
		if (in.writerIndex() - position > MAX_LINE) {
			this.unframed = true;
			return in.writerIndex();
		}
		return INCOMPLETE;
	}

	/**
	 * Return the number in digits, or -1 if it is none or negative.
	 */
	static long number(ByteBuf in, int start, int end) {
		if (start >= end || end - start > 10) {
			return -1;
		}
		long value = 0;
		for (int i = start; i < end; i++) {
			int digit = in.getByte(i) - '0';
			if (digit < 0 || digit > 9) {
				return -1;
			}
			value = value * 10 + digit;
		}
		return value;
	}

	private byte[][] names() {
		Set<String> further = this.furtherNames.get();
		return further.isEmpty() ? this.names
				: Stream.concat(Stream.of(this.names), Stream.of(bytes(further.stream()))).toArray(byte[][]::new);
	}

	private boolean hasNameOfLength(int length) {
		for (byte[] name : names()) {
			if (name.length == length) {
				return true;
			}
		}
		return false;
	}

	private boolean isNamed(ByteBuf in, int start, int length) {
		for (byte[] name : names()) {
			if (name.length == length && equalsIgnoreCase(in, start, name)) {
				return true;
			}
		}
		return false;
	}

	private static boolean equalsIgnoreCase(ByteBuf in, int start, byte[] upperCaseName) {
		for (int i = 0; i < upperCaseName.length; i++) {
			// Clearing the bit turns lower case letters into upper case ones.
			if ((in.getByte(start + i) & ~0x20) != upperCaseName[i]) {
				return false;
			}
		}
		return true;
	}

}
