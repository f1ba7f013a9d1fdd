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

package io.github.azureredis.lettuce.topology;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.resource.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * {@link RefreshScheduler.Topology} of a {@link RedisClusterClient}, and what connections
 * have learned of its nodes. Thread-safe.
 */
final class ClusterTopology implements RefreshScheduler.Topology {

	/**
	 * Longer than the timeouts of connecting and of commands that Lettuce ends a read
	 * with.
	 */
	private static final long LONGEST_READ_SECONDS = 30;

	private final Supplier<@Nullable RedisClusterClient> client;

	private final Set<String> unreachable = ConcurrentHashMap.newKeySet();

	ClusterTopology(Supplier<@Nullable RedisClusterClient> client) {
		this.client = client;
	}

	void reachable(@Nullable SocketAddress address) {
		this.unreachable.remove(key(address));
	}

	/**
	 * Note that a node cannot be reached.
	 * @param address the address that has been tried
	 * @return whether that is new
	 */
	boolean unreachable(@Nullable SocketAddress address) {
		return this.unreachable.add(key(address));
	}

	/**
	 * Forget which nodes cannot be reached.
	 */
	void reset() {
		this.unreachable.clear();
	}

	@Override
	public CompletionStage<?> read() {
		RedisClusterClient client = this.client.get();
		if (client == null) {
			return CompletableFuture.completedFuture(null);
		}
		try {
			return client.refreshPartitionsAsync()
				.toCompletableFuture()
				.orTimeout(LONGEST_READ_SECONDS, TimeUnit.SECONDS);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Return whether the topology can be used. To be called after a read that has
	 * succeeded: Lettuce would wait for the first one.
	 */
	@Override
	public boolean isSettled() {
		RedisClusterClient client = this.client.get();
		if (client == null) {
			return true;
		}
		Partitions partitions = client.getPartitions();
		SocketAddressResolver resolver = client.getResources().socketAddressResolver();
		Set<String> known = partitions.stream()
			.map((node) -> key(resolver.resolve(node.getUri())))
			.collect(Collectors.toSet());
		this.unreachable.retainAll(known);
		return this.unreachable.isEmpty() && IntStream.range(0, SlotHash.SLOT_COUNT)
			.allMatch((slot) -> partitions.getPartitionBySlot(slot) != null);
	}

	private static String key(@Nullable SocketAddress address) {
		return (address instanceof InetSocketAddress inet) ? inet.getHostString() + ":" + inet.getPort()
				: String.valueOf(address);
	}

}
