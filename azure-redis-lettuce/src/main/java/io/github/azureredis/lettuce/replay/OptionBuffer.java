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

package io.github.azureredis.lettuce.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * Buffer for the arguments of a command that has empty ones in the place of those that
 * are too long for an option, so that large values are not copied. An argument is encoded
 * as {@code $<length>\r\n<bytes>\r\n}.
 */
final class OptionBuffer extends UnpooledHeapByteBuf {

	static final int LONGEST_OPTION = 32;

	private static final int INITIAL_CAPACITY = 256;

	private static final byte[] EMPTY_ARGUMENT = "$0\r\n".getBytes(StandardCharsets.US_ASCII);

	OptionBuffer() {
		super(ByteBufAllocator.DEFAULT, INITIAL_CAPACITY, Integer.MAX_VALUE);
	}

	@Override
	public ByteBuf writeBytes(byte[] source, int index, int length) {
		return leftOut(length) ? this : super.writeBytes(source, index, length);
	}

	@Override
	public ByteBuf writeBytes(ByteBuf source, int index, int length) {
		return leftOut(length) ? this : super.writeBytes(source, index, length);
	}

	@Override
	public ByteBuf writeBytes(ByteBuffer source) {
		return leftOut(source.remaining()) ? this : super.writeBytes(source);
	}

	/**
	 * A codec may write an argument in pieces, which are then all needed.
	 */
	private boolean leftOut(int length) {
		if (length <= LONGEST_OPTION) {
			return false;
		}
		byte[] header = ("$" + length + "\r\n").getBytes(StandardCharsets.US_ASCII);
		int start = writerIndex() - header.length;
		if (start < 0 || !Arrays.equals(array(), start, writerIndex(), header, 0, header.length)) {
			return false;
		}
		writerIndex(start);
		super.writeBytes(EMPTY_ARGUMENT, 0, EMPTY_ARGUMENT.length);
		return true;
	}

}
