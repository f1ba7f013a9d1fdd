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

package io.github.azureredis.autoconfigure;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisInstance}.
 */
class AzureRedisInstanceTests {

	@Test
	void whenHostHasTrailingDotThenConnectsWithoutIt() {
		AzureRedisInstance instance = InstanceFixtures.instance("my.redis.azure.net.");
		assertThat(instance.getHost()).isEqualTo("my.redis.azure.net");
		assertThat(instance.getPort()).isEqualTo(10000);
		assertThat(instance.getOffering()).isEqualTo(AzureRedisOffering.MANAGED_REDIS);
		assertThat(instance.isSslEnabled()).isTrue();
	}

	@Test
	void whenPortIsGivenThenItWins() {
		AzureRedisInstance instance = InstanceFixtures.instance("my.redis.azure.net", 1234, false);
		assertThat(instance.getPort()).isEqualTo(1234);
		assertThat(instance.isSslEnabled()).isFalse();
	}

	@Test
	void whenBeanGivesTheInstanceThenPortReasonSaysSo() {
		AzureRedisInstance instance = AzureRedisInstance.of("localhost", 1234, AzureRedisOffering.UNKNOWN, null);
		assertThat(instance.getPortReason()).isEqualTo("AzureRedisInstance bean");
		assertThat(instance).hasToString("localhost:1234");
	}

}
