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
 * A live connection has been authenticated with a new token.
 *
 * @param localAddress the client's end of the connection
 * @param remoteAddress the server's end of the connection
 * @param expiresAt when the new token ends
 * @param took the time from sending AUTH to its reply; includes the commands before it
 * @since 0.1.0
 */
public record ConnectionReauthenticatedEvent(@Nullable SocketAddress localAddress,
		@Nullable SocketAddress remoteAddress, Instant expiresAt, Duration took) {

}
