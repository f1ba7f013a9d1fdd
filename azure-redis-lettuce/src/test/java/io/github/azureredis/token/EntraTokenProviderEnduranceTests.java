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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.azure.core.credential.AccessToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntraTokenProvider} over thirty days with a credential and a clock
 * that fail in random ways.
 */
@Tag("slow")
class EntraTokenProviderEnduranceTests {

	private static final Duration STEP = Duration.ofSeconds(10);

	/**
	 * One request may hang for 15 seconds. The next one is at most 2 minutes away, and
	 * the next look at the clock 1 minute.
	 */
	private static final Duration RECOVERY = Duration.ofSeconds(195);

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.azureredis.token");

	private final VirtualTime time = new VirtualTime();

	private final TestCredential credential = new TestCredential(this.time, Duration.ofHours(1));

	private final List<Duration> requests = new ArrayList<>();

	private final Map<String, AccessToken> issued = new HashMap<>();

	private final Map<String, Duration> ends = new HashMap<>();

	private EntraToken latest;

	@BeforeEach
	void switchLogOff() {
		this.logger.setLevel(Level.OFF);
	}

	@AfterEach
	void restoreLog() {
		this.logger.setLevel(null);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 20261121 })
	void whenEverythingFailsForThirtyDaysThenRenewalRecovers(long seed) {
		Random random = new Random(seed);
		List<Supplier<Mono<AccessToken>>> faults = faults(random);
		Duration life = life(random);
		answer(() -> Mono.just(issue(life)));
		EntraTokenProvider provider = this.time.provider(this.credential);
		int moves = 0;
		while (this.time.elapsed().compareTo(Duration.ofDays(30)) < 0) {
			answer(faults.get(random.nextInt(faults.size())));
			pass(provider, Duration.ofMinutes(random.nextInt(90)), false);
			if (random.nextInt(3) == 0) {
				this.time.moveClock(Duration.ofMinutes(random.nextInt(-600, 600)));
				moves++;
				pass(provider, Duration.ofMinutes(random.nextInt(90)), false);
			}
			Duration healthyLife = life(random);
			answer(() -> Mono.just(issue(healthyLife)));
			pass(provider, RECOVERY, false);
			pass(provider, Duration.ofMinutes(random.nextInt(180)), true);
		}
		assertThat(this.credential.mostUnderWay).isEqualTo(1);
		// After a move of the clock, a request may be early once.
		assertThat(gaps()).filteredOn((gap) -> gap.compareTo(Duration.ofMillis(400)) < 0)
			.hasSizeLessThanOrEqualTo(moves);
		assertThat(this.requests).hasSizeBetween(1000, 60_000);
	}

	private List<Supplier<Mono<AccessToken>>> faults(Random random) {
		return List.of(() -> Mono.error(new IllegalStateException("failed")), this.credential::hang, () -> {
			throw new NoClassDefFoundError("thrown");
		}, () -> Mono.error(new StackOverflowError()), () -> null, Mono::empty, this::same,
				() -> Mono.just(issue(Duration.ofSeconds(-random.nextInt(600)))),
				() -> Mono.just(issue(Duration.ofSeconds(random.nextInt(1, 30)))));
	}

	private static Duration life(Random random) {
		return switch (random.nextInt(6)) {
			case 0 -> Duration.ofSeconds(20);
			case 1 -> Duration.ofMinutes(10);
			case 2 -> Duration.ofHours(24);
			default -> Duration.ofMinutes(60 + random.nextInt(30));
		};
	}

	private void answer(Supplier<Mono<AccessToken>> answer) {
		this.credential.behaviour = () -> {
			this.requests.add(this.time.elapsed());
			return answer.get();
		};
	}

	private AccessToken issue(Duration life) {
		AccessToken token = new AccessToken("secret-" + this.issued.size(),
				this.time.instant().plus(life).atOffset(ZoneOffset.UTC));
		this.issued.put(token.getToken(), token);
		this.ends.put(token.getToken(), this.time.elapsed().plus(life));
		return token;
	}

	private Mono<AccessToken> same() {
		return (this.latest != null) ? Mono.just(this.issued.get(this.latest.getValue())) : Mono.empty();
	}

	private void pass(EntraTokenProvider provider, Duration duration, boolean healthy) {
		Duration end = this.time.elapsed().plus(duration);
		while (this.time.elapsed().compareTo(end) < 0) {
			this.time.pass(STEP);
			boolean valid = checkCurrentToken(provider);
			if (healthy && !valid) {
				// Between a token that lives long and one that does not.
				this.time.pass(Duration.ofSeconds(3));
				assertThat(checkCurrentToken(provider)).as("at %s", this.time.elapsed()).isTrue();
			}
		}
	}

	private boolean checkCurrentToken(EntraTokenProvider provider) {
		EntraToken token = provider.currentToken();
		if (token != null) {
			this.latest = token;
			assertThat(this.time.instant()).isBefore(token.getExpiresAt());
			assertThat(this.time.elapsed()).isLessThan(this.ends.get(token.getValue()));
		}
		return token != null;
	}

	private List<Duration> gaps() {
		List<Duration> gaps = new ArrayList<>();
		for (int i = 1; i < this.requests.size(); i++) {
			gaps.add(this.requests.get(i).minus(this.requests.get(i - 1)));
		}
		return gaps;
	}

}
