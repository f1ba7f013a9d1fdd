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

package io.github.azureredis.autoconfigure.actuate;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.azureredis.autoconfigure.AzureRedisClusteringPolicy;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.AuthenticationMethod;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link AzureRedisHealthCheck}, in virtual time.
 */
class AzureRedisHealthCheckTests {

	private final StubMonitor monitor = new StubMonitor();

	private final AtomicInteger pings = new AtomicInteger();

	@Test
	void whenPingIsAnsweredThenUpWithWhatIsKnown() {
		this.monitor.clusteringPolicy = AzureRedisClusteringPolicy.ENTERPRISE;
		this.monitor.tokenEndsIn(Duration.ofMinutes(30));
		Health health = health(Mono.just("PONG"));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsExactly(entry("endpoint", "my-cache.westeurope.redis.azure.net:10000"),
				entry("clusteringPolicy", AzureRedisClusteringPolicy.ENTERPRISE),
				entry("authentication", AuthenticationMethod.TOKEN), entry("user", "object-id"),
				entry("tokenRenewedAt", StubMonitor.NOW.minus(Duration.ofMinutes(30))),
				entry("tokenExpiresAt", StubMonitor.NOW.plus(Duration.ofMinutes(30))));
	}

	@Test
	void whenInstanceHasAnotherClusteringPolicyThenDetailsSaySo() {
		this.monitor.clusteringPolicy = AzureRedisClusteringPolicy.NONE;
		this.monitor.clusteringProblem = "answered MOVED";
		assertThat(health(Mono.just("PONG")).getDetails()).contains(
				entry("clusteringPolicy", AzureRedisClusteringPolicy.NONE),
				entry("clusteringProblem", "answered MOVED"));
	}

	@Test
	void whenAccessKeyIsUsedThenUpAndSaysSo() {
		this.monitor.authentication = AuthenticationMethod.ACCESS_KEY;
		Health health = health(Mono.just("PONG"));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsExactly(entry("endpoint", "my-cache.westeurope.redis.azure.net:10000"),
				entry("authentication", AuthenticationMethod.ACCESS_KEY));
	}

	@Test
	void whenRenewalFailsWhileTheTokenLivesThenUpAndSaysSinceWhenAndWhy() {
		this.monitor.renewalFailsFor(Duration.ofMinutes(4), Duration.ofMinutes(1));
		Health health = health(Mono.just("PONG"));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("failingSince", StubMonitor.NOW.minus(Duration.ofMinutes(4)))
			.containsEntry("reason", "outer; nobody is logged in")
			.containsEntry("tokenExpiresAt", StubMonitor.NOW.plus(Duration.ofMinutes(1)));
	}

	@Test
	void whenTokenHasEndedThenDownWithoutAnyPing() {
		this.monitor.renewalFailsFor(Duration.ofMinutes(6), Duration.ZERO);
		Health health = health(Mono.just("PONG"));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails())
			.containsEntry("error", "There is no valid token, and no connection can be made without one")
			.containsEntry("reason", "outer; nobody is logged in")
			.containsEntry("tokenExpiresAt", StubMonitor.NOW);
		assertThat(this.pings).hasValue(0);
	}

	@Test
	void whenFirstTokenCouldNotBeObtainedThenDownWithoutAnyPing() {
		this.monitor.renewalFailsFor(Duration.ofSeconds(20), null);
		Health health = health(Mono.just("PONG"));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("reason", "outer; nobody is logged in")
			.doesNotContainKey("tokenExpiresAt");
		assertThat(this.pings).hasValue(0);
	}

	@Test
	void whenTokenEndsWhilePingIsUnderWayThenDown() {
		this.monitor.tokenEndsIn(Duration.ofSeconds(1));
		Health health = health(Mono.fromRunnable(() -> this.monitor.tokenEndsIn(Duration.ZERO)));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void whenTokenArrivesWhilePingIsUnderWayThenDetailsHaveIt() {
		Health health = health(Mono.fromRunnable(() -> this.monitor.tokenEndsIn(Duration.ofHours(1))));
		assertThat(health.getDetails()).containsKey("tokenExpiresAt");
	}

	@Test
	void whenPingFailsThenDownWithTheCauseAndWithoutTokenText() {
		this.monitor.tokenEndsIn(Duration.ofMinutes(30));
		Health health = health(Mono.error(new IllegalStateException("Unable to connect",
				new IllegalStateException("WRONGPASS for eyJhbGciOiJub25lIn0.eyJvaWQiOiJtZSJ9.c2ln"))));
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("error", "Unable to connect; WRONGPASS for (token)")
			.containsKey("tokenExpiresAt");
	}

	@Test
	void whenInstanceIsNotUsedThenUnknownWithoutAnyPing() {
		Health health = new AzureRedisHealthCheck(this.monitor::getStatus, () -> false, counted(Mono.just("PONG")))
			.health()
			.block(Duration.ofSeconds(10));
		assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health.getDetails()).containsExactly(entry("endpoint", "my-cache.westeurope.redis.azure.net:10000"),
				entry("authentication", AuthenticationMethod.NOT_STARTED),
				entry("unused", "No bean has needed the connection factory yet"));
		assertThat(this.pings).hasValue(0);
	}

	@Test
	void whenPingIsNotAnsweredThenDownAfterTheLongestWait() {
		Mono<String> never = Mono.never();
		StepVerifier.withVirtualTime(() -> check(never).health())
			.expectSubscription()
			.expectNoEvent(AzureRedisHealthCheck.LONGEST_WAIT.minusMillis(1))
			.thenAwait(Duration.ofMillis(1))
			.assertNext((health) -> {
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails()).containsEntry("error", "No answer to PING within 5 s");
			})
			.expectComplete()
			.verify(Duration.ofSeconds(10));
	}

	@Test
	void whenPingIsUnderWayThenOthersWaitForTheSameOne() {
		Sinks.One<String> answer = Sinks.one();
		AzureRedisHealthCheck check = check(counted(answer.asMono()));
		StepVerifier.withVirtualTime(check::health)
			.expectSubscription()
			.thenAwait(AzureRedisHealthCheck.LONGEST_WAIT)
			.assertNext((health) -> assertThat(health.getStatus()).isEqualTo(Status.DOWN))
			.expectComplete()
			.verify(Duration.ofSeconds(10));
		StepVerifier.create(check.health())
			.then(() -> answer.tryEmitValue("PONG"))
			.assertNext((health) -> assertThat(health.getStatus()).isEqualTo(Status.UP))
			.expectComplete()
			.verify(Duration.ofSeconds(10));
		assertThat(this.pings).hasValue(1);
		assertThat(check.health().block(Duration.ofSeconds(10)).getStatus()).isEqualTo(Status.UP);
		assertThat(this.pings).hasValue(2);
	}

	@Test
	void whenPingHasFailedThenNextRequestSendsAnother() {
		AzureRedisHealthCheck check = check(counted(Mono.error(new IllegalStateException("down"))));
		check.health().block(Duration.ofSeconds(10));
		check.health().block(Duration.ofSeconds(10));
		assertThat(this.pings).hasValue(2);
	}

	private AzureRedisHealthCheck check(Mono<?> ping) {
		return new AzureRedisHealthCheck(this.monitor::getStatus, () -> true, ping);
	}

	private Health health(Mono<String> ping) {
		return check(counted(ping)).health().block(Duration.ofSeconds(10));
	}

	private Mono<String> counted(Mono<String> ping) {
		return ping.doOnSubscribe((subscription) -> this.pings.incrementAndGet());
	}

}
