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

package io.github.azureredis.token;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureReasons}.
 */
class FailureReasonsTests {

	@Test
	void whenCauseIsInsideThenItIsNamed() {
		Throwable failure = new IllegalStateException("authentication failed, see inner exception",
				new RuntimeException(new IllegalStateException("connection refused")));
		assertThat(FailureReasons.of(failure)).containsExactly("authentication failed, see inner exception",
				"java.lang.IllegalStateException: connection refused");
	}

	@Test
	void whenChainHasFailedThenEachLinkHasALine() {
		Throwable failure = new IllegalStateException(
				"""
						EnvironmentCredential authentication unavailable.
						AzureCliCredential authentication unavailable. Azure CLI not installed.To mitigate this issue, please refer to x
						""");
		assertThat(FailureReasons.of(failure)).containsExactly("EnvironmentCredential authentication unavailable.",
				"AzureCliCredential authentication unavailable. Azure CLI not installed.");
	}

	@Test
	void whenNoMessageThenClassIsNamed() {
		assertThat(FailureReasons.of(new StackOverflowError())).containsExactly("StackOverflowError");
	}

	@Test
	void whenMessageHoldsWhatLooksLikeTokenThenItIsLeftOut() {
		String token = "eyJhbGciOiJub25lIn0.eyJvaWQiOiJtZSJ9.c2ln-na_ture";
		assertThat(FailureReasons.of(new IllegalStateException("refused: Bearer " + token + ", sorry")))
			.containsExactly("refused: Bearer (token), sorry");
		assertThat(FailureReasons.of(new IllegalStateException("args beginning with: 'me' '" + token.substring(0, 12))))
			.containsExactly("args beginning with: 'me' '(token)");
	}

	@Test
	void whenCausesRepeatThemselvesThenReasonIsNamedOnce() {
		Exception failure = new Exception("down", new Exception("down"));
		assertThat(FailureReasons.of(failure)).containsExactly("down");
	}

	@Test
	void whenCausesGoRoundInCirclesThenEnds() {
		Exception outer = new Exception("outer");
		Exception inner = new Exception("inner", outer);
		outer.initCause(inner);
		assertThat(FailureReasons.of(outer)).containsExactly("outer", "inner");
	}

}
