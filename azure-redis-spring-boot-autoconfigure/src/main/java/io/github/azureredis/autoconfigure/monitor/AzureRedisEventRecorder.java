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

package io.github.azureredis.autoconfigure.monitor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.github.azureredis.autoconfigure.maintenance.AzureRedisMaintenanceEvent;
import io.github.azureredis.autoconfigure.maintenance.MaintenanceEventListener;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Event;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Totals;
import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.ConnectionReauthenticationFailedEvent;
import io.github.azureredis.lettuce.ReauthenticationListener;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.TokenRenewalFailedEvent;
import io.github.azureredis.token.TokenRenewedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Recorder for events of tokens, connections and maintenance: it counts all of them and
 * keeps the last ones. It listens to their sources and not to
 * {@link AzureRedisEventPublisher}, which drops events if listeners of the application
 * are slow. Thread-safe.
 */
final class AzureRedisEventRecorder
		implements EntraTokenListener, ReauthenticationListener, MaintenanceEventListener, DefaultInstanceOnly {

	static final int CAPACITY = 50;

	private final CountedRenewals countedRenewals;

	private final Clock clock;

	private final LongSupplier nanoTime;

	/**
	 * What belongs together, such as a renewal that reaches a thousand connections or an
	 * outage with its retries, is one event, so that it does not push out all others.
	 */
	private final Map<Key, Event> events = new LinkedHashMap<>();

	private long renewals;

	private Duration renewalTime = Duration.ZERO;

	private long failedRenewals;

	private Duration failedRenewalTime = Duration.ZERO;

	private long reauthentications;

	private long failedReauthentications;

	private @Nullable Instant latestExpiresAt;

	private long renewedAt;

	private @Nullable Duration propagationTime;

	AzureRedisEventRecorder(CountedRenewals countedRenewals) {
		this(countedRenewals, Clock.systemUTC(), System::nanoTime);
	}

	AzureRedisEventRecorder(CountedRenewals countedRenewals, Clock clock, LongSupplier nanoTime) {
		this.countedRenewals = countedRenewals;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	@Override
	public synchronized void onTokenRenewed(TokenRenewedEvent event) {
		if (this.countedRenewals.count(event)) {
			this.renewals++;
			this.renewalTime = this.renewalTime.plus(event.getDuration());
		}
		this.latestExpiresAt = event.getExpiresAt();
		this.renewedAt = this.nanoTime.getAsLong();
		this.propagationTime = null;
		remember(EventType.TOKEN_RENEWED, event.getExpiresAt(), "The token lasts until " + event.getExpiresAt());
	}

	@Override
	public synchronized void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
		if (this.countedRenewals.count(event)) {
			this.failedRenewals++;
			this.failedRenewalTime = this.failedRenewalTime.plus(event.getDuration());
		}
		remember(EventType.TOKEN_RENEWAL_FAILED, event.getFailingSince(), String.join("; ", event.getReasons()));
	}

	@Override
	public synchronized void onReauthenticated(ConnectionReauthenticatedEvent event) {
		this.reauthentications++;
		if (event.getExpiresAt().equals(this.latestExpiresAt)) {
			this.propagationTime = Duration.ofNanos(this.nanoTime.getAsLong() - this.renewedAt);
		}
		remember(EventType.CONNECTION_REAUTHENTICATED, event.getExpiresAt(),
				"With the token that lasts until " + event.getExpiresAt());
	}

	@Override
	public synchronized void onReauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		this.failedReauthentications++;
		remember(EventType.CONNECTION_REAUTHENTICATION_FAILED, event.getCurrentExpiresAt(),
				String.join("; ", event.getReasons()));
	}

	@Override
	public synchronized void onMaintenance(AzureRedisMaintenanceEvent event) {
		remember(EventType.MAINTENANCE_ANNOUNCED, event.getMessage(), event.getMessage());
	}

	synchronized Recording recording() {
		Totals totals = new Totals(this.renewals, this.renewalTime, this.failedRenewals, this.failedRenewalTime,
				this.reauthentications, this.failedReauthentications);
		return new Recording(totals, this.propagationTime, List.copyOf(this.events.values()));
	}

	private void remember(EventType type, @Nullable Object subject, String description) {
		Key key = new Key(type, subject);
		Instant now = this.clock.instant();
		Event earlier = this.events.remove(key);
		this.events.put(key,
				(earlier != null) ? new Event(type, description, earlier.getCount() + 1, earlier.getFirstAt(), now)
						: new Event(type, description, 1, now, now));
		if (this.events.size() > CAPACITY) {
			Iterator<Key> keys = this.events.keySet().iterator();
			keys.next();
			keys.remove();
		}
	}

	/**
	 * Record until one moment.
	 *
	 * @param totals the totals
	 * @param propagationTime the time from the last renewal to the last re-authentication
	 * @param events the last events
	 */
	record Recording(Totals totals, @Nullable Duration propagationTime, List<Event> events) {

	}

	/**
	 * Key of an event.
	 *
	 * @param type the type
	 * @param subject the time of the token or the outage that the event belongs to, or
	 * the message
	 */
	private record Key(EventType type, @Nullable Object subject) {

	}

}
