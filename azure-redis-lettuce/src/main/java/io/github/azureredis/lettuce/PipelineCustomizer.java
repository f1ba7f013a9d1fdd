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

import java.util.List;
import java.util.function.Consumer;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;

/**
 * {@link NettyCustomizer} that adds handlers to each connection, after another customizer
 * has had its turn.
 */
final class PipelineCustomizer implements NettyCustomizer {

	private final NettyCustomizer delegate;

	private final List<Consumer<Channel>> handlers;

	/**
	 * Create a customizer.
	 * @param delegate the other customizer
	 * @param handlers add handlers to a channel, in this order
	 */
	PipelineCustomizer(NettyCustomizer delegate, List<Consumer<Channel>> handlers) {
		this.delegate = delegate;
		this.handlers = List.copyOf(handlers);
	}

	@Override
	public void afterBootstrapInitialized(Bootstrap bootstrap) {
		this.delegate.afterBootstrapInitialized(bootstrap);
	}

	@Override
	public void afterChannelInitialized(Channel channel) {
		this.delegate.afterChannelInitialized(channel);
		this.handlers.forEach((handler) -> handler.accept(channel));
	}

}
