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

package io.github.azureredis.integration.drill;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link PlainDrillTests} with outages of some length, each of them also after an outage
 * of the token endpoint.
 */
@Tag("slow")
@Tag("drill")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LongPlainDrillTests {

	private static PlainScenarios scenarios;

	@BeforeAll
	static void start() {
		scenarios = new PlainScenarios();
	}

	@AfterAll
	static void stop() {
		scenarios.close();
	}

	@ParameterizedTest
	@EnumSource
	void whenConnectionsAreCutThenNothingFails(Drills.Before before) {
		scenarios.cut(before);
	}

	@ParameterizedTest
	@EnumSource
	void whenServerIsReplacedThenWorksAgain(Drills.Before before) {
		scenarios.replaceServer(before);
	}

	@ParameterizedTest
	@EnumSource
	void whenInstanceIsMigratedThenWorksAgain(Drills.Before before) {
		scenarios.migrateToItself(before);
	}

	@ParameterizedTest
	@EnumSource
	void whenEndpointIsUnreachableThenNothingIsLost(Drills.Before before) {
		scenarios.endpointUnreachable(before, Duration.ofSeconds(15));
	}

	@ParameterizedTest
	@EnumSource
	void whenConnectionsAreCutAndEndpointIsUnreachableThenNothingIsLost(Drills.Before before) {
		scenarios.endpointUnreachableWithoutConnections(before, Duration.ofSeconds(15));
	}

	@ParameterizedTest
	@EnumSource
	void whenInstanceIsGoneThenNothingIsLost(Drills.Before before) {
		scenarios.gone(before, Duration.ofSeconds(60));
	}

}
