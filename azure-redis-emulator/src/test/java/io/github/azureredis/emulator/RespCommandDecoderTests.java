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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RespCommandDecoderTests {

	private final RespCommandDecoder decoder = new RespCommandDecoder(ClientConnection
		.commands(new CommandRules(AzureRedisOffering.MANAGED_REDIS, AzureRedisClusteringPolicy.NONE)));

	private final EmbeddedChannel channel = new EmbeddedChannel(this.decoder);

	@AfterEach
	void finish() {
		this.channel.finishAndReleaseAll();
	}

	@Test
	void whenCommandIsOfNoInterestThenItsBytesPass() {
		String get = "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n";
		String ping = "*1\r\n$4\r\nPING\r\n";
		write(get + ping);
		assertThat(read()).containsExactly(get + ping);
	}

	@Test
	void whenValueIsIncompleteThenItPassesAtOnce() {
		String start = "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$1000000\r\nabc";
		write(start);
		assertThat(read()).containsExactly(start);
		write("*1\r\n$4\r\nAUTH\r\n");
		assertThat(read()).as("part of the value").containsExactly("*1\r\n$4\r\nAUTH\r\n");
	}

	@Test
	void whenCommandIsOfInterestThenItIsHandedOnBetweenTheOthers() {
		String ping = "*1\r\n$4\r\nPING\r\n";
		write(ping + "*3\r\n$4\r\nauth\r\n$4\r\nuser\r\n$5\r\ntoken\r\n" + ping);
		assertThat(read()).containsExactly(ping, "AUTH user token", ping);
	}

	@Test
	void whenStreamIsSplitAnywhereThenNothingChanges() {
		String first = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$12\r\n*1\r\n$4\r\nAUTH\r\n";
		String auth = "*2\r\n$4\r\nAUTH\r\n$3\r\nkey\r\n";
		String last = "*0\r\nPING\r\n*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n";
		String stream = first + auth + last;
		for (int split = 1; split < stream.length(); split++) {
			write(stream.substring(0, split));
			write(stream.substring(split));
			assertThat(String.join("", read())).as("split at %d", split)
				.isEqualTo(first + "AUTH key" + "*0\r\nPING\r\n" + "HELLO 3");
		}
		stream.chars().forEach((next) -> write(String.valueOf((char) next)));
		assertThat(String.join("", read())).isEqualTo(first + "AUTH key" + "*0\r\nPING\r\n" + "HELLO 3");
	}

	@Test
	void whenCommandIsInlineThenItIsHandedOnToo() {
		write("AUTH user token\r\nGET key\r\n");
		assertThat(read()).containsExactly("AUTH user token", "GET key\r\n");
	}

	@Test
	void whenPausedThenTheRestWaits() throws Exception {
		this.decoder.pause();
		write("*1\r\n$4\r\nPING\r\n");
		assertThat(read()).isEmpty();
		this.decoder.resume(this.channel.pipeline().context(this.decoder));
		assertThat(read()).containsExactly("*1\r\n$4\r\nPING\r\n");
	}

	@Test
	void whenStreamIsNotRespThenTheServerGetsToSeeIt() {
		String stream = "*2\r\n!3\r\n*2\r\n$4\r\nAUTH\r\n$3\r\nkey\r\n";
		write(stream);
		assertThat(String.join("", read())).isEqualTo(stream);
	}

	@Test
	void whenLineHasNoEndThenTheServerGetsToSeeIt() {
		String line = "x".repeat(70_000);
		write(line);
		assertThat(String.join("", read())).isEqualTo(line);
	}

	private void write(String text) {
		this.channel.writeInbound(buffer(text));
	}

	private static ByteBuf buffer(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
	}

	private List<String> read() {
		List<String> messages = new ArrayList<>();
		for (Object message = this.channel.readInbound(); message != null; message = this.channel.readInbound()) {
			if (message instanceof RespCommand command) {
				List<String> parts = new ArrayList<>(List.of(command.name()));
				for (int i = 1; i < command.size(); i++) {
					parts.add(command.text(i));
				}
				messages.add(String.join(" ", parts));
			}
			else {
				ByteBuf bytes = (ByteBuf) message;
				messages.add(bytes.toString(StandardCharsets.US_ASCII));
				bytes.release();
			}
		}
		return messages;
	}

}
