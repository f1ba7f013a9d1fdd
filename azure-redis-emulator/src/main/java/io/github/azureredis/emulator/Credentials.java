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
 * The credentials in an {@code AUTH} or a {@code HELLO ... AUTH}.
 */
final class Credentials {

	private static final int NO_USER = -1;

	private final RespCommand command;

	private final int userIndex;

	private final int passwordIndex;

	private Credentials(RespCommand command, int userIndex, int passwordIndex) {
		this.command = command;
		this.userIndex = userIndex;
		this.passwordIndex = passwordIndex;
	}

	/**
	 * Returns the credentials in a command, or {@code null} if there are none.
	 */
	static @Nullable Credentials in(RespCommand command) {
		if (command.name().equals("AUTH")) {
			return switch (command.size()) {
				case 2 -> new Credentials(command, NO_USER, 1);
				case 3 -> new Credentials(command, 1, 2);
				default -> null;
			};
		}
		int option = 2;
		while (option < command.size()) {
			switch (command.text(option).toUpperCase(Locale.ROOT)) {
				case "AUTH" -> {
					return (option + 2 < command.size()) ? new Credentials(command, option + 1, option + 2) : null;
				}
				case "SETNAME" -> option += 2;
				default -> {
					return null;
				}
			}
		}
		return null;
	}

	String user() {
		return (this.userIndex == NO_USER) ? Identities.ACCESS_KEY_USER : this.command.text(this.userIndex);
	}

	String password() {
		return this.command.text(this.passwordIndex);
	}

	/**
	 * Returns the command with another password.
	 */
	RespCommand withPassword(String password) {
		return this.command.with(this.passwordIndex, password);
	}

}
