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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An open client connection of an {@link AzureRedisEmulator} at one moment.
 *
 * @param id number of the connection, unique within its emulator
 * @param port port that the client is connected to: that of the emulator, or that of a
 * node of its cluster
 * @param objectId object id that the connection is authenticated as, {@code default} for
 * an access key, or {@code null} while it is not authenticated
 * @param tokenExpiresAt when the last accepted token expires, or {@code null} while the
 * connection is not authenticated or uses an access key
 * @param authentications accepted {@code AUTH} and {@code HELLO ... AUTH}, including the
 * first one and those before a {@code RESET}
 * @param openedAt when the connection was accepted
 * @param movingEndpointType type of endpoint that it has asked maintenance notifications
 * for, such as {@code none}, or {@code null} if it gets none
 * @since 0.1.0
 * @see AzureRedisEmulator#connections()
 */
public record EmulatorConnection(long id, int port, @Nullable String objectId, @Nullable Instant tokenExpiresAt,
		int authentications, Instant openedAt, @Nullable String movingEndpointType) {

}
