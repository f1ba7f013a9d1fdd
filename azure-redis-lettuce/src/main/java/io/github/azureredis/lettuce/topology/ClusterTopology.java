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
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.jspecify.annotations.Nullable;

/**
 * {@link RefreshScheduler.Topology} of a {@link RedisClusterClient}, and the reachability
 * of its nodes. Thread-safe.
 */
final class ClusterTopology implements RefreshScheduler.Topology {

	/**
	 * How long a failure counts. Afterwards no connection tries to reach the node any
	 * more, or it would have failed again.
	 */
	static final Duration MEMORY = Duration.ofMinutes(1);

	/**
	 * Lettuce ends a read after its own timeouts, which may be longer. It goes on with
	 * such a read, but nothing waits for it.
	 */
	private static final long LONGEST_READ_SECONDS = 30;

	private final Supplier<@Nullable RedisClusterClient> client;

	private final LongSupplier nanoTime;

	/**
	 * When the last attempt failed, by address.
	 */
	private final Map<String, Long> unreachable = new ConcurrentHashMap<>();

	/**
	 * Addresses of connections that have not been answered, by connection.
	 */
	private final Map<Object, String> silent = new ConcurrentHashMap<>();

	private volatile boolean loaded;

	ClusterTopology(Supplier<@Nullable RedisClusterClient> client, LongSupplier nanoTime) {
		this.client = client;
		this.nanoTime = nanoTime;
	}

	/**
	 * Note that a node has been reached.
	 * @param address the address
	 */
	void reachable(@Nullable SocketAddress address) {
		this.unreachable.remove(key(address));
	}

	/**
	 * Note that a node cannot be reached.
	 * @param address the address that has been tried
	 * @return whether that is new
	 */
	boolean unreachable(@Nullable SocketAddress address) {
		return this.unreachable.put(key(address), this.nanoTime.getAsLong()) == null;
	}

	/**
	 * Return whether the last attempt to reach a node has failed.
	 * @param node the node
	 * @return whether it has, in the last minute
	 */
	boolean isUnreachable(RedisClusterNode node) {
		RedisClusterClient client = this.client.get();
		Long failedAt = (client != null) ? this.unreachable.get(key(client, node)) : null;
		return failedAt != null && !isForgotten(failedAt);
	}

	/**
	 * Note that a connection is not answered.
	 * @param connection the connection
	 * @param address its remote address
	 */
	void silent(Object connection, @Nullable SocketAddress address) {
		this.silent.put(connection, key(address));
	}

	/**
	 * Note that a connection is answered again, or has ended.
	 * @param connection the connection
	 */
	void answered(Object connection) {
		this.silent.remove(connection);
	}

	/**
	 * Forget what is known of the nodes.
	 */
	void reset() {
		this.loaded = false;
		this.unreachable.clear();
		this.silent.clear();
	}

	/**
	 * Return whether a topology is the one of the client.
	 * @param partitions the topology
	 * @return whether it is, or may be as long as that of the client has not been read
	 */
	boolean isOf(Partitions partitions) {
		RedisClusterClient client = this.client.get();
		// Lettuce would wait for the first read.
		return client != null && (!this.loaded || partitions == client.getPartitions());
	}

	@Override
	public CompletionStage<Boolean> read() {
		try {
			RedisClusterClient client = this.client.get();
			if (client == null) {
				return CompletableFuture.completedFuture(true);
			}
			return client.refreshPartitionsAsync()
				.toCompletableFuture()
				.orTimeout(LONGEST_READ_SECONDS, TimeUnit.SECONDS)
				.thenApply((result) -> isSettled(client));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private boolean isSettled(RedisClusterClient client) {
		Partitions partitions = client.getPartitions();
		this.loaded = true;
		Set<String> known = partitions.stream().map((node) -> key(client, node)).collect(Collectors.toSet());
		this.unreachable.entrySet().removeIf((node) -> !known.contains(node.getKey()) || isForgotten(node.getValue()));
		return this.unreachable.isEmpty() && this.silent.values().stream().noneMatch(known::contains)
				&& IntStream.range(0, SlotHash.SLOT_COUNT)
					.allMatch((slot) -> partitions.getPartitionBySlot(slot) != null);
	}

	private boolean isForgotten(long failedAt) {
		return this.nanoTime.getAsLong() - failedAt > MEMORY.toNanos();
	}

	private static String key(RedisClusterClient client, RedisClusterNode node) {
		return key(client.getResources().socketAddressResolver().resolve(node.getUri()));
	}

	private static String key(@Nullable SocketAddress address) {
		return (address instanceof InetSocketAddress inet) ? inet.getHostString() + ":" + inet.getPort()
				: String.valueOf(address);
	}

}
