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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import reactor.core.publisher.Mono;

/**
 * A credential that does what a test tells it, and remembers when it was asked.
 */
class TestCredential implements TokenCredential {

	private final Clock clock;

	private final AtomicInteger issued = new AtomicInteger();

	private final AtomicInteger underWay = new AtomicInteger();

	final List<Instant> askedAt = new CopyOnWriteArrayList<>();

	volatile int mostUnderWay;

	volatile TokenRequestContext lastRequest;

	volatile Supplier<Mono<AccessToken>> behaviour;

	TestCredential(Clock clock, Duration life) {
		this.clock = clock;
		this.behaviour = () -> Mono.just(issue(life));
	}

	AccessToken issue(Duration life) {
		Instant expiresAt = this.clock.instant().plus(life);
		return new AccessToken("secret-" + this.issued.incrementAndGet(), expiresAt.atOffset(ZoneOffset.UTC));
	}

	Mono<AccessToken> hang() {
		return Mono.never();
	}

	@Override
	public Mono<AccessToken> getToken(TokenRequestContext request) {
		this.lastRequest = request;
		this.askedAt.add(this.clock.instant());
		Mono<AccessToken> answer = this.behaviour.get();
		return (answer == null) ? null : answer
			.doOnSubscribe(
					(subscription) -> this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay.incrementAndGet()))
			.doFinally((signal) -> this.underWay.decrementAndGet());
	}

}
