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
 * Counters of an {@link AzureRedisEmulator} at one moment. All of them count from the
 * start of the emulator and never go down, except {@link #connectionsOpen()} and
 * {@link #connectionsNotified()}.
 *
 * @param connectionsOpened TCP connections accepted, whether or not a TLS handshake or an
 * authentication followed; at the ports of a cluster's nodes those that have sent
 * something
 * @param connectionsClosedForExpiry connections closed because their token had expired
 * @param connectionsOpen connections open now
 * @param handshakesAccepted accepted {@code AUTH} and {@code HELLO ... AUTH} on
 * connections that were not authenticated
 * @param reauthenticationsAccepted accepted {@code AUTH} and {@code HELLO ... AUTH} on
 * connections that were authenticated already
 * @param authenticationsRefused refused {@code AUTH} and {@code HELLO ... AUTH}, also
 * those of a RESP2 connection with subscriptions
 * @param tokensIssued answers that carried a token, also those that repeated the last one
 * @param tokenRequests requests for a token, by credential or over HTTP, answered or not
 * @param tokenRequestsFailed requests for a token that were answered with an error
 * @param connectionsNotified connections open now that have asked for maintenance
 * notifications
 * @param notificationsSent maintenance notifications sent, each connection counted
 * @since 0.1.0
 * @see AzureRedisEmulator#statistics()
 */
public record EmulatorStatistics(long connectionsOpened, long connectionsClosedForExpiry, long connectionsOpen,
		long handshakesAccepted, long reauthenticationsAccepted, long authenticationsRefused, long tokensIssued,
		long tokenRequests, long tokenRequestsFailed, long connectionsNotified, long notificationsSent) {

}
