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

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import io.github.azureredis.lettuce.pipeline.CommandObserver;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.topology.TopologyComparators;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.CommandWrapper;
import io.lettuce.core.protocol.RedisCommand;
import org.jspecify.annotations.Nullable;

/**
 * Request of Lettuce for the topology of a cluster whose answer is edited. It fails if
 * the answer is not to be used. Then Lettuce keeps the topology that it has.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 * @param <T> the type of the answer
 */
final class TopologyRequest<K, V, T> extends CommandWrapper<K, V, T> {

	/**
	 * The application, and each connection of a cluster client that begins, send
	 * {@code CLUSTER NODES} too, but as another kind of command.
	 */
	private static final String TOPOLOGY_PACKAGE = TopologyComparators.class.getPackageName();

	private final Function<String, @Nullable String> editor;

	/**
	 * Create a request.
	 * @param command the request of Lettuce
	 * @param editor returns what Lettuce is to use instead of an answer, {@code null} if
	 * it is to use nothing
	 */
	TopologyRequest(RedisCommand<K, V, T> command, Function<String, @Nullable String> editor) {
		super(command);
		this.editor = editor;
	}

	/**
	 * Return whether Lettuce requests the topology with a command.
	 * @param command the command, which may be wrapped, for tracing for example
	 * @return whether it does
	 */
	static boolean isTopologyRequest(RedisCommand<?, ?, ?> command) {
		return command.getType() == CommandType.CLUSTER && CommandObserver.anyMatch(command,
				(candidate) -> candidate.getClass().getPackageName().equals(TOPOLOGY_PACKAGE));
	}

	@Override
	public void complete() {
		CommandOutput<K, V, T> output = getOutput();
		if (output == null || output.hasError() || !(output.get() instanceof String nodes)) {
			super.complete();
			return;
		}
		String edited = this.editor.apply(nodes);
		if (edited == null) {
			completeExceptionally(new RedisException("The topology leaves slots without a node"));
			return;
		}
		if (!edited.equals(nodes)) {
			output.set(StandardCharsets.UTF_8.encode(edited));
		}
		super.complete();
	}

}
