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

/**
 * Is told of each re-authentication of a connection. Called on the connection's event
 * loop: an implementation returns at once and leaves work to another thread. What it
 * throws is logged and otherwise ignored.
 *
 * @since 0.1.0
 */
public interface ReauthenticationListener {

	/**
	 * A connection has been authenticated with a new token.
	 * @param event what is known of it
	 */
	default void onReauthenticated(ConnectionReauthenticatedEvent event) {
	}

	/**
	 * A connection could not be authenticated with a new token.
	 * @param event what is known of it
	 */
	default void onReauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
	}

}
