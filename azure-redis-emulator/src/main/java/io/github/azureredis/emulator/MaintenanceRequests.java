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

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Whether clients can ask for maintenance notifications, and what they are answered.
 * <p>
 * The reply to a request that is granted comes from the server, so that it keeps its
 * place among the others, and begins with {@link #marker()}.
 */
final class MaintenanceRequests {

	static final String COMMAND = "CLIENT";

	private static final String SUBCOMMAND = "MAINT_NOTIFICATIONS";

	private static final String OPTION = "MOVING-ENDPOINT-TYPE";

	/**
	 * What a server takes if the client leaves it to it.
	 */
	private static final MovingEndpointType DEFAULT_TYPE = MovingEndpointType.EXTERNAL_FQDN;

	private final String marker = Secrets.random();

	private volatile boolean enabled;

	void enabled(boolean enabled) {
		this.enabled = enabled;
	}

	String marker() {
		return this.marker;
	}

	/**
	 * Return what to send to the server for a client's command.
	 * @param command a {@link #COMMAND}
	 * @param resp3 whether the connection can take notifications
	 * @param note goes with the marker, and is followed by the type of endpoint if
	 * notifications are asked for
	 */
	RespCommand apply(RespCommand command, boolean resp3, String note) {
		if (!this.enabled || command.size() == 1 || !command.text(1).equalsIgnoreCase(SUBCOMMAND)) {
			return command;
		}
		if (command.size() == 2) {
			return CommandRules.refusal("ERR wrong number of arguments for 'client|maint_notifications' command");
		}
		MovingEndpointType type = (command.size() == 3) ? DEFAULT_TYPE : type(command);
		return switch (command.text(2).toUpperCase(Locale.ROOT)) {
			case "ON" -> {
				if (type == null) {
					yield syntaxError();
				}
				yield resp3 ? granted(note + type)
						: CommandRules.refusal("ERR maintenance notifications are only supported with RESP3");
			}
			case "OFF" -> (type != null) ? granted(note) : syntaxError();
			default -> syntaxError();
		};
	}

	private static @Nullable MovingEndpointType type(RespCommand command) {
		boolean valid = command.size() == 5 && command.text(3).equalsIgnoreCase(OPTION);
		return valid ? MovingEndpointType.find(command.text(4)) : null;
	}

	private static RespCommand syntaxError() {
		return CommandRules.refusal("ERR syntax error");
	}

	private RespCommand granted(String note) {
		return RespCommand.of("EVAL", "return redis.status_reply(ARGV[1])", "0", this.marker + note);
	}

}
