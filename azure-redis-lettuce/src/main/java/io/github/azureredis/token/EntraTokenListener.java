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

package io.github.azureredis.token;

/**
 * Listener for the renewal of tokens. Called on the thread that renews them: an
 * implementation must return quickly, must not block and may be called until shortly
 * after it has been removed. An exception that it throws is logged and otherwise ignored.
 *
 * @since 0.1.0
 */
public interface EntraTokenListener {

	/**
	 * Called when a new token has been obtained.
	 * @param event the event
	 */
	default void onTokenRenewed(TokenRenewedEvent event) {
	}

	/**
	 * Called when a request for a token has failed.
	 * @param event the event
	 */
	default void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
	}

}
