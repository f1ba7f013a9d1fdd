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
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.resource.ClientResources;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;

/**
 * A connection in virtual time, with Lettuce's own handlers, of which a test plays the
 * server.
 */
class EmbeddedConnection {

	final EmbeddedChannel channel;

	private final Handshake handshake = new Handshake();

	EmbeddedConnection(ClientResources resources) {
		this.channel = new EmbeddedChannel(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel created) {
				created.pipeline()
					.addLast(new CommandEncoder(), EmbeddedConnection.this.handshake, new CommandHandler(
							ClientOptions.create(), resources, new DefaultEndpoint(ClientOptions.create(), resources)));
				resources.nettyCustomizer().afterChannelInitialized(created);
			}

		});
		this.channel.freezeTime();
	}

	/**
	 * Let the handshake be over.
	 */
	void activate() {
		this.handshake.context.fireChannelActive();
	}

	void send(CommandType type, String... arguments) {
		this.channel.writeOutbound(command(type, arguments));
	}

	static AsyncCommand<String, String, String> command(CommandType type, String... arguments) {
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

	/**
	 * Hides that the channel is active, as Lettuce's does until the handshake is over.
	 */
	private static final class Handshake extends ChannelInboundHandlerAdapter {

		private ChannelHandlerContext context;

		@Override
		public void handlerAdded(ChannelHandlerContext ctx) {
			this.context = ctx;
		}

		@Override
		public void channelActive(ChannelHandlerContext ctx) {
		}

	}

}
