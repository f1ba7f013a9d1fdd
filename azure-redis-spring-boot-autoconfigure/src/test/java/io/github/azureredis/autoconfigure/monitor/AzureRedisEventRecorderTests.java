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
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Event;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.EventType;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Totals;
import io.github.azureredis.lettuce.ReauthenticationFixtures;
import io.github.azureredis.token.TokenFixtures;
import io.github.azureredis.token.TokenRenewalFailedEvent;
import io.github.azureredis.token.TokenRenewedEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link AzureRedisEventRecorder}.
 */
class AzureRedisEventRecorderTests {

	private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

	private final AtomicReference<Instant> now = new AtomicReference<>(START);

	private final CountedRenewals countedRenewals = new CountedRenewals();

	private final AzureRedisEventRecorder recorder = new AzureRedisEventRecorder(this.countedRenewals, new Clock() {

		@Override
		public Instant instant() {
			return AzureRedisEventRecorderTests.this.now.get();
		}

		@Override
		public ZoneId getZone() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}, () -> Duration.between(START, this.now.get()).toNanos());

	@Test
	void whenNothingHasHappenedThenThereIsNothing() {
		assertTotals(new Totals(0, Duration.ZERO, 0, Duration.ZERO, 0, 0));
		assertThat(this.recorder.recording().propagationTime()).isNull();
		assertThat(this.recorder.recording().events()).isEmpty();
	}

	@Test
	void whenThingsHappenThenTheyAreCountedWithTheirTimes() {
		renewed(60, Duration.ofMillis(200));
		renewed(120, Duration.ofMillis(300));
		failed(START, "down", Duration.ofSeconds(15));
		reauthenticated(60);
		reauthenticated(60);
		refused(60, "WRONGPASS");
		assertTotals(new Totals(2, Duration.ofMillis(500), 1, Duration.ofSeconds(15), 2, 1));
	}

	@Test
	void whenAnOutageHasManyFailuresThenTheyAreOneEventWithTheLatestReason() {
		failed(START, "down", Duration.ZERO);
		pass(Duration.ofMinutes(2));
		failed(START, "still down", Duration.ZERO);
		assertThat(this.recorder.recording().events()).usingRecursiveFieldByFieldElementComparator()
			.containsExactly(new Event(EventType.TOKEN_RENEWAL_FAILED, "still down", 2, START,
					START.plus(Duration.ofMinutes(2))));
	}

	@Test
	void whenThereAreTwoOutagesThenTheyAreTwoEvents() {
		failed(START, "down", Duration.ZERO);
		failed(START.plusSeconds(1), "down", Duration.ZERO);
		assertThat(this.recorder.recording().events()).hasSize(2);
	}

	@Test
	void whenRenewalReachesAThousandConnectionsThenOlderEventsAreKept() {
		renewed(60, Duration.ZERO);
		for (int i = 0; i < 1000; i++) {
			reauthenticated(60);
			refused(30, "WRONGPASS");
		}
		assertThat(this.recorder.recording().events()).extracting(Event::getType, Event::getCount)
			.containsExactly(tuple(EventType.TOKEN_RENEWED, 1), tuple(EventType.CONNECTION_REAUTHENTICATED, 1000),
					tuple(EventType.CONNECTION_REAUTHENTICATION_FAILED, 1000));
	}

	@Test
	void whenThereAreManyEventsThenTheLastOnesAreKept() {
		for (int minute = 1; minute <= 60; minute++) {
			renewed(minute, Duration.ZERO);
		}
		assertThat(this.recorder.recording().events()).hasSize(AzureRedisEventRecorder.CAPACITY);
		assertThat(this.recorder.recording().events().get(0).getDescription()).contains("T12:11:00Z");
		assertThat(this.recorder.recording().events().get(49).getDescription()).contains("T13:00:00Z");
	}

	@Test
	void whenConnectionsAreReauthenticatedThenTheLastOneTellsThePropagationTime() {
		renewed(60, Duration.ZERO);
		pass(Duration.ofSeconds(1));
		reauthenticated(60);
		pass(Duration.ofSeconds(3));
		reauthenticated(60);
		assertThat(this.recorder.recording().propagationTime()).isEqualTo(Duration.ofSeconds(4));
	}

	@Test
	void whenInstancesShareATokenThenItsRenewalsAreInOneTotalAndInTheEventsOfAll() {
		AzureRedisEventRecorder other = new AzureRedisEventRecorder(this.countedRenewals);
		TokenRenewedEvent renewed = TokenFixtures.renewed(at(60), Duration.ofMillis(200));
		TokenRenewalFailedEvent failed = TokenFixtures.renewalFailed(new IllegalStateException("down"), START,
				Duration.ofSeconds(15));
		for (AzureRedisEventRecorder each : List.of(this.recorder, other)) {
			each.onTokenRenewed(renewed);
			each.onTokenRenewalFailed(failed);
			assertThat(each.recording().events()).extracting(Event::getType)
				.containsExactly(EventType.TOKEN_RENEWED, EventType.TOKEN_RENEWAL_FAILED);
		}
		assertTotals(new Totals(1, Duration.ofMillis(200), 1, Duration.ofSeconds(15), 0, 0));
		assertThat(other.recording().totals()).usingRecursiveComparison()
			.isEqualTo(new Totals(0, Duration.ZERO, 0, Duration.ZERO, 0, 0));
		other.onTokenRenewed(TokenFixtures.renewed(at(60), Duration.ofMillis(300)));
		assertThat(other.recording().totals().getRenewals()).isOne();
	}

	@Test
	void whenTokenIsRenewedThenPropagationBeginsAnew() {
		renewed(60, Duration.ZERO);
		reauthenticated(60);
		renewed(120, Duration.ZERO);
		assertThat(this.recorder.recording().propagationTime()).isNull();
		reauthenticated(60);
		assertThat(this.recorder.recording().propagationTime()).isNull();
		pass(Duration.ofSeconds(2));
		reauthenticated(120);
		assertThat(this.recorder.recording().propagationTime()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void whenReasonsHoldATokenThenItIsLeftOut() {
		String token = "eyJhbGciOiJub25lIn0.eyJvaWQiOiJtZSJ9.c2ln";
		failed(START, "refused " + token, Duration.ZERO);
		refused(60, "ERR unknown command 'AUTH', with args beginning with: 'me' '" + token.substring(0, 30));
		assertThat(this.recorder.recording().events().toString()).doesNotContain("eyJ")
			.contains("refused (token)", "ERR unknown command 'AUTH', with args beginning with: 'me' '(token)");
	}

	private void assertTotals(Totals expected) {
		assertThat(this.recorder.recording().totals()).usingRecursiveComparison().isEqualTo(expected);
	}

	private void pass(Duration time) {
		this.now.set(this.now.get().plus(time));
	}

	private void renewed(int minutes, Duration took) {
		this.recorder.onTokenRenewed(TokenFixtures.renewed(at(minutes), took));
	}

	private void failed(Instant since, String reason, Duration took) {
		this.recorder.onTokenRenewalFailed(TokenFixtures.renewalFailed(new IllegalStateException(reason), since, took));
	}

	private void reauthenticated(int minutes) {
		this.recorder.onReauthenticated(ReauthenticationFixtures.reauthenticated(null, null, at(minutes)));
	}

	private void refused(int minutes, String reason) {
		this.recorder.onReauthenticationFailed(ReauthenticationFixtures.reauthenticationFailed(null, null,
				new IllegalStateException(reason), at(minutes)));
	}

	private static Instant at(int minutes) {
		return START.plus(Duration.ofMinutes(minutes));
	}

}
