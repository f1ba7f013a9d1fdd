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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.lettuce.core.resource.ClientResources;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;

/**
 * A connection in virtual time, with Lettuce's own handlers, of which a test plays the
 * server.
 */
class EmbeddedConnection {

	final EmbeddedChannel channel;

	private final CompletableFuture<Void> handshake;

	private AsyncCommand<String, String, String> hello;

	/**
	 * Create a connection whose handshake has no credentials.
	 * @param resources the resources of the client
	 */
	EmbeddedConnection(ClientResources resources) {
		this(resources, () -> command(CommandType.HELLO, "3"));
	}

	/**
	 * Create a connection that authenticates in its handshake.
	 * @param resources the resources of the client
	 * @param credentials the credentials of the client
	 */
	EmbeddedConnection(ClientResources resources, RedisCredentialsProvider credentials) {
		this(resources, () -> hello(((ImmediateRedisCredentialsProvider) credentials).resolveCredentialsNow()));
	}

	/**
	 * Create a connection that speaks RESP2.
	 * @param resources the resources of the client
	 * @return the connection, which is ready
	 */
	static EmbeddedConnection resp2(ClientResources resources) {
		EmbeddedConnection connection = new EmbeddedConnection(resources, () -> command(CommandType.PING));
		connection.reply("+PONG");
		connection.sent();
		return connection;
	}

	/**
	 * Create a connection that speaks RESP2 and authenticates in its handshake.
	 * @param resources the resources of the client
	 * @param provider the credentials of the client
	 * @return the connection
	 */
	static EmbeddedConnection resp2(ClientResources resources, RedisCredentialsProvider provider) {
		return new EmbeddedConnection(resources, () -> {
			RedisCredentials credentials = ((ImmediateRedisCredentialsProvider) provider).resolveCredentialsNow();
			return command(CommandType.AUTH, credentials.getUsername(), String.valueOf(credentials.getPassword()));
		});
	}

	private EmbeddedConnection(ClientResources resources, Supplier<AsyncCommand<String, String, String>> hello) {
		RedisHandshakeHandler handshakeHandler = new RedisHandshakeHandler((channel) -> handshake(channel, hello.get()),
				resources, Duration.ofMinutes(1));
		this.handshake = handshakeHandler.channelInitialized().toCompletableFuture();
		this.channel = new EmbeddedChannel(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel created) {
				created.pipeline()
					.addLast(new CommandEncoder(), handshakeHandler, new CommandHandler(ClientOptions.create(),
							resources, new DefaultEndpoint(ClientOptions.create(), resources)));
				resources.nettyCustomizer().afterChannelInitialized(created);
			}

		});
		this.channel.freezeTime();
	}

	private static AsyncCommand<String, String, String> hello(RedisCredentials credentials) {
		return command(CommandType.HELLO, "3", "AUTH", credentials.getUsername(),
				String.valueOf(credentials.getPassword()));
	}

	private CompletionStage<Void> handshake(Channel channel, AsyncCommand<String, String, String> hello) {
		this.hello = hello;
		channel.writeAndFlush(hello).addListener((written) -> {
			if (!written.isSuccess()) {
				hello.completeExceptionally(written.cause());
			}
		});
		return hello.thenAccept((reply) -> {
		});
	}

	AsyncCommand<String, String, String> hello() {
		return this.hello;
	}

	/**
	 * Copy a command, as if it had not been sent yet.
	 * @param command the command
	 * @return the copy
	 */
	static AsyncCommand<String, String, String> copy(RedisCommand<String, String, String> command) {
		return new AsyncCommand<>(
				new Command<>(command.getType(), new StatusOutput<>(StringCodec.UTF8), command.getArgs()));
	}

	CompletableFuture<Void> handshake() {
		return this.handshake;
	}

	ReauthenticationHandler reauthentication() {
		return this.channel.pipeline().get(ReauthenticationHandler.class);
	}

	void send(CommandType type, String... arguments) {
		this.channel.writeOutbound(command(type, arguments));
	}

	static AsyncCommand<String, String, String> command(CommandType type, String... arguments) {
		if (arguments.length == 0) {
			return new AsyncCommand<>(new Command<>(type, new StatusOutput<>(StringCodec.UTF8)));
		}
		CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
		for (String argument : arguments) {
			args.add(argument);
		}
		return new AsyncCommand<>(new Command<>(type, new StatusOutput<>(StringCodec.UTF8), args));
	}

	void reply(String reply) {
		this.channel.writeInbound(Unpooled.copiedBuffer(reply + "\r\n", StandardCharsets.US_ASCII));
	}

	void pass(Duration time) {
		this.channel.runPendingTasks();
		this.channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
		this.channel.runPendingTasks();
	}

	/**
	 * What has been sent since the last call, without the lengths.
	 * @return the words
	 */
	String sent() {
		StringBuilder sent = new StringBuilder();
		for (ByteBuf buffer = this.channel.readOutbound(); buffer != null; buffer = this.channel.readOutbound()) {
			sent.append(buffer.toString(StandardCharsets.US_ASCII));
			buffer.release();
		}
		return sent.toString().replaceAll("[*$]\\d+\r\n", "").replace("\r\n", " ").strip();
	}

}
