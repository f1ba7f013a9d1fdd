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

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link BlockableMono}.
 */
class BlockableMonoTests {

	@Test
	void whenBlockedOnByAReactorThreadThenAnswers() {
		Sinks.One<String> source = Sinks.one();
		Mono<String> mono = new BlockableMono<>(source.asMono());
		CompletableFuture<String> answer = CompletableFuture.supplyAsync(mono::block, Schedulers.parallel()::schedule);
		source.tryEmitValue("value");
		assertThat(answer.join()).isEqualTo("value");
	}

	@Test
	void whenSourceFailsThenItsExceptionIsThrown() {
		Mono<String> mono = new BlockableMono<>(Mono.error(new IllegalStateException("reason")));
		assertThatIllegalStateException().isThrownBy(mono::block).withMessage("reason");
	}

	@Test
	void whenSubscribedToThenAnswersAsItsSource() {
		assertThat(new BlockableMono<>(Mono.just("value")).toFuture().join()).isEqualTo("value");
	}

}
