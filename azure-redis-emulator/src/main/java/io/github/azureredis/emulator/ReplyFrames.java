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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Finds where a server's replies end, to insert further ones there. The replies are
 * handed on as the bytes they came in, without waiting for the end of a reply or copying
 * it.
 * <p>
 * A status reply that begins with a marker is replaced by {@code OK}. As the server gives
 * it in its turn, it tells that a command has been executed. Not thread-safe; all methods
 * are for the event loop of the channel.
 */
final class ReplyFrames extends ByteToMessageDecoder {

	private static final int CRLF = 2;

	private static final int INCOMPLETE = -1;

	private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);

	private final ByteBuf marker;

	private final Consumer<String> marked;

	private final Queue<ByteBuf> waiting = new ArrayDeque<>();

	/**
	 * How many elements are missing in each of the replies inside one another.
	 */
	private final Deque<Long> elementsLeft = new ArrayDeque<>();

	private long payloadLeft;

	/**
	 * What is not RESP has no end that could be found.
	 */
	private boolean unframed;

	/**
	 * Create a handler for one connection to a server.
	 * @param marker what a status reply begins with that is to be replaced
	 * @param marked takes the rest of such a reply
	 */
	ReplyFrames(String marker, Consumer<String> marked) {
		this.marker = Unpooled.copiedBuffer(marker, StandardCharsets.US_ASCII);
		this.marked = marked;
	}

	/**
	 * Insert a reply now, or at the end of the one that is arriving.
	 */
	void insert(ChannelHandlerContext ctx, ByteBuf reply) {
		if (isBetweenReplies()) {
			ctx.fireChannelRead(reply);
			ctx.fireChannelReadComplete();
		}
		else {
			this.waiting.add(reply);
		}
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		int position = in.readerIndex();
		while (position < in.writerIndex()) {
			boolean payload = this.payloadLeft > 0;
			int next = skip(in, position);
			if (next == INCOMPLETE) {
				break;
			}
			if (!payload && isMarked(in, position, next)) {
				passOn(in, position, out);
				out.add(Unpooled.wrappedBuffer(OK));
				in.readerIndex(next);
				int rest = position + 1 + this.marker.readableBytes();
				this.marked.accept(in.toString(rest, next - CRLF - rest, StandardCharsets.US_ASCII));
			}
			position = next;
			if (isBetweenReplies() && !this.waiting.isEmpty()) {
				break;
			}
		}
		passOn(in, position, out);
		if (isBetweenReplies()) {
			out.addAll(this.waiting);
			this.waiting.clear();
		}
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		passOn(in, in.writerIndex(), out);
	}

	@Override
	protected void handlerRemoved0(ChannelHandlerContext ctx) {
		this.waiting.forEach(ByteBuf::release);
		this.waiting.clear();
	}

	private boolean isBetweenReplies() {
		return this.elementsLeft.isEmpty() && this.payloadLeft == 0 && !this.unframed;
	}

	private static void passOn(ByteBuf in, int end, List<Object> out) {
		if (end > in.readerIndex()) {
			out.add(in.readRetainedSlice(end - in.readerIndex()));
		}
	}

	/**
	 * Skip a line or what there is of a payload.
	 * @return the position where to go on, or {@link #INCOMPLETE}
	 */
	private int skip(ByteBuf in, int position) {
		if (this.unframed) {
			return in.writerIndex();
		}
		if (this.payloadLeft > 0) {
			int skipped = (int) Math.min(this.payloadLeft, in.writerIndex() - position);
			this.payloadLeft -= skipped;
			if (this.payloadLeft == 0) {
				endElement();
			}
			return position + skipped;
		}
		int lineFeed = in.indexOf(position, in.writerIndex(), (byte) '\n');
		if (lineFeed < 0) {
			return INCOMPLETE;
		}
		line(in, position, lineFeed + 1);
		return lineFeed + 1;
	}

	private void line(ByteBuf in, int start, int end) {
		switch (in.getByte(start)) {
			case '+', '-', ':', '_', '#', ',', '(' -> endElement();
			case '$', '=', '!' -> {
				long length = number(in, start, end);
				if (length < 0) {
					endElement();
				}
				else {
					this.payloadLeft = length + CRLF;
				}
			}
			case '*', '~', '>' -> beginElements(number(in, start, end));
			case '%' -> beginElements(2 * number(in, start, end));
			// What it is about follows it.
			case '|' -> beginElements(2 * number(in, start, end) + 1);
			default -> this.unframed = true;
		}
	}

	private void beginElements(long count) {
		if (count > 0) {
			this.elementsLeft.push(count);
		}
		else {
			endElement();
		}
	}

	private void endElement() {
		while (!this.elementsLeft.isEmpty()) {
			long left = this.elementsLeft.pop() - 1;
			if (left > 0) {
				this.elementsLeft.push(left);
				return;
			}
		}
	}

	private static long number(ByteBuf in, int start, int end) {
		return RespCommandDecoder.number(in, start + 1, end - CRLF);
	}

	private boolean isMarked(ByteBuf in, int start, int end) {
		int length = this.marker.readableBytes();
		return end - start > length + CRLF && in.getByte(start) == '+'
				&& this.marker.equals(in.slice(start + 1, length));
	}

}
