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

package io.github.azureredis.autoconfigure.maintenance;

import java.time.Instant;

import io.github.azureredis.autoconfigure.maintenance.AzureRedisMaintenanceEvent.Type;
import io.github.azureredis.emulator.AzureRedisEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MaintenanceEventParser}.
 */
class MaintenanceEventParserTests {

	@ParameterizedTest
	@EnumSource
	void whenTypeIsOneOfAzureThenItIsKnown(AzureRedisEvent.Type type) {
		String message = AzureRedisEvent.builder(type).build().message();
		assertThat(parse(message).getType()).isEqualTo(Type.valueOf(type.name()));
	}

	@Test
	void whenMessageIsCompleteThenAllOfItIsRead() {
		String message = "NotificationType|NodeMaintenanceStarting|StartTimeInUTC|2021-10-14T23:41:11|IsReplica|True"
				+ "|IPAddress|52.158.249.185|SSLPort|15001|NonSSLPort|13001";
		AzureRedisMaintenanceEvent event = parse(message);
		assertThat(event.getType()).isEqualTo(Type.NODE_MAINTENANCE_STARTING);
		assertThat(event.getStartTime()).isEqualTo(Instant.parse("2021-10-14T23:41:11Z"));
		assertThat(event.isReplica()).isTrue();
		assertThat(event.getIpAddress()).isEqualTo("52.158.249.185");
		assertThat(event.getSslPort()).isEqualTo(15001);
		assertThat(event.getNonSslPort()).isEqualTo(13001);
		assertThat(event.getMessage()).isEqualTo(message);
		assertThat(event).hasToString(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "NotificationType|NodeMaintenanceStart",
			"NotificationType|NodeMaintenanceStart|StartTimeInUTC||IsReplica||IPAddress||SSLPort||NonSSLPort|",
			"StartTimeInUTC|soon|IsReplica|maybe|SSLPort|x|NonSSLPort|70000|Other|1|NotificationType|nodemaintenancestart|odd" })
	void whenFieldsAreMissingOrWrongThenEventIsWithoutThem(String message) {
		AzureRedisMaintenanceEvent event = parse(message);
		assertThat(event.getType()).isEqualTo(Type.NODE_MAINTENANCE_START);
		assertThat(event.getStartTime()).isNull();
		assertThat(event.isReplica()).isFalse();
		assertThat(event.getIpAddress()).isNull();
		assertThat(event.getSslPort()).isNull();
		assertThat(event.getNonSslPort()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "NodeMaintenanceFailover,NODE_MAINTENANCE_FAILOVER_COMPLETE", "NodeFrozen,UNKNOWN" })
	void whenTypeIsOldOrNewThenThereIsAnEvent(String name, Type type) {
		assertThat(parse("NotificationType|" + name).getType()).isEqualTo(type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "|", "nonsense", "NotificationType", "NotificationType|", "A|NotificationType|B" })
	void whenMessageTellsNoTypeThenThereIsNoEvent(String message) {
		assertThat(MaintenanceEventParser.parse(message)).isNull();
	}

	private static AzureRedisMaintenanceEvent parse(String message) {
		AzureRedisMaintenanceEvent event = MaintenanceEventParser.parse(message);
		assertThat(event).isNotNull();
		return event;
	}

}
