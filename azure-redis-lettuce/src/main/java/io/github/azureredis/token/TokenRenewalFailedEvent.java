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

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A request for a token has failed. It will be tried again, for as long as it takes.
 *
 * @param credentialName the simple class name of the credential
 * @param cause why it failed
 * @param failures how many requests have failed in a row
 * @param failingSince when the first of them failed
 * @param currentExpiresAt when the token in use ends or ended, {@code null} if there has
 * been none
 * @param took how long the request took to fail
 * @since 0.1.0
 */
public record TokenRenewalFailedEvent(String credentialName, Throwable cause, int failures, Instant failingSince,
		@Nullable Instant currentExpiresAt, Duration took) {

	/**
	 * Why it failed: the messages of the cause and its causes, a line each; with a chain
	 * of credentials, a line or more for each link.
	 * @return the reasons
	 */
	public List<String> reasons() {
		return FailureReasons.of(this.cause);
	}

}
