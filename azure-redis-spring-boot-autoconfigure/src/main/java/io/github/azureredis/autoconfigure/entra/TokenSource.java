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

package io.github.azureredis.autoconfigure.entra;

import io.github.azureredis.token.EntraTokenProvider;

/**
 * Source of the token provider for one instance.
 */
interface TokenSource {

	/**
	 * Return the token provider for the connections of the application.
	 * @return the token provider
	 */
	EntraTokenProvider get();

	/**
	 * Return the token provider for a single connection.
	 * @return the token provider
	 */
	EntraTokenProvider borrow();

	/**
	 * Close the token provider if it has only been borrowed.
	 */
	void release();

	/**
	 * Return where the credential comes from.
	 * @return a short description
	 */
	String origin();

}
