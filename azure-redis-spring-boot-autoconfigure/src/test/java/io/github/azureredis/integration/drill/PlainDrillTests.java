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

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static io.github.azureredis.integration.drill.Drills.Before.NOTHING;
import static io.github.azureredis.integration.drill.Drills.Before.TOKEN_OUTAGE;

/**
 * What Azure does to an instance without a cluster, while applications work and tokens
 * are renewed. {@link LongPlainDrillTests} lets it take longer.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlainDrillTests {

	private static PlainScenarios scenarios;

	@BeforeAll
	static void start() {
		scenarios = new PlainScenarios();
	}

	@AfterAll
	static void stop() {
		scenarios.close();
	}

	@Test
	void whenConnectionsAreCutAfterTokenOutageThenNothingFails() {
		scenarios.cut(TOKEN_OUTAGE);
	}

	@Test
	void whenInstanceIsGoneThenNothingIsLost() {
		scenarios.gone(NOTHING, Duration.ofSeconds(2));
	}

	@Test
	void whenInstanceIsReplacedThenWorksAgain() {
		scenarios.replaceServer(NOTHING);
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void whenAllIsOverThenReauthenticationGoesOn() {
		scenarios.assertReauthenticationGoesOn();
	}

}
