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

import java.net.SocketAddress;

import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.util.NetUtil;

/**
 * {@link SocketAddressResolver} that reaches the nodes of a cluster through the name of
 * its endpoint. Azure announces IP addresses, which its certificates do not hold
 * (<a href="https://github.com/redis/lettuce/issues/1454">lettuce#1454</a>). Each node
 * answers under the name of the endpoint as well, at its own port.
 */
final class EndpointAddressResolver extends SocketAddressResolver {

	private final SocketAddressResolver delegate;

	private final String endpointHost;

	EndpointAddressResolver(SocketAddressResolver delegate, String endpointHost) {
		this.delegate = delegate;
		this.endpointHost = endpointHost;
	}

	@Override
	public SocketAddress resolve(RedisURI redisUri) {
		return this.delegate.resolve(
				isIpAddress(redisUri.getHost()) ? RedisURI.create(this.endpointHost, redisUri.getPort()) : redisUri);
	}

	static boolean isIpAddress(String host) {
		return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
	}

}
