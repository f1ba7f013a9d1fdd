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

package io.github.azureredis.autoconfigure.emulator;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisEmulatorRuntimeHints}.
 */
class AzureRedisEmulatorRuntimeHintsTests {

	@ParameterizedTest
	@ValueSource(strings = { "redis-server-6.2.6-v5-linux-amd64", "redis-server-6.2.7-linux-386",
			"redis-server-6.2.7-linux-arm64", "redis-server-6.2.6-v5-darwin-arm64",
			"redis-server-6.2.6-v5-darwin-amd64" })
	void serversOnTheClassPathBecomePartOfAnImage(String server) {
		RuntimeHints hints = new RuntimeHints();
		new AzureRedisEmulatorRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertThat(new ClassPathResource(server).exists()).isTrue();
		assertThat(RuntimeHintsPredicates.resource().forResource(server)).accepts(hints);
	}

}
