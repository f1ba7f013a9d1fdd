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

package io.github.azureredis.emulator;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Tells a replica from a client by the first bytes that arrive at the port of a node. A
 * replica always sends {@code PING}, and {@code AUTH} once that is refused, and does not
 * use TLS. Its link is handed on to the server byte by byte.
 */
final class NodeGate extends ByteToMessageDecoder {

	private static final int TLS_HANDSHAKE = 0x16;

	private static final byte[] PING = bytes(RespCommand.of("PING"));

	private static final byte[] REFUSAL = "-NOAUTH Authentication required.\r\n".getBytes(StandardCharsets.US_ASCII);

	private final boolean tls;

	private final byte[] authentication;

	private final Supplier<@Nullable RedisServer> server;

	private final Runnable addClient;

	private boolean pinged;

	private boolean replica;

	NodeGate(boolean tls, InternalUser user, Supplier<@Nullable RedisServer> server, Runnable addClient) {
		this.tls = tls;
		this.authentication = bytes(user.authentication());
		this.server = server;
		this.addClient = addClient;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		if (this.server.get() == null) {
			ctx.close();
			return;
		}
		// Those that follow learn of it when it is known which ones these are.
		ctx.read();
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		if (this.replica) {
			return;
		}
		if (this.tls && in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
			admitClient(ctx);
			return;
		}
		byte[] expected = this.pinged ? this.authentication : PING;
		int length = Math.min(expected.length, in.readableBytes());
		if (!Unpooled.wrappedBuffer(expected, 0, length).equals(in.slice(in.readerIndex(), length))) {
			if (this.tls) {
				ctx.close();
			}
			else {
				admitClient(ctx);
			}
		}
		else if (length == expected.length && this.pinged) {
			this.replica = true;
			connectReplica(ctx);
		}
		else if (length == expected.length) {
			in.skipBytes(length);
			this.pinged = true;
			ctx.writeAndFlush(Unpooled.wrappedBuffer(REFUSAL));
		}
	}

	private void admitClient(ChannelHandlerContext ctx) {
		this.addClient.run();
		ctx.fireChannelActive();
		ctx.pipeline().remove(this);
	}

	private void connectReplica(ChannelHandlerContext ctx) {
		RedisServer running = this.server.get();
		if (running == null) {
			ctx.close();
			return;
		}
		new Bootstrap().group(ctx.channel().eventLoop())
			.channel(NioSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.handler(new ServerReplies(ctx.channel(), () -> {
			}))
			.connect(running.address())
			.addListener((ChannelFuture connected) -> {
				if (!connected.isSuccess() || !ctx.channel().isActive()) {
					connected.channel().close();
					ctx.close();
					return;
				}
				ctx.pipeline().addLast(new ReplicaLink(connected.channel()));
				ctx.pipeline().remove(this);
				ctx.channel().config().setAutoRead(true);
			});
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		ctx.close();
	}

	private static byte[] bytes(RespCommand command) {
		ByteBuf encoded = command.encode(UnpooledByteBufAllocator.DEFAULT);
		try {
			return ByteBufUtil.getBytes(encoded);
		}
		finally {
			encoded.release();
		}
	}

}
