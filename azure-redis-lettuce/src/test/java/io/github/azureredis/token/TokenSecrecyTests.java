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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.azure.core.credential.AccessToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import java.io.ByteArrayOutputStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that nothing but {@link EntraToken#getValue()} shows the text of a token.
 */
class TokenSecrecyTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.azureredis.token");

	private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();

	private final ByteArrayOutputStream log = new ByteArrayOutputStream();

	private final VirtualTime time = new VirtualTime();

	private final TestCredential credential = new TestCredential(this.time, Duration.ofHours(1));

	private final List<Object> seen = new ArrayList<>();

	@BeforeEach
	void captureLog() {
		LoggerContext context = this.logger.getLoggerContext();
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%level %logger %msg%n%ex{full}");
		encoder.start();
		this.appender.setContext(context);
		this.appender.setEncoder(encoder);
		this.appender.setOutputStream(this.log);
		this.appender.start();
		this.logger.addAppender(this.appender);
		this.logger.setLevel(Level.TRACE);
	}

	@AfterEach
	void restoreLog() {
		this.logger.setLevel(null);
		this.logger.detachAppender(this.appender);
	}

	@Test
	void whenTokensAreRenewedThenTheirTextIsNotShown() {
		this.credential.behaviour = () -> Mono.just(token());
		EntraTokenProvider provider = provider();
		show(provider);
		this.time.pass(Duration.ofHours(3));
		show(provider);
		provider.stop();
		show(provider);
		assertThat(this.seen.toString() + this.log).contains("TokenRenewedEvent", "object-id", "returned a new token")
			.doesNotContain("eyJ", "c2ln");
	}

	@Test
	void whenFailureQuotesTheTokenThenItIsNotShown() {
		IllegalStateException quoting = new IllegalStateException("outer",
				new IllegalArgumentException("cannot read {\"access_token\":\"" + token().getToken() + "\"}"));
		IllegalStateException suppressing = new IllegalStateException("outer");
		suppressing.addSuppressed(new IllegalStateException("Bearer " + token().getToken()));
		this.credential.behaviour = () -> Mono.error(quoting);
		EntraTokenProvider provider = provider();
		show(provider);
		this.credential.behaviour = () -> Mono.error(suppressing);
		this.time.pass(Duration.ofHours(3));
		show(provider);
		assertThat(this.seen.toString() + this.log)
			.contains("TokenRenewalFailedEvent", "Token renewal fails", "cannot read", "at " + getClass().getName())
			.doesNotContain("eyJ", "c2ln");
	}

	private EntraTokenProvider provider() {
		return this.time.provider(EntraTokenProvider.builder(this.credential).listener(new EntraTokenListener() {

			@Override
			public void onTokenRenewed(TokenRenewedEvent event) {
				TokenSecrecyTests.this.seen.add(event);
			}

			@Override
			public void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
				TokenSecrecyTests.this.seen.add(event);
				TokenSecrecyTests.this.seen.add(stackTrace(event.getCause()));
			}

		}));
	}

	private void show(EntraTokenProvider provider) {
		this.seen.add(provider);
		this.seen.add(provider.token());
		this.seen.add(String.valueOf(provider.currentToken()));
		this.seen.add(provider.getStatus());
		this.seen.add(stackTrace(provider.noTokenWithin(Duration.ofSeconds(1))));
	}

	private static String stackTrace(Throwable failure) {
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	private AccessToken token() {
		Instant end = this.time.instant().plus(Duration.ofHours(1));
		String claims = "{\"oid\":\"object-id\",\"exp\":%d}".formatted(end.getEpochSecond());
		return new AccessToken("eyJhbGciOiJub25lIn0" + TokenClaimsTests.jwt(claims).substring(3),
				end.atOffset(ZoneOffset.UTC));
	}

}
