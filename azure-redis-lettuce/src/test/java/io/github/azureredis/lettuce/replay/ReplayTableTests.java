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

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.azure.core.credential.TokenRequestContext;
import com.sun.management.ThreadMXBean;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReplayTable}.
 */
class ReplayTableTests {

	@ParameterizedTest
	@EnumSource
	void everyCommandOfLettuceIsInTheTable(CommandType command) {
		assertThat(ReplayTable.rules()).containsKey(new String(command.getBytes(), StandardCharsets.US_ASCII));
	}

	@Test
	void everyCommandOfTheServerIsInTheTable() {
		try (AzureRedisEmulator emulator = AzureRedisEmulator.builder().tls(false).start();
				RedisClient client = RedisClient.create(RedisURI.builder()
					.withHost(emulator.host())
					.withPort(emulator.port())
					.withAuthentication(emulator.objectId(),
							emulator.credential()
								.getTokenSync(new TokenRequestContext().addScopes("https://redis.azure.com/.default"))
								.getToken())
					.build())) {
			List<String> names = new ArrayList<>();
			collectNames(client.connect().sync().command(), names);
			assertThat(names).hasSizeGreaterThan(200)
				// Those that the emulator hides have random names.
				.filteredOn((name) -> !name.matches("[0-9A-F-]{16,}"))
				.allSatisfy((name) -> assertThat(ReplayTable.rules()).containsKey(name));
		}
	}

	@Test
	void everyCommandOfRedisAndOfItsModulesIsInTheTable() throws IOException {
		try (InputStream commands = Objects.requireNonNull(getClass().getResourceAsStream("commands.txt"))) {
			List<String> names = new String(commands.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.toList();
			assertThat(ReplayTable.rules().keySet()).containsAll(names);
		}
	}

	@Test
	void documentationHasTheTable() throws IOException {
		Map<String, List<String>> lines = new TreeMap<>();
		for (String command : new TreeSet<>(ReplayTable.rules().keySet())) {
			lines.computeIfAbsent(documentation(ReplayTable.rules().get(command)), (key) -> new ArrayList<>())
				.add("`" + command + "`");
		}
		List<String> page = Files.readAllLines(Path.of("../docs/replay.md"));
		assertThat(lines)
			.allSatisfy((rest, commands) -> assertThat(page).contains("| " + String.join(", ", commands) + rest));
		assertThat(page).filteredOn((line) -> line.matches("\\| `[A-Z_.0-9 ]{2,}[:`].*")).hasSameSizeAs(lines.keySet());
	}

	private static String documentation(ReplayRule rule) {
		String options = rule.options().isEmpty() ? ""
				: (rule.idempotent() ? " | unless " : " | only with ") + rule.options()
					.stream()
					.sorted()
					.map((option) -> "`" + option + "`")
					.collect(Collectors.joining(", "));
		return options + " | " + rule.reason() + " |";
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET key", "SET key value", "SET key value EX 10 XX", "SET GET NX",
			"set key value keepttl", "DEL key", "SADD key member", "ZADD key GT CH 1 member", "EXPIRE key 10",
			"XREADGROUP GROUP g c STREAMS s 0", "SORT key ALPHA", "BITFIELD key GET u8 0", "COPY a b REPLACE",
			"RESTORE key 0 value REPLACE", "CLIENT SETNAME me", "client id", "XGROUP DESTROY key group",
			"OBJECT ENCODING key", "FUNCTION LOAD REPLACE code", "COMMAND", "EVALSHA_RO sha 0", "JSON.SET key $ 1" })
	void whenASecondRunDoesNoHarmThenCommandIsIdempotent(String command) {
		assertThat(ReplayTable.isIdempotent(command(command))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "INCR key", "SET key value NX", "SET key value EX 10 GET", "set key value nx",
			"ZADD key INCR 1 member", "XREADGROUP GROUP g c STREAMS s >", "XREADGROUP GROUP g c NOACK STREAMS s 0",
			"SORT key STORE other", "BITFIELD key INCRBY u8 0 1", "COPY a b", "RESTORE key 0 value",
			"CLIENT KILL TYPE normal", "CLIENT", "CLIENT NEW", "XGROUP CREATE key group 0", "FUNCTION LOAD code",
			"EVAL script 0", "BLPOP key 0", "JSON.SET key $ 1 NX", "MY.COMMAND", "EXEC" })
	void whenASecondRunDoesHarmThenCommandIsNotIdempotent(String command) {
		assertThat(ReplayTable.isIdempotent(command(command))).isFalse();
	}

	@Test
	void whenAnArgumentIsLongThenItIsNoOption() {
		assertThat(ReplayTable.isIdempotent(command("SET key " + "NX".repeat(100_000)))).isTrue();
		assertThat(ReplayTable.isIdempotent(command("SET key " + "NX".repeat(100_000) + " NX"))).isFalse();
	}

	@Test
	void whenAnArgumentIsLongThenItIsNotCopied() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(new byte[100])
			.addValue(new byte[10_000_000])
			.add(new byte[10_000_000])
			.add("NX");
		Command<byte[], byte[], String> set = new Command<>(CommandType.SET,
				new StatusOutput<>(ByteArrayCodec.INSTANCE), args);
		ReplayTable.isIdempotent(set);
		long before = threads.getCurrentThreadAllocatedBytes();
		assertThat(ReplayTable.isIdempotent(set)).isFalse();
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
	}

	@Test
	void whenThereIsNoRoomForAnOptionThenNothingIsEncoded() {
		assertThat(ReplayTable.isIdempotent(unencodable("SET key value"))).isTrue();
		assertThat(ReplayTable.isIdempotent(unencodable("COPY a b"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET key value EX 10", "COPY a b REPLACE", "XGROUP DESTROY key group" })
	void whenArgumentsCannotBeEncodedThenCommandIsNotIdempotent(String command) {
		assertThat(ReplayTable.isIdempotent(unencodable(command))).isFalse();
		assertThat(ReplayTable.name(unencodable(command))).isEqualTo(command.substring(0, command.indexOf(' ')));
	}

	@Test
	void nameHasTheSubcommandAndNoArguments() {
		assertThat(ReplayTable.name(command("xgroup create key group 0"))).isEqualTo("XGROUP CREATE");
		assertThat(ReplayTable.name(command("CLIENT secret"))).isEqualTo("CLIENT");
		assertThat(ReplayTable.name(command("set key value"))).isEqualTo("SET");
	}

	private static Command<String, String, String> command(String line) {
		return command(line, StringCodec.UTF8);
	}

	private static Command<String, String, String> unencodable(String line) {
		return command(line, new StringCodec() {

			@Override
			public void encodeKey(String key, ByteBuf target) {
				throw new IllegalStateException("Cannot be encoded");
			}

		});
	}

	private static Command<String, String, String> command(String line, StringCodec codec) {
		String[] words = line.split(" ");
		CommandArgs<String, String> args = new CommandArgs<>(codec);
		Stream.of(words).skip(1).forEach(args::addKey);
		return new Command<>(new Keyword(words[0]), new StatusOutput<>(StringCodec.UTF8), args);
	}

	/**
	 * A command has its name first, and its subcommands last.
	 */
	private static void collectNames(List<?> commands, List<String> names) {
		for (Object each : commands) {
			if (each instanceof List<?> command && !command.isEmpty() && command.get(0) instanceof String name) {
				names.add(name.toUpperCase(Locale.ROOT).replace('|', ' '));
				if (command.size() > 9 && command.get(9) instanceof List<?> subcommands) {
					collectNames(subcommands, names);
				}
			}
		}
	}

	/**
	 * {@link ProtocolKeyword} of an application.
	 *
	 * @param text the name of the command
	 */
	private record Keyword(String text) implements ProtocolKeyword {

		@Override
		public byte[] getBytes() {
			return this.text.getBytes(StandardCharsets.US_ASCII);
		}

	}

}
