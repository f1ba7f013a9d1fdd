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
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReplyFramesTests {

	private static final String PUSH = ">1\r\n+PUSH\r\n";

	private final List<String> marked = new ArrayList<>();

	private final ReplyFrames frames = new ReplyFrames("marker", this.marked::add);

	private final EmbeddedChannel channel = new EmbeddedChannel(this.frames);

	@ParameterizedTest
	@ValueSource(strings = { "+OK\r\n", "-ERR no\r\n", ":1\r\n", "_\r\n", "#t\r\n", ",1.5\r\n", "(123\r\n", "$-1\r\n",
			"$0\r\n\r\n", "$5\r\n+OK\r\n\r\n", "=5\r\ntxt:a\r\n", "!5\r\nERR a\r\n", "*-1\r\n", "*0\r\n",
			"*2\r\n$1\r\na\r\n:1\r\n", "~1\r\n:1\r\n", ">2\r\n+message\r\n*1\r\n:1\r\n",
			"%2\r\n+a\r\n*1\r\n:1\r\n+b\r\n*0\r\n", "%0\r\n", "|1\r\n+a\r\n+b\r\n:1\r\n",
			"|1\r\n+a\r\n+b\r\n*1\r\n:1\r\n", "*3\r\n*2\r\n*1\r\n:1\r\n%1\r\n+a\r\n_\r\n*0\r\n$2\r\nab\r\n" })
	void whenReplyIsArrivingThenOthersComeAfterIt(String reply) {
		String stream = reply + "+next\r\n";
		for (int split = 0; split <= reply.length(); split++) {
			receive(stream.substring(0, split));
			boolean between = received().isEmpty();
			this.frames.insert(this.channel.pipeline().context(this.frames),
					Unpooled.copiedBuffer(PUSH, StandardCharsets.US_ASCII));
			receive(stream.substring(split));
			String expected = (between || split == 0) ? PUSH + stream : reply + PUSH + "+next\r\n";
			assertThat(takeReceived()).as("split at %d", split).isEqualTo(expected);
		}
	}

	@Test
	void whenReplyComesInPiecesThenPayloadIsNotHeldBack() {
		receive("*2\r\n$10\r\n012");
		assertThat(takeReceived()).isEqualTo("*2\r\n$10\r\n012");
		receive("3456789\r");
		assertThat(takeReceived()).isEqualTo("3456789\r");
		receive("\n+in pie");
		assertThat(takeReceived()).isEqualTo("\n");
		receive("ces\r\n");
		assertThat(takeReceived()).isEqualTo("+in pieces\r\n");
	}

	@Test
	void whenReplyIsMarkedThenItIsReplaced() {
		String stream = "*3\r\n:1\r\n+marker and more\r\n$7\r\n+marker\r\n-marker\r\n+marke\r\n";
		for (int split = 0; split <= stream.length(); split++) {
			this.marked.clear();
			receive(stream.substring(0, split));
			receive(stream.substring(split));
			assertThat(takeReceived()).isEqualTo("*3\r\n:1\r\n+OK\r\n$7\r\n+marker\r\n-marker\r\n+marke\r\n");
			assertThat(this.marked).containsExactly(" and more");
		}
	}

	@Test
	void whenServerClosesWithinAReplyThenAllOfItIsHandedOn() {
		receive("*2\r\n:1");
		this.channel.finish();
		assertThat(takeReceived()).isEqualTo("*2\r\n:1");
	}

	@Test
	void whenStreamIsNotRespThenNothingIsInserted() {
		receive("hello\r\n");
		ByteBuf push = Unpooled.copiedBuffer(PUSH, StandardCharsets.US_ASCII);
		this.frames.insert(this.channel.pipeline().context(this.frames), push);
		receive("+OK\r\n");
		assertThat(takeReceived()).isEqualTo("hello\r\n+OK\r\n");
		this.channel.finishAndReleaseAll();
		assertThat(push.refCnt()).isZero();
	}

	private void receive(String bytes) {
		if (!bytes.isEmpty()) {
			this.channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
		}
	}

	private String received() {
		StringBuilder received = new StringBuilder();
		this.channel.inboundMessages()
			.forEach((message) -> received.append(((ByteBuf) message).toString(StandardCharsets.US_ASCII)));
		return received.toString();
	}

	private String takeReceived() {
		String received = received();
		this.channel.releaseInbound();
		return received;
	}

}
