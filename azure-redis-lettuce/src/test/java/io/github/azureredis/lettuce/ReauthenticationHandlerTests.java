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

package io.github.azureredis.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TestTokens;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.tracing.Tracing;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.AdditionalAnswers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.azureredis.lettuce.EmbeddedConnection.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ReauthenticationHandler} in virtual time, with Lettuce's own handlers
 * around it.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReauthenticationHandlerTests {

	private static final Duration LIFE = Duration.ofHours(1);

	private final ClientResources resources = ClientResources.create();

	private final EntraTokenProvider tokens = mock();

	private final List<ConnectionReauthenticationFailedEvent> failures = new ArrayList<>();

	private final EntraRedisAuthentication authentication = EntraRedisAuthentication.builder(this.tokens)
		.username("me")
		.reauthenticationSpread(Duration.ofSeconds(5))
		.listener(new ReauthenticationListener() {

			@Override
			public void onReauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
				ReauthenticationHandlerTests.this.failures.add(event);
			}

		})
		.build();

	private ReauthenticationHandler handler;

	@AfterEach
	void shutDown() {
		this.resources.shutdown();
	}

	@Test
	void whenTokenIsRenewedThenConnectionsAreAuthenticatedAtDifferentTimesWithinTheSpread() {
		currentToken("first", LIFE);
		List<Long> moments = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			EmbeddedConnection connection = connect("first");
			currentToken("second", LIFE);
			this.handler.tokenRenewed();
			moments.add(millisUntilSent(connection, Duration.ofSeconds(5)));
			currentToken("first", LIFE);
		}
		assertThat(moments).allMatch((moment) -> moment <= 5000).anyMatch((moment) -> moment > 2500);
		assertThat(moments.stream().distinct().count()).isGreaterThan(20);
	}

	@Test
	void whenOldTokenIsAboutToEndThenSpreadIsATenthOfItsRest() {
		currentToken("first", Duration.ofSeconds(10));
		EmbeddedConnection connection = connect("first");
		currentToken("second", LIFE);
		this.handler.tokenRenewed();
		assertThat(millisUntilSent(connection, Duration.ofSeconds(5))).isLessThanOrEqualTo(1000);
	}

	@Test
	void whenTokenIsTheOneOfTheHandshakeThenNothingIsSent() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		this.handler.tokenRenewed();
		connection.pass(Duration.ofMinutes(1));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenTokensAreRenewedTwiceWithinTheSpreadThenOnlyTheLastIsSent() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		currentToken("second", LIFE);
		this.handler.tokenRenewed();
		currentToken("third", LIFE);
		this.handler.tokenRenewed();
		connection.pass(Duration.ofSeconds(10));
		assertThat(connection.sent()).isEqualTo("AUTH me third");
		connection.reply("+OK");
		connection.pass(Duration.ofMinutes(1));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenTokenIsRenewedWhileAuthIsUnansweredThenTheNextAuthWaitsForTheReply() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
		renew(connection, "third");
		assertThat(connection.sent()).isEmpty();
		connection.reply("+OK");
		assertThat(connection.sent()).isEqualTo("AUTH me third");
	}

	@Test
	void whenRefusedThenRepeatedWithGrowingWaitsUntilAccepted() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		renew(connection, "second");
		for (int i = 0; i < 20; i++) {
			assertThat(connection.sent()).isEqualTo("AUTH me second");
			connection.reply("-WRONGPASS invalid username-password pair");
			connection.pass(this.failures.get(i).getRetryAfter());
		}
		assertThat(this.failures).extracting(ConnectionReauthenticationFailedEvent::getRetryAfter)
			.allMatch((wait) -> wait.compareTo(Duration.ofMillis(500)) >= 0
					&& wait.compareTo(Duration.ofSeconds(30)) <= 0)
			.anyMatch((wait) -> wait.compareTo(Duration.ofSeconds(15)) >= 0);
		assertThat(connection.sent()).isEqualTo("AUTH me second");
		connection.reply("+OK");
		connection.pass(Duration.ofMinutes(5));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenRefusedTokenHasBeenRenewedThenTheNewOneIsSent() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		renew(connection, "second");
		connection.sent();
		connection.reply("-WRONGPASS invalid username-password pair");
		renew(connection, "third");
		assertThat(connection.sent()).isEqualTo("AUTH me third");
	}

	@Test
	void whenThereIsNoValidTokenThenNothingIsSentUntilThereIsOne() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		given(this.tokens.currentToken()).willReturn(null);
		this.handler.tokenRenewed();
		connection.pass(Duration.ofSeconds(10));
		assertThat(connection.sent()).isEmpty();
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
	}

	@Test
	void whenCommandIsRedirectedWithAskingThenAuthDoesNotComeBetween() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first", withoutSpread());
		connection.send(CommandType.ASKING);
		currentToken("second", LIFE);
		this.handler.tokenRenewed();
		connection.pass(Duration.ZERO);
		assertThat(connection.sent()).isEqualTo("ASKING");
		connection.send(CommandType.GET, "key");
		assertThat(connection.sent()).isEqualTo("GET key AUTH me second");
	}

	@Test
	void whenNoCommandFollowsAskingThenAuthIsSentAfterASecond() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first", withoutSpread());
		connection.send(CommandType.ASKING);
		currentToken("second", LIFE);
		this.handler.tokenRenewed();
		connection.pass(Duration.ZERO);
		assertThat(connection.sent()).isEqualTo("ASKING");
		connection.pass(Duration.ofSeconds(1));
		assertThat(connection.sent()).isEqualTo("AUTH me second");
		connection.reply("+OK");
		connection.pass(Duration.ofMinutes(1));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenBatchHoldsAWholeTransactionThenAuthFollowsIt() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		connection.send(CommandType.MULTI);
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("MULTI");
		connection.channel.writeOutbound(
				List.of(command(CommandType.GET, "key"), command(CommandType.EXEC), command(CommandType.PING)));
		assertThat(connection.sent()).isEqualTo("GET key EXEC PING AUTH me second");
	}

	@Test
	void whenBatchEndsInAnotherTransactionThenAuthGoesOnWaiting() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		connection.send(CommandType.MULTI);
		renew(connection, "second");
		connection.channel.writeOutbound(List.of(command(CommandType.EXEC), command(CommandType.MULTI)));
		assertThat(connection.sent()).isEqualTo("MULTI EXEC MULTI");
		connection.send(CommandType.DISCARD);
		assertThat(connection.sent()).isEqualTo("DISCARD AUTH me second");
	}

	@Test
	void whenConnectionEndsThenAuthInFlightIsCancelledAndTheConnectionForgotten() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		renew(connection, "second");
		assertThat(this.authentication.connectionCount()).isEqualTo(1);
		connection.channel.close();
		assertThat(this.authentication.connectionCount()).isZero();
		assertThat(this.failures).isEmpty();
	}

	@Test
	void whenTransactionIsRefusedThenAuthDoesNotWaitForItsEnd() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		connection.send(CommandType.MULTI);
		connection.sent();
		connection.reply("-NOPERM this user has no permissions to run the 'multi' command");
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
	}

	@Test
	void whenApplicationSaysHelloThenTokenOfTheConnectionIsStillKnown() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		connection.send(CommandType.HELLO);
		connection.sent();
		connection.reply("+OK");
		this.handler.tokenRenewed();
		connection.pass(Duration.ofMinutes(1));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenTracersLookAtAuthThenTheyDoNotSeeTheToken() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first");
		List<String> seen = new ArrayList<>();
		connection.channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
				seen.add(message + " " + ((RedisCommand<?, ?, ?>) message).getArgs().toCommandString());
				ctx.write(message, promise);
			}

		});
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
		assertThat(seen).singleElement().asString().contains("AUTH").doesNotContain("second");
	}

	@Test
	void whenTracingShowsArgumentsThenWarns(CapturedOutput output) {
		ClientResources traced = mock(AdditionalAnswers.delegatesTo(this.resources));
		Tracing tracing = mock();
		given(traced.tracing()).willReturn(tracing);
		given(tracing.isEnabled()).willReturn(true);
		this.authentication.reauthenticating(traced);
		assertThat(output).doesNotContain("Tracing is set to show");
		given(tracing.includeCommandArgsInSpanTags()).willReturn(true);
		this.authentication.reauthenticating(traced);
		assertThat(output).contains("Tracing is set to show");
	}

	@Test
	void whenPipelineIsNotLettucesThenSaysSo() {
		assertThatIllegalStateException().isThrownBy(() -> ConnectionCommands.of(new EmbeddedChannel()))
			.withMessageContaining("no CommandHandler or no CommandEncoder");
	}

	@Test
	void whenListenerThrowsThenConnectionAndOtherListenersGoOn() {
		List<ConnectionReauthenticatedEvent> events = new ArrayList<>();
		EntraRedisAuthentication broken = EntraRedisAuthentication.builder(this.tokens)
			.username("me")
			.listener(new ReauthenticationListener() {

				@Override
				public void onReauthenticated(ConnectionReauthenticatedEvent event) {
					throw new NoClassDefFoundError("broken");
				}

			})
			.listener(new ReauthenticationListener() {

				@Override
				public void onReauthenticated(ConnectionReauthenticatedEvent event) {
					events.add(event);
				}

			})
			.build();
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first", broken);
		renew(connection, "second");
		connection.sent();
		connection.reply("+OK");
		renew(connection, "third");
		assertThat(connection.sent()).isEqualTo("AUTH me third");
		assertThat(events).hasSize(1);
	}

	private void currentToken(String value, Duration life) {
		given(this.tokens.currentToken()).willReturn(TestTokens.token(value, life));
	}

	private EntraRedisAuthentication withoutSpread() {
		return EntraRedisAuthentication.builder(this.tokens)
			.username("me")
			.reauthenticationSpread(Duration.ZERO)
			.build();
	}

	private void renew(EmbeddedConnection connection, String value) {
		currentToken(value, LIFE);
		this.handler.tokenRenewed();
		connection.pass(Duration.ofSeconds(5));
	}

	private EmbeddedConnection connect(String token) {
		return connect(token, this.authentication);
	}

	private EmbeddedConnection connect(String token, EntraRedisAuthentication authentication) {
		EmbeddedConnection connection = new EmbeddedConnection(authentication.reauthenticating(this.resources));
		this.handler = connection.channel.pipeline().get(ReauthenticationHandler.class);
		connection.send(CommandType.HELLO, "3", "AUTH", "me", token);
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH me " + token);
		connection.reply("+OK");
		connection.activate();
		return connection;
	}

	private static long millisUntilSent(EmbeddedConnection connection, Duration longest) {
		for (long moment = 0; moment <= longest.toMillis(); moment += 10) {
			connection.pass(Duration.ZERO);
			if (!connection.sent().isEmpty()) {
				return moment;
			}
			connection.pass(Duration.ofMillis(10));
		}
		throw new AssertionError("Nothing sent within " + longest);
	}

}
