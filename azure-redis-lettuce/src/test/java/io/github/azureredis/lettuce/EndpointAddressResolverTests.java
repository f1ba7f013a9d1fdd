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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolver;
import io.lettuce.core.resource.SocketAddressResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointAddressResolver}.
 */
class EndpointAddressResolverTests {

	private static final String ENDPOINT = "my-cache.westeurope.redis.azure.net";

	private final ClientResources resources = ClientResources.create();

	@AfterEach
	void shutDown() {
		this.resources.shutdown();
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.4", "2001:db8::7", "[2001:db8::7]", "::1", "fe80::1%eth0", "::ffff:10.0.0.4" })
	void whenNodeHasAnIpAddressThenIsReachedUnderTheNameOfTheEndpointAtItsOwnPort(String host) {
		assertThat(resolve(nodesAtEndpoint(this.resources, ENDPOINT), host))
			.isEqualTo(InetSocketAddress.createUnresolved(ENDPOINT, 8501));
	}

	@ParameterizedTest
	@ValueSource(strings = { "node-1.westeurope.redis.azure.net", "10.0.0.4.example.org", "10-0-0-4", ENDPOINT })
	void whenNodeHasANameThenItIsKept(String host) {
		assertThat(resolve(nodesAtEndpoint(this.resources, ENDPOINT), host))
			.isEqualTo(InetSocketAddress.createUnresolved(host, 8501));
	}

	@Test
	void whenEndpointIsAnIpAddressThenNothingIsChanged() {
		assertThat(nodesAtEndpoint(this.resources, "127.0.0.1").socketAddressResolver())
			.isSameAs(this.resources.socketAddressResolver());
	}

	@Test
	void whenApplicationHasAResolverThenItResolvesTheEndpoint() throws UnknownHostException {
		InetAddress address = InetAddress.getByAddress(ENDPOINT, new byte[] { 10, 1, 2, 3 });
		DnsResolver dnsResolver = (host) -> new InetAddress[] { address };
		ClientResources own = new DecoratedClientResources(this.resources, this.resources.nettyCustomizer(),
				SocketAddressResolver.create(dnsResolver));
		InetSocketAddress resolved = resolve(nodesAtEndpoint(own, ENDPOINT), "10.0.0.4");
		assertThat(resolved).isEqualTo(new InetSocketAddress(address, 8501));
		assertThat(resolved.getHostString()).isEqualTo(ENDPOINT);
	}

	@Test
	void whenDecoratedResourcesAreMutatedThenResolverIsKept() {
		ClientResources mutated = nodesAtEndpoint(this.resources, ENDPOINT).mutate().build();
		try {
			assertThat(resolve(mutated, "10.0.0.4").getHostString()).isEqualTo(ENDPOINT);
		}
		finally {
			mutated.shutdown();
		}
	}

	private static ClientResources nodesAtEndpoint(ClientResources resources, String endpointHost) {
		return AzureRedisClientResources.builder(resources).nodesAtEndpoint(endpointHost).build();
	}

	private static InetSocketAddress resolve(ClientResources resources, String host) {
		return (InetSocketAddress) resources.socketAddressResolver().resolve(RedisURI.create(host, 8501));
	}

}
