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

package io.github.azureredis.lettuce.replay;

import java.util.Locale;

import io.lettuce.core.RedisException;

/**
 * Exception thrown when a connection is lost before the reply to a command, and the
 * {@link ReplayPolicy} does not let the command be sent again. The server may or may not
 * have run it.
 *
 * @since 0.1.0
 */
public final class CommandOutcomeUnknownException extends RedisException {

	private static final long serialVersionUID = 1L;

	private final String command;

	CommandOutcomeUnknownException(String command, ReplayPolicy policy) {
		super("The connection was lost before the reply to " + command
				+ ", and it is unknown whether the command has run. It is not sent again, since 'azure.redis.replay' is '"
				+ policy.name().toLowerCase(Locale.ROOT)
				+ "'. Read what it would have changed before you repeat it. Set the property to "
				+ ((policy == ReplayPolicy.NONE) ? "'idempotent' or 'all'" : "'all'")
				+ " if the command may run twice");
		this.command = command;
	}

	/**
	 * Return the name of the command.
	 * @return the name in upper case, without arguments, with the subcommand if it has
	 * one
	 */
	public String getCommand() {
		return this.command;
	}

}
