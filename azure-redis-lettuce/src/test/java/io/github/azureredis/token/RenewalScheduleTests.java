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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RenewalSchedule}.
 */
class RenewalScheduleTests {

	private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

	private static final double ALMOST_ONE = Math.nextDown(1.0);

	private final RenewalSchedule schedule = new RenewalSchedule(Duration.ofMinutes(5));

	@ParameterizedTest(name = "{0}: life {1}, received {2} after issue -> {3} to {4}")
	@CsvSource({ "user token 60 min, PT60M, PT0S, PT55M, PT55M30S", "user token 90 min, PT90M, PT0S, PT85M, PT85M30S",
			"service principal from its cache, PT60M, PT50M, PT5M, PT5M30S",
			"just above four margins, PT20M1S, PT0S, PT15M1S, PT15M31S",
			"just below four margins, PT19M56S, PT0S, PT14M57S, PT15M27S",
			"managed identity 24 h at half life, PT24H, PT0S, PT12H, PT12H30S",
			"managed identity received after half life, PT24H, PT13H, PT10H55M, PT10H55M30S",
			"two hours are not long, PT2H, PT0S, PT115M, PT115M30S", "minutes, PT8M, PT0S, PT6M, PT6M12S",
			"twelve seconds, PT12S, PT0S, PT9S, PT9.3S", "three seconds, PT3S, PT0S, PT2.25S, PT2.325S",
			"one second, PT1S, PT0S, PT0.75S, PT0.775S", "received within the margin, PT60M, PT58M, PT2S, PT28S",
			"received at its end, PT60M, PT59M59.9S, PT0.5S, PT28S" })
	void whenRenewedThenWaitsUntilDue(String name, Duration life, Duration age, Duration least, Duration most) {
		EntraToken token = token(NOW.minus(age), life);
		assertThat(this.schedule.afterRenewal(token, NOW, 0)).isEqualTo(least);
		assertThat(this.schedule.afterRenewal(token, NOW, ALMOST_ONE)).isBetween(least, most);
	}

	@Test
	void whenMarginIsLongerThanLifeThenQuarterOfLifeIsUsed() {
		RenewalSchedule schedule = new RenewalSchedule(Duration.ofHours(3));
		assertThat(schedule.afterRenewal(token(NOW, Duration.ofHours(1)), NOW, 0)).isEqualTo(Duration.ofMinutes(45));
	}

	@Test
	void whenClockHasMovedForwardThenWaitShrinks() {
		EntraToken token = token(NOW, Duration.ofHours(1));
		assertThat(this.schedule.afterRenewal(token, NOW.plusSeconds(1800), 0)).isEqualTo(Duration.ofMinutes(25));
	}

	@Test
	void whenClockHasMovedBackThenWaitGrowsWithIt() {
		EntraToken token = token(NOW, Duration.ofHours(1));
		assertThat(this.schedule.afterRenewal(token, NOW.minusSeconds(600), 0)).isEqualTo(Duration.ofMinutes(65));
	}

	@ParameterizedTest(name = "life {0}, age {1} -> {2}")
	@CsvSource({ "PT24H, PT12H, PT5H57M30S", "PT24H, PT23H50M, PT5M", "PT60M, PT55M, PT30S", "PT60M, PT58M, PT24S",
			"PT60M, PT59M50S, PT2S", "PT12S, PT9S, PT2S", "PT12S, PT11.9S, PT2S", "PT60M, PT61M, PT2S" })
	void whenSameTokenThenAsksAgainWithoutHurry(Duration life, Duration age, Duration wait) {
		assertThat(this.schedule.afterSameToken(token(NOW.minus(age), life), NOW)).isEqualTo(wait);
	}

	@ParameterizedTest(name = "failing for {0}, {1} left -> {2}")
	@CsvSource({ "PT0S, PT5M, PT1S", "PT16S, PT5M, PT2S", "PT2M, PT3M, PT15S", "PT4M, PT1M, PT6S", "PT4M, PT1S, PT1S",
			"PT10H, PT12H, PT2M", "PT25S, PT0S, PT3.125S", "PT25S, PT-1H, PT3.125S", "PT16M, PT0S, PT2M",
			"PT240H, PT0S, PT2M" })
	void whenFailedThenBacksOffInProportionToTheOutage(Duration failingFor, Duration remaining, Duration longest) {
		assertThat(this.schedule.afterFailure(failingFor, remaining, 0)).isEqualTo(longest);
		assertThat(this.schedule.afterFailure(failingFor, remaining, ALMOST_ONE))
			.isBetween(longest.multipliedBy(4).dividedBy(5), longest);
	}

	private static EntraToken token(Instant issuedAt, Duration life) {
		return new EntraToken("secret", issuedAt, issuedAt.plus(life), null, RenewalClock.system());
	}

}
