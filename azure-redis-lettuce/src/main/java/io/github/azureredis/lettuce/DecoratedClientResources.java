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

import java.util.concurrent.TimeUnit;

import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.EventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.lettuce.core.tracing.Tracing;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;

/**
 * {@link ClientResources} with another Netty customizer and another resolver of
 * addresses. {@code mutate()} would not do: what it builds has event loops of its own,
 * which nobody would shut down.
 */
final class DecoratedClientResources implements ClientResources {

	private final ClientResources delegate;

	private final NettyCustomizer nettyCustomizer;

	private final SocketAddressResolver socketAddressResolver;

	DecoratedClientResources(ClientResources delegate, NettyCustomizer nettyCustomizer,
			SocketAddressResolver socketAddressResolver) {
		this.delegate = delegate;
		this.nettyCustomizer = nettyCustomizer;
		this.socketAddressResolver = socketAddressResolver;
	}

	@Override
	public NettyCustomizer nettyCustomizer() {
		return this.nettyCustomizer;
	}

	@Override
	public SocketAddressResolver socketAddressResolver() {
		return this.socketAddressResolver;
	}

	@Override
	public Builder mutate() {
		return this.delegate.mutate()
			.nettyCustomizer(this.nettyCustomizer)
			.socketAddressResolver(this.socketAddressResolver);
	}

	@Override
	public Future<Boolean> shutdown() {
		return this.delegate.shutdown();
	}

	@Override
	public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit timeUnit) {
		return this.delegate.shutdown(quietPeriod, timeout, timeUnit);
	}

	@Override
	public AddressResolverGroup<?> addressResolverGroup() {
		return this.delegate.addressResolverGroup();
	}

	@Override
	public EventPublisherOptions commandLatencyPublisherOptions() {
		return this.delegate.commandLatencyPublisherOptions();
	}

	@Override
	public CommandLatencyRecorder commandLatencyRecorder() {
		return this.delegate.commandLatencyRecorder();
	}

	@Override
	public int computationThreadPoolSize() {
		return this.delegate.computationThreadPoolSize();
	}

	@Override
	public EventBus eventBus() {
		return this.delegate.eventBus();
	}

	@Override
	public EventLoopGroupProvider eventLoopGroupProvider() {
		return this.delegate.eventLoopGroupProvider();
	}

	@Override
	public EventExecutorGroup eventExecutorGroup() {
		return this.delegate.eventExecutorGroup();
	}

	@Override
	public int ioThreadPoolSize() {
		return this.delegate.ioThreadPoolSize();
	}

	@Override
	public Delay reconnectDelay() {
		return this.delegate.reconnectDelay();
	}

	@Override
	public Timer timer() {
		return this.delegate.timer();
	}

	@Override
	public Tracing tracing() {
		return this.delegate.tracing();
	}

}
