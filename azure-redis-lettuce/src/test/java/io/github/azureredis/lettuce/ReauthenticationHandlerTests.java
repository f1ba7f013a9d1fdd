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
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

	private final ReauthenticationListener listener = new ReauthenticationListener() {

		@Override
		public void onReauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
			ReauthenticationHandlerTests.this.failures.add(event);
		}

	};

	private final EntraRedisAuthentication authentication = EntraRedisAuthentication.builder(this.tokens)
		.username("me")
		.reauthenticationSpread(Duration.ofSeconds(5))
		.listener(this.listener)
		.build();

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
			connection.reauthentication().tokenRenewed();
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
		connection.reauthentication().tokenRenewed();
		assertThat(millisUntilSent(connection, Duration.ofSeconds(5))).isLessThanOrEqualTo(1000);
	}

	@Test
	void whenTokenIsTheOneOfTheHandshakeThenNothingIsSent() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.reauthentication().tokenRenewed();
		connection.pass(Duration.ofMinutes(1));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenTokensAreRenewedTwiceWithinTheSpreadThenOnlyTheLastIsSent() {
		EmbeddedConnection connection = connectWithFirstToken();
		currentToken("second", LIFE);
		connection.reauthentication().tokenRenewed();
		currentToken("third", LIFE);
		connection.reauthentication().tokenRenewed();
		connection.pass(Duration.ofSeconds(10));
		assertThat(connection.sent()).isEqualTo("AUTH me third");
		connection.reply("+OK");
		connection.pass(Duration.ofMinutes(1));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenTokenIsRenewedWhileAuthIsUnansweredThenTheNextAuthWaitsForTheReply() {
		EmbeddedConnection connection = connectWithFirstToken();
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
		renew(connection, "third");
		assertThat(connection.sent()).isEmpty();
		connection.reply("+OK");
		assertThat(connection.sent()).isEqualTo("AUTH me third");
	}

	@Test
	void whenRefusedThenRepeatedWithGrowingWaitsUntilAccepted() {
		EmbeddedConnection connection = connectWithFirstToken();
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
		EmbeddedConnection connection = connectWithFirstToken();
		renew(connection, "second");
		connection.sent();
		connection.reply("-WRONGPASS invalid username-password pair");
		renew(connection, "third");
		assertThat(connection.sent()).isEqualTo("AUTH me third");
	}

	@Test
	void whenThereIsNoValidTokenThenNothingIsSentUntilThereIsOne() {
		EmbeddedConnection connection = connectWithFirstToken();
		given(this.tokens.currentToken()).willReturn(null);
		connection.reauthentication().tokenRenewed();
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
		connection.reauthentication().tokenRenewed();
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
		connection.reauthentication().tokenRenewed();
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
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.MULTI);
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("MULTI");
		connection.channel.writeOutbound(
				List.of(command(CommandType.GET, "key"), command(CommandType.EXEC), command(CommandType.PING)));
		assertThat(connection.sent()).isEqualTo("GET key EXEC PING AUTH me second");
	}

	@Test
	void whenBatchEndsInAnotherTransactionThenAuthGoesOnWaiting() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.MULTI);
		renew(connection, "second");
		connection.channel.writeOutbound(List.of(command(CommandType.EXEC), command(CommandType.MULTI)));
		assertThat(connection.sent()).isEqualTo("MULTI EXEC MULTI");
		connection.send(CommandType.DISCARD);
		assertThat(connection.sent()).isEqualTo("DISCARD AUTH me second");
	}

	@Test
	void whenConnectionEndsThenAuthInFlightIsCancelledAndTheConnectionForgotten() {
		EmbeddedConnection connection = connectWithFirstToken();
		renew(connection, "second");
		assertThat(this.authentication.connectionCount()).isEqualTo(1);
		connection.channel.close();
		assertThat(this.authentication.connectionCount()).isZero();
		assertThat(this.failures).isEmpty();
	}

	@Test
	void whenClientCachingIsSetThenAuthDoesNotComeBetween() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connect("first", withoutSpread());
		connection.send(CommandType.CLIENT, "CACHING", "YES");
		currentToken("second", LIFE);
		connection.reauthentication().tokenRenewed();
		connection.pass(Duration.ZERO);
		assertThat(connection.sent()).isEqualTo("CLIENT CACHING YES");
		connection.send(CommandType.GET, "key");
		assertThat(connection.sent()).isEqualTo("GET key AUTH me second");
	}

	@Test
	void whenAuthIsQueuedInATransactionThenItHasFailed() {
		EmbeddedConnection connection = connectWithFirstToken();
		renew(connection, "second");
		connection.reply("+QUEUED");
		assertThat(this.failures).singleElement()
			.satisfies((event) -> assertThat(event.getCause()).hasMessage("AUTH was not answered with OK"));
	}

	@Test
	void whenMultiTimesOutThenItsTransactionMayBeOpenAllTheSame() {
		EmbeddedConnection connection = connectWithFirstToken();
		AsyncCommand<String, String, String> multi = command(CommandType.MULTI);
		connection.channel.writeOutbound(multi);
		multi.completeExceptionally(new RedisCommandTimeoutException());
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("MULTI");
		connection.send(CommandType.EXEC);
		assertThat(connection.sent()).isEqualTo("EXEC AUTH me second");
	}

	@Test
	void whenMultiIsNestedThenItsRefusalEndsNoTransaction() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.MULTI);
		connection.send(CommandType.MULTI);
		connection.reply("+OK");
		connection.reply("-ERR MULTI calls can not be nested");
		connection.sent();
		renew(connection, "second");
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenTokenNamesNobodyThenAuthIsTriedAgainAndNoCommandIsDisturbed() {
		EntraRedisAuthentication nameless = EntraRedisAuthentication.builder(this.tokens)
			.reauthenticationSpread(Duration.ZERO)
			.listener(this.listener)
			.build();
		given(this.tokens.currentToken()).willReturn(TestTokens.token("first", "me", LIFE));
		EmbeddedConnection connection = connect("first", nameless);
		AsyncCommand<String, String, String> exec = command(CommandType.EXEC);
		connection.send(CommandType.MULTI);
		currentToken("second", LIFE);
		connection.reauthentication().tokenRenewed();
		connection.pass(Duration.ZERO);
		connection.channel.writeOutbound(exec);
		assertThat(connection.sent()).isEqualTo("MULTI EXEC");
		connection.reply("+OK");
		connection.reply("+done");
		assertThat(exec.join()).isEqualTo("done");
		assertThat(this.failures).singleElement()
			.satisfies((event) -> assertThat(event.getCause()).hasMessageContaining("names no object id"));
		given(this.tokens.currentToken()).willReturn(TestTokens.token("third", "me", LIFE));
		connection.pass(Duration.ofSeconds(1));
		assertThat(connection.sent()).isEqualTo("AUTH me third");
	}

	@Test
	void whenConnectionAuthenticatesOtherwiseThenNoTokenIsSentOnIt() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = new EmbeddedConnection(decorated(this.authentication),
				new StaticCredentialsProvider("app", "password".toCharArray()));
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH app password");
		connection.reply("+OK");
		renew(connection, "second");
		renew(connection, "third");
		assertThat(connection.sent()).isEmpty();
		assertThat(this.authentication.connectionCount()).isZero();
	}

	@Test
	void whenConnectionHasNoCredentialsThenNoTokenIsSentOnIt() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = new EmbeddedConnection(decorated(this.authentication));
		connection.reply("+OK");
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("HELLO 3");
	}

	@ParameterizedTest
	@CsvSource({ "AUTH, reporting password", "HELLO, 3 AUTH reporting password" })
	void whenApplicationAuthenticatesAsSomebodyElseThenItStaysSo(CommandType type, String arguments) {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(type, arguments.split(" "));
		connection.reply("+OK");
		connection.pass(Duration.ZERO);
		connection.sent();
		renew(connection, "second");
		assertThat(connection.sent()).isEmpty();
		assertThat(this.authentication.connectionCount()).isZero();
	}

	@Test
	void whenApplicationFailsToAuthenticateAsSomebodyElseThenConnectionIsStillReauthenticated() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.AUTH, "reporting", "wrong");
		connection.sent();
		connection.reply("-WRONGPASS invalid username-password pair");
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
	}

	@Test
	void whenApplicationIsJustAuthenticatingThenAuthWaitsForTheReply() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.AUTH, "reporting", "password");
		connection.sent();
		renew(connection, "second");
		assertThat(connection.sent()).isEmpty();
		connection.reply("-WRONGPASS invalid username-password pair");
		connection.pass(Duration.ZERO);
		assertThat(connection.sent()).isEqualTo("AUTH me second");
	}

	@Test
	void whenConnectionEndsInItsHandshakeThenLettuceDoesNotRepeatItOnTheNextOne() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = new EmbeddedConnection(decorated(this.authentication),
				this.authentication.credentialsProvider());
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH me first");
		AsyncCommand<String, String, String> hello = connection.hello();
		connection.channel.close();
		assertThat(hello.isCancelled()).isTrue();
		assertThat(connection.handshake()).isCompletedExceptionally();
	}

	@Test
	void whenHandshakeGoesOnWhileItIsCancelledThenConnectionEndsAllTheSame() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = new EmbeddedConnection(decorated(this.authentication),
				this.authentication.credentialsProvider());
		AsyncCommand<String, String, String> next = EmbeddedConnection.command(CommandType.CLIENT,
				"MAINT_NOTIFICATIONS");
		connection.hello().whenComplete((reply, failure) -> connection.channel.writeAndFlush(next));
		connection.channel.close();
		assertThat(next).isDone();
		assertThat(connection.handshake()).isCompletedExceptionally();
	}

	@Test
	void whenCommandWithTheTokenIsRepeatedThenConnectionIsStillReauthenticated() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.channel.writeOutbound(authenticationHello(this.authentication));
		connection.sent();
		connection.reply("+OK");
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
	}

	@Test
	void whenTokenHasEndedThenAuthFailsAndCommandsBehindItKeepTheirReplies() {
		EmbeddedConnection connection = connectWithFirstToken();
		given(this.tokens.currentToken()).willReturn(null);
		given(this.tokens.noTokenWithin(Duration.ZERO)).willReturn(TestTokens.exception(Duration.ZERO));
		AsyncCommand<String, String, String> auth = authenticationHello(this.authentication);
		AsyncCommand<String, String, String> get = command(CommandType.GET, "key");
		connection.channel.writeOneOutbound(auth);
		connection.channel.writeOutbound(get);
		assertThat(connection.sent()).isEqualTo("GET key");
		connection.reply("+value");
		assertThat(get.join()).isEqualTo("value");
	}

	@Test
	void whenClientNameLooksLikeCredentialsThenConnectionIsStillReauthenticated() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.HELLO, "3", "SETNAME", "AUTH");
		connection.sent();
		connection.reply("+OK");
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
	}

	@Test
	void whenAllSubscriptionsHaveEndedWithResp2ThenConnectionIsReauthenticated() {
		currentToken("first", LIFE);
		EmbeddedConnection connection = connectWithResp2("first");
		connection.send(CommandType.SUBSCRIBE, "a", "b");
		connection.send(CommandType.PSUBSCRIBE, "c*");
		connection.send(CommandType.UNSUBSCRIBE, "a");
		connection.send(CommandType.PUNSUBSCRIBE);
		connection.sent();
		renew(connection, "second");
		assertThat(connection.sent()).isEmpty();
		connection.send(CommandType.UNSUBSCRIBE, "b");
		assertThat(connection.sent()).isEqualTo("UNSUBSCRIBE b");
		renew(connection, "third");
		assertThat(connection.sent()).isEqualTo("AUTH me third");
	}

	@Test
	void whenTransactionStaysOpenThenWarnsAtHalfOfTheRemainingLife(CapturedOutput output) {
		currentToken("first", Duration.ofMinutes(5));
		EmbeddedConnection connection = connect("first");
		connection.send(CommandType.MULTI);
		renew(connection, "second");
		connection.pass(Duration.ofSeconds(140));
		assertThat(output).doesNotContain("has not been re-authenticated");
		connection.pass(Duration.ofSeconds(10));
		assertThat(output).containsOnlyOnce("has not been re-authenticated");
	}

	@Test
	void whenTransactionIsRefusedThenAuthDoesNotWaitForItsEnd() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.MULTI);
		connection.sent();
		connection.reply("-NOPERM this user has no permissions to run the 'multi' command");
		renew(connection, "second");
		assertThat(connection.sent()).isEqualTo("AUTH me second");
	}

	@Test
	void whenApplicationSaysHelloThenTokenOfTheConnectionIsStillKnown() {
		EmbeddedConnection connection = connectWithFirstToken();
		connection.send(CommandType.HELLO);
		connection.sent();
		connection.reply("+OK");
		connection.reauthentication().tokenRenewed();
		connection.pass(Duration.ofMinutes(1));
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void whenTracersLookAtAuthThenTheyDoNotSeeTheToken() {
		EmbeddedConnection connection = connectWithFirstToken();
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
		connection.reauthentication().tokenRenewed();
		connection.pass(Duration.ofSeconds(5));
	}

	private EmbeddedConnection connectWithFirstToken() {
		currentToken("first", LIFE);
		return connect("first");
	}

	private EmbeddedConnection connect(String token) {
		return connect(token, this.authentication);
	}

	/**
	 * A command as Lettuce makes it for a handshake, with the placeholder.
	 */
	private AsyncCommand<String, String, String> authenticationHello(EntraRedisAuthentication authentication) {
		EmbeddedConnection other = new EmbeddedConnection(decorated(authentication),
				authentication.credentialsProvider());
		return EmbeddedConnection.copy(other.hello());
	}

	private ClientResources decorated(EntraRedisAuthentication authentication) {
		return AzureRedisClientResources.builder(this.resources).authentication(authentication).build();
	}

	private EmbeddedConnection connectWithResp2(String token) {
		EmbeddedConnection connection = EmbeddedConnection.resp2(decorated(this.authentication),
				this.authentication.credentialsProvider());
		assertThat(connection.sent()).isEqualTo("AUTH me " + token);
		connection.reply("+OK");
		return connection;
	}

	private EmbeddedConnection connect(String token, EntraRedisAuthentication authentication) {
		EmbeddedConnection connection = new EmbeddedConnection(decorated(authentication),
				authentication.credentialsProvider());
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH me " + token);
		connection.reply("+OK");
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
