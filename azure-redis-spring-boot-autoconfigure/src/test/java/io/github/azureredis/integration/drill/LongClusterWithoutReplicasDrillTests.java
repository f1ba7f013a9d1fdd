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
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link LongClusterDrillTests} for masters without replicas, whose slots move.
 */
@Tag("slow")
@Tag("drill")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LongClusterWithoutReplicasDrillTests {

	private static ClusterScenarios scenarios;

	@BeforeAll
	static void start() {
		scenarios = new ClusterScenarios(false);
	}

	@AfterAll
	static void stop() {
		scenarios.close();
	}

	@ParameterizedTest
	@EnumSource
	void whenNodesAreReplacedThenNothingHappens(Drills.Before before) {
		scenarios.patch(before, Duration.ofSeconds(2));
	}

	@ParameterizedTest
	@EnumSource
	void whenScaledOutAndInThenNothingHappens(Drills.Before before) {
		scenarios.scaleOutAndIn(before, Duration.ofSeconds(2));
	}

	@ParameterizedTest
	@EnumSource
	void whenNodeHangsThenOtherKeysNeverFailAndItsKeysWorkAfterwards(Drills.Before before) {
		scenarios.freeze(before, Duration.ofSeconds(5));
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void whenNodesHaveLeftThenTheyAreForgotten() {
		scenarios.assertRetiredNodesAreForgotten(Duration.ofSeconds(30));
	}

}
