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

package io.github.azureredis.lettuce;

import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;

/**
 * Listener for commands that the server answers with an error. It is called on the event
 * loop of the connection, and must not block. It is not called for optional commands of
 * the handshake, such as {@code CLIENT MAINT_NOTIFICATIONS}.
 *
 * @since 0.1.0
 */
public interface CommandFailureListener {

	/**
	 * Called when the server has answered with an error.
	 * @param command the type of the command
	 * @param error the error, as in {@code ERR unknown command}
	 */
	void onCommandFailed(ProtocolKeyword command, String error);

	/**
	 * Return whether to listen to a command that is about to be sent. Others cost
	 * nothing.
	 * @param command the command
	 * @return whether to listen, {@code true} by default
	 */
	default boolean supports(RedisCommand<?, ?, ?> command) {
		return true;
	}

}
