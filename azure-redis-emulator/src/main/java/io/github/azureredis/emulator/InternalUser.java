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

/**
 * The user by which the emulator itself, and a replica of a cluster, is known to the
 * Redis servers. No client has its secret.
 */
final class InternalUser {

	static final String NAME = "azure-redis-emulator";

	private final String secret = Secrets.random();

	String secret() {
		return this.secret;
	}

	/**
	 * Returns the line that a server's configuration needs for this.
	 */
	String configuration() {
		return "user " + NAME + " on >" + this.secret + " ~* &* +@all";
	}

	RespCommand authentication() {
		return RespCommand.of("AUTH", NAME, this.secret);
	}

}
