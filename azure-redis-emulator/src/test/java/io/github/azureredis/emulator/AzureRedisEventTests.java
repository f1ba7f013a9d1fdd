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

package io.github.azureredis.emulator;

import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AzureRedisEventTests {

	@Test
	void whenNothingIsSetThenMessageHasAllFields() {
		AzureRedisEvent event = AzureRedisEvent.builder(AzureRedisEvent.Type.NODE_MAINTENANCE_FAILOVER_COMPLETE)
			.build();
		assertThat(event.message()).isEqualTo("NotificationType|NodeMaintenanceFailoverComplete|StartTimeInUTC|"
				+ "|IsReplica|False|IPAddress||SSLPort|15000|NonSSLPort|13000");
	}

	@Test
	void whenAllIsSetThenMessageHasIt() {
		AzureRedisEvent event = AzureRedisEvent.builder(AzureRedisEvent.Type.NODE_MAINTENANCE_STARTING)
			.startTime(Instant.parse("2021-09-23T12:34:19.999Z"))
			.replica(true)
			.ipAddress("13.67.42.199")
			.sslPort(15001)
			.nonSslPort(13001)
			.build();
		assertThat(event.message())
			.isEqualTo("NotificationType|NodeMaintenanceStarting|StartTimeInUTC|"
					+ "2021-09-23T12:34:19|IsReplica|True|IPAddress|13.67.42.199|SSLPort|15001|NonSSLPort|13001")
			.isEqualTo(event.toString());
	}

	@Test
	void whenTypeIsNamedThenItIsAsInAzure() {
		assertThat(Stream.of(AzureRedisEvent.Type.values())
			.map((type) -> AzureRedisEvent.builder(type).build().message().split("\\|")[1]))
			.containsExactly("NodeMaintenanceScheduled", "NodeMaintenanceStarting", "NodeMaintenanceStart",
					"NodeMaintenanceFailoverComplete", "NodeMaintenanceEnded", "NodeMaintenanceScaleComplete");
	}

}
