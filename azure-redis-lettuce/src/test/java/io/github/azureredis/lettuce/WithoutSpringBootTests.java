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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the code of {@code docs/without-spring-boot.md}.
 */
@Tag("slow")
class WithoutSpringBootTests {

	@Test
	void whenCodeIsRunThenItConnectsWithTokens() {
		List<String> replies = new ArrayList<>();
		try (EmulatedClients clients = new EmulatedClients(Duration.ofSeconds(4))) {
			WithoutSpringBoot.run(clients.emulator.host(), clients.emulator.port(), clients.emulator.credential(),
					ClientOptions.builder().sslOptions(clients.sslOptions()), (redis) -> {
						replies.add(redis.ping());
						clients.awaitRenewals(2);
						replies.add(redis.ping());
					});
			assertThat(replies).containsExactly("PONG", "PONG");
			assertThat(clients.emulator.statistics().connectionsOpened()).isEqualTo(1);
		}
	}

	@Test
	void whenCodeForAClusterIsRunThenItFollowsTheNodes() {
		try (EmulatedClients clients = EmulatedClients.clustered(Duration.ofSeconds(4))) {
			List<Long> replies = new ArrayList<>();
			ClientResources shared = ClientResources.create();
			WithoutSpringBoot.runCluster(clients.emulator.host(), clients.uri(), shared, clients.authentication,
					ClusterClientOptions.builder().sslOptions(clients.sslOptions()), (redis) -> {
						replies.add(redis.incr("key"));
						clients.emulator.cluster().replaceNodes();
						replies.add(redis.incr("key"));
					});
			shared.shutdown().awaitUninterruptibly();
			assertThat(replies).containsExactly(1L, 2L);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "connect", "cluster" })
	void whenPageShowsCodeThenItIsTheCodeThatRuns(String tag) throws IOException {
		String source = Files
			.readString(Path.of("src/test/java", WithoutSpringBoot.class.getName().replace('.', '/') + ".java"));
		String code = Pattern.compile("// tag::%1$s\\[]\n(.*)\t\t// end::%1$s\\[]".formatted(tag), Pattern.DOTALL)
			.matcher(source)
			.results()
			.findFirst()
			.orElseThrow()
			.group(1);
		assertThat(Files.readString(Path.of("../docs/without-spring-boot.md")))
			.contains("```java\n" + code.replace("\n\t\t", "\n").stripLeading().replace("\t", "    ") + "```");
	}

}
