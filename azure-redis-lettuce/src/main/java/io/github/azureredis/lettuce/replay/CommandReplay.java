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

package io.github.azureredis.lettuce.replay;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/**
 * {@link ReplayPolicy} for the connections of a client. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CommandReplay {

	private final ReplayPolicy policy;

	private final List<ReplayListener> listeners;

	private final Set<Endpoint> lostWatches = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	/**
	 * Create an instance.
	 * @param policy the policy
	 * @param listeners the listeners for commands that are sent again or fail
	 */
	public CommandReplay(ReplayPolicy policy, ReplayListener... listeners) {
		this.policy = policy;
		this.listeners = List.of(listeners);
	}

	/**
	 * Add the policy to a connection.
	 * @param channel the channel, with the handlers of Lettuce
	 * @throws IllegalStateException if a handler of Lettuce is missing
	 */
	public void install(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		ChannelHandlerContext lettuce = pipeline.context(CommandHandler.class);
		if (lettuce == null) {
			throw new IllegalStateException("This version of Lettuce has no CommandHandler in its pipeline");
		}
		CommandHandler handler = (CommandHandler) lettuce.handler();
		// Lettuce expects a reply to each command that it has passed on.
		pipeline.addAfter(lettuce.name(), null, new AbandonedCommands());
		Transactions transactions = null;
		if (this.policy != ReplayPolicy.ALL) {
			transactions = new Transactions(handler.getEndpoint(), this.lostWatches);
			pipeline.addAfter(lettuce.name(), null, transactions);
		}
		pipeline.addBefore(lettuce.name(), null,
				new UnansweredCommands(handler, this.policy, transactions, this.listeners));
	}

}
