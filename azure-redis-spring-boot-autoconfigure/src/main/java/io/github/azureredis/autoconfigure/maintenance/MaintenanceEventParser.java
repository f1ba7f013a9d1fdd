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

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.github.azureredis.autoconfigure.maintenance.AzureRedisMaintenanceEvent.Type;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Parser for messages such as
 * {@code NotificationType|NodeMaintenanceStarting|StartTimeInUTC|2021-10-14T23:41:11|IsReplica|False}.
 * Fields may be in any order. A field that is missing or invalid is left out of the
 * event; unknown fields are ignored.
 *
 * @see <a href=
 * "https://github.com/StackExchange/StackExchange.Redis/blob/main/src/StackExchange.Redis/Maintenance/AzureMaintenanceEvent.cs">How
 * StackExchange.Redis reads them</a>
 */
final class MaintenanceEventParser {

	private static final Map<String, Type> TYPES = Map.of("nodemaintenancescheduled", Type.NODE_MAINTENANCE_SCHEDULED,
			"nodemaintenancestarting", Type.NODE_MAINTENANCE_STARTING, "nodemaintenancestart",
			Type.NODE_MAINTENANCE_START, "nodemaintenancefailovercomplete", Type.NODE_MAINTENANCE_FAILOVER_COMPLETE,
			// An earlier name, which StackExchange.Redis knows.
			"nodemaintenancefailover", Type.NODE_MAINTENANCE_FAILOVER_COMPLETE, "nodemaintenanceended",
			Type.NODE_MAINTENANCE_ENDED, "nodemaintenancescalecomplete", Type.NODE_MAINTENANCE_SCALE_COMPLETE);

	private MaintenanceEventParser() {
	}

	/**
	 * Parse a message.
	 * @param message the message
	 * @return the event or {@code null} if the message does not tell a type
	 */
	static @Nullable AzureRedisMaintenanceEvent parse(String message) {
		Map<String, String> fields = fields(message);
		String type = fields.get("notificationtype");
		if (!StringUtils.hasLength(type)) {
			return null;
		}
		return new AzureRedisMaintenanceEvent(TYPES.getOrDefault(type.toLowerCase(Locale.ROOT), Type.UNKNOWN),
				time(fields.get("starttimeinutc")), Boolean.parseBoolean(fields.get("isreplica")),
				fields.get("ipaddress"), port(fields.get("sslport")), port(fields.get("nonsslport")), message);
	}

	private static Map<String, String> fields(String message) {
		String[] parts = message.split("\\|", -1);
		Map<String, String> fields = new HashMap<>();
		for (int i = 0; i + 1 < parts.length; i += 2) {
			String value = parts[i + 1].strip();
			if (!value.isEmpty()) {
				fields.putIfAbsent(parts[i].strip().toLowerCase(Locale.ROOT), value);
			}
		}
		return fields;
	}

	private static @Nullable Instant time(@Nullable String value) {
		if (value == null) {
			return null;
		}
		try {
			String local = value.endsWith("Z") ? value.substring(0, value.length() - 1) : value;
			return LocalDateTime.parse(local).toInstant(ZoneOffset.UTC);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static @Nullable Integer port(@Nullable String value) {
		try {
			int port = (value != null) ? Integer.parseInt(value) : 0;
			return (port > 0 && port <= 65535) ? port : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
