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
 * Listener for re-authentications of connections. Called on the event loop of the
 * connection: an implementation returns at once and leaves work to another thread. What
 * it throws is logged and otherwise ignored.
 *
 * @since 0.1.0
 */
public interface ReauthenticationListener {

	/**
	 * Called when a connection has been authenticated with a new token.
	 * @param event the event
	 */
	default void onReauthenticated(ConnectionReauthenticatedEvent event) {
	}

	/**
	 * Called when a connection could not be authenticated with a new token.
	 * @param event the event
	 */
	default void onReauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
	}

}
