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

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.MaintNotificationsConfig.EndpointType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.IOUringProvider;

/**
 * Options for clients of Azure Redis, where Lettuce's defaults do not suit Azure. Each
 * method changes its one thing and keeps the rest.
 *
 * @since 0.1.0
 */
public final class AzureConnectionDefaults {

	/**
	 * How long Lettuce ignores other triggers after one that it has answered by reading
	 * the topology of a cluster.
	 */
	public static final Duration TOPOLOGY_REFRESH_INTERVAL = Duration.ofSeconds(1);

	private static final Duration TCP_USER_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(5);

	private static final Duration TOPOLOGY_REFRESH_PERIOD = Duration.ofMinutes(1);

	private static final boolean LETTUCE_7 = isPresent("io.lettuce.core.MaintNotificationsConfig");

	private AzureConnectionDefaults() {
	}

	/**
	 * Enable {@code TCP_USER_TIMEOUT} with 30 seconds. Without it, an application on
	 * Linux keeps using a connection whose other end has disappeared for about 15 minutes
	 * (<a href="https://github.com/redis/lettuce/issues/2082">lettuce#2082 </a>). Has no
	 * effect without a native transport, where Lettuce would refuse it.
	 * @param options the options to change
	 */
	public static void tcpUserTimeout(ClientOptions.Builder options) {
		if (EpollProvider.isAvailable() || IOUringProvider.isAvailable()) {
			SocketOptions socketOptions = options.build().getSocketOptions();
			options.socketOptions(socketOptions.mutate()
				.tcpUserTimeout(TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(TCP_USER_TIMEOUT).build())
				.build());
		}
	}

	/**
	 * Reconnect after a random delay that grows to 5 seconds at most. Lettuce's own delay
	 * is not random, so that all clients of an instance come back at the same moment, and
	 * it grows to 30 seconds.
	 * @param resources the resources to change
	 */
	public static void reconnectDelay(ClientResources.Builder resources) {
		resources.reconnectDelay(Delay.fullJitter(Duration.ZERO, LONGEST_RECONNECT_DELAY, 100, TimeUnit.MILLISECONDS));
	}

	/**
	 * Leave nodes out of the topology whose address is not known, that have not joined
	 * yet, or that have failed and been replaced. Lettuce would hold commands back for
	 * such a node until they time out. A failed node that still has slots is kept:
	 * commands for these wait until another node has taken them over, and would fail at
	 * once without it.
	 * @param options the options to change
	 */
	public static void withoutFailedNodes(ClusterClientOptions.Builder options) {
		options.nodeFilter((node) -> !node.is(NodeFlag.NOADDR) && !node.is(NodeFlag.HANDSHAKE)
				&& !(node.is(NodeFlag.FAIL) && node.getSlots().isEmpty()));
	}

	/**
	 * Request maintenance notifications without addresses. After such a notification, a
	 * client connects to its endpoint again. Lettuce would request the new address of the
	 * server, and would connect there past its own address resolver, under a name that
	 * may be neither reachable nor in the certificate. Has no effect before Lettuce 7,
	 * which has no such notifications.
	 * @param options the options to change
	 */
	public static void maintenanceNotifications(ClientOptions.Builder options) {
		if (LETTUCE_7) {
			Lettuce7.maintenanceNotifications(options);
		}
	}

	/**
	 * Create a builder for options that keep the topology of a cluster up to date: it is
	 * read when a command is redirected with {@code MOVED}, when its slot has no node or
	 * its node is not known, after several attempts to reach a node, and every minute in
	 * any case. Only the endpoint is asked. Lettuce would ask each node, which takes a
	 * new connection and an authentication for each of them. {@code ASK} is no trigger,
	 * since it does not mean that the topology has changed.
	 * @param adaptive whether to enable the triggers; from Lettuce 7 on they are enabled
	 * in any case
	 * @return a builder
	 */
	@SuppressWarnings("deprecation")
	public static ClusterTopologyRefreshOptions.Builder topologyRefresh(boolean adaptive) {
		ClusterTopologyRefreshOptions.Builder options = ClusterTopologyRefreshOptions.builder()
			.adaptiveRefreshTriggersTimeout(TOPOLOGY_REFRESH_INTERVAL)
			.enablePeriodicRefresh(TOPOLOGY_REFRESH_PERIOD)
			.dynamicRefreshSources(false);
		if (LETTUCE_7) {
			Lettuce7.withoutAskTrigger(options);
		}
		return adaptive ? options.enableAdaptiveRefreshTrigger(RefreshTrigger.MOVED_REDIRECT,
				RefreshTrigger.UNCOVERED_SLOT, RefreshTrigger.UNKNOWN_NODE, RefreshTrigger.PERSISTENT_RECONNECTS)
				: options;
	}

	private static boolean isPresent(String className) {
		try {
			Class.forName(className, false, AzureConnectionDefaults.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Options that came with Lettuce 7, in a class that an older Lettuce does not load.
	 */
	private static final class Lettuce7 {

		static void maintenanceNotifications(ClientOptions.Builder options) {
			options.maintNotificationsConfig(MaintNotificationsConfig.enabled(EndpointType.NONE));
		}

		static void withoutAskTrigger(ClusterTopologyRefreshOptions.Builder options) {
			options.disableAdaptiveRefreshTrigger(RefreshTrigger.ASK_REDIRECT);
		}

	}

}
