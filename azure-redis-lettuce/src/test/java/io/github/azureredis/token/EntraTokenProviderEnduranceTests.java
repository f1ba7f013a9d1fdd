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
import java.util.Random;
import java.util.function.Supplier;

import com.azure.core.credential.AccessToken;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thirty days in the life of an {@link EntraTokenProvider} whose credential does anything
 * but work, in random order.
 */
class EntraTokenProviderEnduranceTests {

	private static final Duration STEP = Duration.ofSeconds(10);

	private final VirtualTime time = new VirtualTime();

	private final TestCredential credential = new TestCredential(this.time, Duration.ofHours(1));

	private AccessToken lastIssued;

	@Test
	void whenCredentialMisbehavesForThirtyDaysThenRenewalNeverEnds() {
		long seed = new Random().nextLong();
		System.out.println("Seed " + seed);
		Random random = new Random(seed);
		List<Supplier<Mono<AccessToken>>> faults = List.of(() -> Mono.error(new IllegalStateException("failed")),
				this.credential::hang, () -> {
					throw new NoClassDefFoundError("thrown");
				}, () -> Mono.error(new StackOverflowError()), () -> null, Mono::empty,
				() -> Mono.just(this.lastIssued),
				() -> Mono.just(new AccessToken("early",
						this.time.instant()
							.plusSeconds(random.nextInt(600) - 300)
							.atOffset(java.time.ZoneOffset.UTC))));
		Supplier<Mono<AccessToken>> healthy = () -> {
			this.lastIssued = this.credential.issue(Duration.ofMinutes(60 + random.nextInt(30)));
			return Mono.just(this.lastIssued);
		};
		this.credential.behaviour = healthy;
		EntraTokenProvider provider = this.time.provider(this.credential);
		Instant end = this.time.instant().plus(Duration.ofDays(30));
		int outages = 0;
		while (this.time.instant().isBefore(end)) {
			this.credential.behaviour = faults.get(random.nextInt(faults.size()));
			passChecking(provider, Duration.ofMinutes(random.nextInt(180)));
			this.credential.behaviour = healthy;
			// One request may hang for 15 seconds, and the next is at most 2 minutes
			// away.
			this.time.pass(Duration.ofSeconds(135));
			assertThat(provider.currentToken()).as("seed %d, after outage %d", seed, ++outages).isNotNull();
			passChecking(provider, Duration.ofMinutes(random.nextInt(180)));
			assertThat(provider.currentToken()).as("seed %d, healthy", seed).isNotNull();
		}
		assertThat(this.credential.mostUnderWay).isEqualTo(1);
		for (int i = 1; i < this.credential.askedAt.size(); i++) {
			assertThat(Duration.between(this.credential.askedAt.get(i - 1), this.credential.askedAt.get(i)))
				.as("seed %d, request %d", seed, i)
				.isGreaterThanOrEqualTo(Duration.ofMillis(400));
		}
		assertThat(outages).isGreaterThan(100);
	}

	private void passChecking(EntraTokenProvider provider, Duration duration) {
		for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(STEP)) {
			this.time.pass(STEP);
			EntraToken token = provider.currentToken();
			assertThat(token == null || this.time.instant().isBefore(token.getExpiresAt())).isTrue();
		}
	}

}
