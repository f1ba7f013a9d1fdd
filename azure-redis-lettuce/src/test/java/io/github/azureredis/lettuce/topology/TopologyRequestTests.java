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

package io.github.azureredis.lettuce.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.lettuce.core.RedisException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TopologyRequest}.
 */
class TopologyRequestTests {

	private final StatusOutput<String, String> output = new StatusOutput<>(StringCodec.UTF8);

	private final AsyncCommand<String, String, String> command = new AsyncCommand<>(
			new Command<>(CommandType.CLUSTER, this.output));

	@Test
	void whenAnswerIsToBeUsedThenRequestHasIt() {
		this.output.set(StandardCharsets.UTF_8.encode("nodes"));
		new TopologyRequest<>(this.command, (nodes) -> nodes).complete();
		assertThat(this.command.toCompletableFuture()).isCompletedWithValue("nodes");
	}

	@Test
	void whenAnswerIsEditedThenRequestHasTheOther() {
		this.output.set(StandardCharsets.UTF_8.encode("nodes"));
		new TopologyRequest<>(this.command, (nodes) -> "other " + nodes).complete();
		assertThat(this.command.toCompletableFuture()).isCompletedWithValue("other nodes");
	}

	@Test
	void whenAnswerIsNotToBeUsedThenRequestFails() {
		this.output.set(StandardCharsets.UTF_8.encode("nodes"));
		TopologyRequest<String, String, String> request = new TopologyRequest<>(this.command, (nodes) -> null);
		request.complete();
		assertThat(request.isDone()).isTrue();
		assertThat(this.command.toCompletableFuture()).isCompletedExceptionally();
		assertThat(this.command.toCompletableFuture()).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(RedisException.class);
	}

	@Test
	void whenServerAnswersWithAnErrorThenRequestHasThat() {
		this.output.setError("ERR unknown command");
		new TopologyRequest<>(this.command, (nodes) -> null).complete();
		assertThat(this.command.getError()).isEqualTo("ERR unknown command");
	}

}
