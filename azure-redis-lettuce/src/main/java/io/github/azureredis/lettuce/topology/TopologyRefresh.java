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

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.azureredis.lettuce.AzureConnectionDefaults;
import io.github.azureredis.lettuce.AzureRedisClientResources;
import io.github.azureredis.lettuce.ConnectionAttemptListener;
import io.github.azureredis.token.EntraTokenException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.event.cluster.AdaptiveRefreshTriggeredEvent;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Refresh of a cluster's topology that keeps up with what Azure does to the nodes: patch,
 * scale and replace them. The topology is read
 * <ul>
 * <li>at once when a connection to a node is lost, cannot be made or has not answered a
 * command for a second, and when the server announces maintenance,</li>
 * <li>a second after Lettuce has read it because of a redirected command, since Lettuce
 * ignores further redirections in that second,</li>
 * <li>a second after a node has left, until when its connections stay open,</li>
 * <li>every second, and after 15 seconds every 5 seconds, while slots have no node, or a
 * node of the topology could not be reached in the last minute or does not answer.</li>
 * </ul>
 * No trigger is dropped: if the last read was less than half a second ago, the next one
 * begins when that time has passed, and less often if that goes on for more than 15
 * seconds. Triggers that come together share a read. For a read, Lettuce connects to the
 * endpoint and authenticates there.
 * <p>
 * Add it to the resources with {@link #install install}, create a client with these
 * resources and pass that to {@link #setClient setClient}. Without a client, nothing is
 * read. An instance serves one client. Thread-safe.
 *
 * @since 0.1.0
 */
public final class TopologyRefresh implements AutoCloseable {

	private static final Set<RefreshTrigger> FOLLOWED_TRIGGERS = Set.of(RefreshTrigger.MOVED_REDIRECT,
			RefreshTrigger.UNCOVERED_SLOT, RefreshTrigger.UNKNOWN_NODE);

	private static final Duration IGNORED_AFTER_REDIRECTION = AzureConnectionDefaults.TOPOLOGY_REFRESH_INTERVAL
		.plusMillis(100);

	private static final Duration LONGEST_POSTPONEMENT = Duration.ofSeconds(3);

	private static final Duration JITTER = Duration.ofMillis(100);

	private final ClusterTopology topology = new ClusterTopology(this::client, System::nanoTime);

	private final RefreshScheduler scheduler = new RefreshScheduler(this.topology, this::schedule, System::nanoTime,
			() -> ThreadLocalRandom.current().nextLong(JITTER.toNanos()));

	private final SlotCoverage coverage = new SlotCoverage(System::nanoTime);

	private final DepartedNodes departed = new DepartedNodes(System::nanoTime);

	private final LongAdder reads = new LongAdder();

	private final Disposable.Swap triggers = Disposables.swap();

	private final Disposable.Swap afterRedirection = Disposables.swap();

	private final Disposable.Swap afterDeparture = Disposables.swap();

	private volatile Supplier<? extends @Nullable RedisClusterClient> client = () -> null;

	private volatile @Nullable RedisClusterClient followed;

	private @Nullable Long redirectedSince;

	/**
	 * Install this refresh in the resources of a client.
	 * @param resources the builder for the resources
	 */
	public void install(AzureRedisClientResources.Builder resources) {
		resources.attemptListener(new NodeListener()).handlers(this::addHandlers);
		countReads(resources);
	}

	/**
	 * Leave nodes out of the topology as
	 * {@link AzureConnectionDefaults#withoutFailedNodes} does, and those without slots
	 * that cannot be reached. Commands that Lettuce holds back for a failed master then
	 * go to its successor as soon as the topology shows it.
	 * @param options the options of the client
	 */
	public void withoutFailedNodes(ClusterClientOptions.Builder options) {
		AzureConnectionDefaults.withoutFailedNodes(options);
		Predicate<RedisClusterNode> usable = options.build().getNodeFilter();
		options.nodeFilter(
				(node) -> usable.test(node) && !(node.getSlots().isEmpty() && this.topology.isUnreachable(node)));
	}

	/**
	 * Only count the reads of a client, for one that reads the topology on its own. Not
	 * to be combined with {@link #install install}.
	 * @param resources the builder for the resources
	 */
	public void countReads(AzureRedisClientResources.Builder resources) {
		resources.handlers((channel) -> TopologyReadHandler.install(channel, this::readSent));
	}

	/**
	 * Set the client whose topology is refreshed.
	 * @param client the client
	 */
	public void setClient(RedisClusterClient client) {
		setClient(() -> client);
	}

	/**
	 * Set where to get the client whose topology is refreshed, for a client that is
	 * created later or more than once.
	 * @param client returns the current client, {@code null} if there is none; called
	 * from threads that must not be blocked
	 */
	public void setClient(Supplier<? extends @Nullable RedisClusterClient> client) {
		this.client = client;
	}

	/**
	 * Request a read of the topology, because something is known to have changed. The
	 * read begins at once or half a second after the last one, and requests that come
	 * together share it. This method does not block. Has no effect without a client,
	 * before its first connection and after {@link #close() close}.
	 */
	public void request() {
		// Not before there has been a connection: then it is the first commands of the
		// application that read the topology, and learn why they cannot.
		if (this.followed != null) {
			this.scheduler.request();
		}
	}

	/**
	 * Return how often the topology has been read, whatever the reason. Reads when the
	 * client starts, and those of Lettuce, are included.
	 * @return the number of requests for the topology that have been sent
	 */
	public long getReadCount() {
		return this.reads.sum();
	}

	/**
	 * Stop refreshing. Lettuce continues to refresh on its own. Has no effect if already
	 * closed.
	 */
	@Override
	public void close() {
		this.client = () -> null;
		this.triggers.dispose();
		this.afterRedirection.dispose();
		this.afterDeparture.dispose();
		this.scheduler.reset();
	}

	private void addHandlers(Channel channel) {
		TopologyAnswerHandler.install(channel, this::edit);
		channel.pipeline()
			.addLast(new SilenceHandler(this::silent, this.topology::answered),
					new MaintenancePushHandler(this::request));
	}

	private void unreachable(@Nullable SocketAddress address) {
		if (this.topology.unreachable(address)) {
			request();
		}
	}

	private @Nullable String edit(String nodes) {
		if (!this.coverage.accept(nodes)) {
			request();
			return null;
		}
		String edited = this.departed.addTo(nodes);
		if (!edited.equals(nodes)) {
			this.afterDeparture.update(schedule(this::request, DepartedNodes.STAY.toNanos()));
		}
		return edited;
	}

	private void silent(Object connection, @Nullable SocketAddress address) {
		this.topology.silent(connection, address);
		request();
	}

	private void readSent() {
		this.reads.increment();
		this.scheduler.readSent();
	}

	/**
	 * Follow the client, which may not be the one before.
	 */
	private synchronized void follow() {
		RedisClusterClient client = client();
		if (client != null && client != this.followed) {
			this.scheduler.reset();
			this.topology.reset();
			this.coverage.reset();
			this.departed.reset();
			this.followed = client;
			this.triggers.update(client.getResources()
				.eventBus()
				.get()
				.ofType(AdaptiveRefreshTriggeredEvent.class)
				.filter((event) -> FOLLOWED_TRIGGERS.contains(event.getRefreshTrigger())
						&& this.topology.isOf(event.getPartitions()))
				.subscribe((event) -> requestAfterRedirection()));
		}
	}

	/**
	 * Request a read when Lettuce heeds redirections again. If it has triggered another
	 * read by then, the request is postponed, but not for long: such a read may hang.
	 */
	private synchronized void requestAfterRedirection() {
		long now = System.nanoTime();
		Long since = this.redirectedSince;
		if (since == null) {
			this.redirectedSince = now;
		}
		else if (now - since > LONGEST_POSTPONEMENT.toNanos()) {
			return;
		}
		this.afterRedirection.update(schedule(() -> {
			endOfRedirections();
			request();
		}, IGNORED_AFTER_REDIRECTION.toNanos()));
	}

	private synchronized void endOfRedirections() {
		this.redirectedSince = null;
	}

	private @Nullable RedisClusterClient client() {
		return this.client.get();
	}

	private Disposable schedule(Runnable task, long delay) {
		RedisClusterClient client = this.followed;
		if (client != null) {
			try {
				Future<?> scheduled = client.getResources()
					.eventExecutorGroup()
					.schedule(task, delay, TimeUnit.NANOSECONDS);
				return () -> scheduled.cancel(false);
			}
			catch (RejectedExecutionException ex) {
				// The client is shut down, so nothing is left to refresh.
			}
		}
		return Disposables.disposed();
	}

	private static boolean isAnswer(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof RedisCommandExecutionException || cause instanceof EntraTokenException) {
				return true;
			}
		}
		return false;
	}

	/**
	 * {@link ConnectionAttemptListener} that tells which nodes can be reached.
	 */
	private final class NodeListener implements ConnectionAttemptListener {

		@Override
		public void onConnected(@Nullable SocketAddress remoteAddress) {
			TopologyRefresh.this.topology.reachable(remoteAddress);
			follow();
		}

		@Override
		public void onConnectFailed(@Nullable SocketAddress remoteAddress, Throwable cause) {
			// A server that refuses a login can be reached, and without a token nobody
			// has asked it.
			if (!isAnswer(cause)) {
				unreachable(remoteAddress);
			}
		}

		@Override
		public void onConnectionLost(@Nullable SocketAddress remoteAddress) {
			unreachable(remoteAddress);
		}

	}

}
