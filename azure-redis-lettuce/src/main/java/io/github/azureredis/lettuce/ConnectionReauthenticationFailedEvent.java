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

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A live connection could not be authenticated with a new token. It stays open with the
 * old one until that ends, and re-authentication is tried again.
 *
 * @param localAddress the client's end of the connection
 * @param remoteAddress the server's end of the connection
 * @param cause why it failed
 * @param failures how many attempts have failed in a row on this connection
 * @param currentExpiresAt when the token ends that the connection still uses,
 * {@code null} if that is not known
 * @param retryAfter when it will be tried again
 * @since 0.1.0
 */
public record ConnectionReauthenticationFailedEvent(@Nullable SocketAddress localAddress,
		@Nullable SocketAddress remoteAddress, Throwable cause, int failures, @Nullable Instant currentExpiresAt,
		Duration retryAfter) {

}
