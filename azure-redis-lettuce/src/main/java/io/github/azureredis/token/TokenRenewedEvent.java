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

import org.jspecify.annotations.Nullable;

/**
 * A token has been obtained: the first one, or one that lives longer than its
 * predecessor.
 *
 * @param credentialName the simple class name of the credential
 * @param objectId the identity that the token speaks for, {@code null} if it does not
 * tell
 * @param expiresAt when the token ends
 * @param previousExpiresAt when the token before it ends or ended, {@code null} for the
 * first
 * @param took how long the credential took to answer
 * @since 0.1.0
 */
public record TokenRenewedEvent(String credentialName, @Nullable String objectId, Instant expiresAt,
		@Nullable Instant previousExpiresAt, Duration took) {

}
