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

import io.github.azureredis.token.EntraToken;
import io.github.azureredis.token.EntraTokenException;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TestTokens;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link TokenGate} with Lettuce's own handlers around it.
 */
class TokenGateTests {

	private final ClientResources resources = ClientResources.create();

	private final EntraTokenProvider tokens = mock();

	private final EntraRedisAuthentication authentication = EntraRedisAuthentication.builder(this.tokens)
		.username("me")
		.build();

	private Sinks.One<EntraToken> nextToken = Sinks.one();

	@BeforeEach
	void thereIsNoToken() {
		given(this.tokens.token()).willAnswer((invocation) -> this.nextToken.asMono());
		given(this.tokens.isRunning()).willReturn(true);
		given(this.tokens.noTokenWithin(any()))
			.willAnswer((invocation) -> TestTokens.exception(invocation.getArgument(0)));
	}

	@AfterEach
	void shutDown() {
		this.resources.shutdown();
	}

	@Test
	void whenThereIsATokenThenHandshakePassesWithIt() {
		currentToken("first");
		EmbeddedConnection connection = connect();
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH me first");
		connection.reply("+OK");
		assertThat(connection.handshake()).isCompleted();
	}

	@Test
	void whenThereIsNoTokenThenHandshakePassesAsSoonAsThereIsOne() {
		EmbeddedConnection connection = connect();
		connection.pass(Duration.ofSeconds(10));
		assertThat(connection.sent()).isEmpty();
		arrive("first");
		connection.pass(Duration.ZERO);
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH me first");
	}

	@Test
	void whenTokenHasExpiredByTheTimeItArrivesThenTheNextOneIsAwaited() {
		EmbeddedConnection connection = connect();
		this.nextToken.tryEmitValue(TestTokens.token("expired", Duration.ZERO));
		this.nextToken = Sinks.one();
		connection.pass(Duration.ZERO);
		assertThat(connection.sent()).isEmpty();
		arrive("second");
		connection.pass(Duration.ZERO);
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH me second");
	}

	@Test
	void whenNoTokenArrivesThenHandshakeFailsWithTheReason() {
		EmbeddedConnection connection = connect();
		RuntimeException reason = new IllegalStateException("No token");
		this.nextToken.tryEmitError(reason);
		connection.pass(Duration.ZERO);
		assertThat(connection.handshake()).isCompletedExceptionally();
		assertThat(failure(connection)).isSameAs(reason);
		assertThat(connection.channel.isOpen()).isFalse();
	}

	@Test
	void whenLettuceGivesUpThenHandshakeFailsForLackOfAToken() {
		EmbeddedConnection connection = connect();
		connection.channel.close();
		assertThat(failure(connection)).isInstanceOf(EntraTokenException.class);
	}

	@Test
	void whenConnectionFailsOtherwiseThenHandshakeFailsWithThatReason() {
		EmbeddedConnection connection = connect();
		RuntimeException reason = new IllegalStateException("Not trusted");
		connection.channel.pipeline().fireExceptionCaught(reason);
		assertThat(failure(connection)).isSameAs(reason);
	}

	@Test
	void whenAWaitHasJustEndedInVainThenTheNextConnectionDoesNotWait() {
		EmbeddedConnection waiting = connect();
		long since = System.nanoTime();
		await().until(() -> System.nanoTime() - since > Duration.ofMillis(500).toNanos());
		waiting.channel.close();
		EmbeddedConnection next = connect();
		next.pass(Duration.ofMillis(20));
		assertThat(next.handshake()).isCompletedExceptionally();
		currentToken("first");
		assertThat(connect().sent()).isEqualTo("HELLO 3 AUTH me first");
	}

	@Test
	void whenAWaitHasEndedBecauseRenewalWasStoppedThenTheNextConnectionWaits() {
		EmbeddedConnection waiting = connect();
		long since = System.nanoTime();
		await().until(() -> System.nanoTime() - since > Duration.ofMillis(500).toNanos());
		given(this.tokens.isRunning()).willReturn(false);
		waiting.channel.close();
		given(this.tokens.isRunning()).willReturn(true);
		EmbeddedConnection next = connect();
		assertThat(next.handshake()).isNotDone();
		arrive("first");
		next.pass(Duration.ZERO);
		assertThat(next.sent()).isEqualTo("HELLO 3 AUTH me first");
	}

	@Test
	void whenConnectionAuthenticatesOtherwiseThenItDoesNotWait() {
		EmbeddedConnection connection = new EmbeddedConnection(decorated(),
				new StaticCredentialsProvider("app", "password".toCharArray()));
		assertThat(connection.sent()).isEqualTo("HELLO 3 AUTH app password");
		connection.reply("+OK");
		assertThat(connection.handshake()).isCompleted();
	}

	@Test
	void whenTokenNamesNobodyThenHandshakeFailsWithTheReason() {
		EntraRedisAuthentication nameless = EntraRedisAuthentication.builder(this.tokens).build();
		currentToken("first");
		EmbeddedConnection connection = new EmbeddedConnection(
				AzureRedisClientResources.builder(this.resources).authentication(nameless).build(),
				nameless.credentialsProvider());
		assertThat(failure(connection)).hasRootCauseMessage(
				"The token names no object id ('oid' claim), so the user name for Redis is not known. Configure the"
						+ " object id of the identity as the user name");
	}

	@Test
	void whenLettuceSeesTheHandshakeThenItDoesNotSeeTheToken() {
		currentToken("first");
		StringBuilder seen = new StringBuilder();
		EmbeddedConnection connection = connect();
		connection.reply("+OK");
		connection.channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
				seen.append(((RedisCommand<?, ?, ?>) message).getArgs().toCommandString());
				ctx.write(message, promise);
			}

		});
		currentToken("second");
		connection.reauthentication().tokenRenewed();
		connection.pass(Duration.ofSeconds(10));
		assertThat(connection.sent()).endsWith("AUTH me second");
		assertThat(seen).isNotEmpty().asString().doesNotContain("second");
		RedisCredentials credentials = ((ImmediateRedisCredentialsProvider) this.authentication.credentialsProvider())
			.resolveCredentials()
			.block();
		assertThat(credentials.getUsername()).isEqualTo("me");
		assertThat(credentials.hasPassword()).isFalse();
	}

	@Test
	void whenTwoAuthenticationsShareResourcesThenEachConnectionGetsItsOwnToken() {
		EntraTokenProvider otherTokens = mock();
		given(otherTokens.currentToken()).willReturn(TestTokens.token("other", Duration.ofHours(1)));
		EntraRedisAuthentication other = EntraRedisAuthentication.builder(otherTokens).username("you").build();
		currentToken("first");
		ClientResources both = AzureRedisClientResources.builder(decorated()).authentication(other).build();
		assertThat(new EmbeddedConnection(both, this.authentication.credentialsProvider()).sent())
			.isEqualTo("HELLO 3 AUTH me first");
		assertThat(new EmbeddedConnection(both, other.credentialsProvider()).sent())
			.isEqualTo("HELLO 3 AUTH you other");
	}

	@Test
	void whenPipelineIsNotLettucesThenSaysSo() {
		assertThatIllegalStateException()
			.isThrownBy(() -> TokenGate.install(new EmbeddedChannel(), this.tokens,
					new EntraCredentials(this.tokens, null), new FutileWait()))
			.withMessageContaining("no RedisHandshakeHandler");
	}

	private EmbeddedConnection connect() {
		return new EmbeddedConnection(decorated(), this.authentication.credentialsProvider());
	}

	private ClientResources decorated() {
		return AzureRedisClientResources.builder(this.resources).authentication(this.authentication).build();
	}

	private static Throwable failure(EmbeddedConnection connection) {
		return connection.handshake().handle((success, failure) -> failure).join();
	}

	private void currentToken(String value) {
		given(this.tokens.currentToken()).willReturn(TestTokens.token(value, Duration.ofHours(1)));
	}

	private void arrive(String value) {
		currentToken(value);
		this.nextToken.tryEmitValue(TestTokens.token(value, Duration.ofHours(1)));
	}

}
