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

/**
 * Policy for commands that have been sent and have no reply when their connection is
 * lost. The server may or may not have run them. Commands that have not been sent yet
 * always go to the next connection.
 *
 * @since 0.1.0
 */
public enum ReplayPolicy {

	/**
	 * Send all of them again, as Lettuce does by itself. A command such as {@code INCR}
	 * may run twice.
	 */
	ALL,

	/**
	 * Send those again that do no harm if they run twice, such as {@code GET} and
	 * {@code SET}. The others fail with a {@link CommandOutcomeUnknownException}.
	 */
	IDEMPOTENT,

	/**
	 * Send none of them again. All fail with a {@link CommandOutcomeUnknownException}.
	 */
	NONE

}
