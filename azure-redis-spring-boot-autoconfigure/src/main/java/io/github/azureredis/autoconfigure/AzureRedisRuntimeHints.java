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

package io.github.azureredis.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * {@link RuntimeHintsRegistrar} for classes that are looked up by name.
 */
class AzureRedisRuntimeHints implements RuntimeHintsRegistrar {

	/**
	 * Optional dependencies whose presence is checked at run time.
	 */
	private static final List<String> OPTIONAL = List.of("com.azure.identity.DefaultAzureCredentialBuilder",
			"io.lettuce.core.MaintNotificationsConfig", "org.apache.commons.pool2.ObjectPool");

	/**
	 * Netty looks in each handler for methods that it need not call.
	 */
	private static final List<String> HANDLERS = List.of("io.github.azureredis.lettuce.CommandFailureHandler",
			"io.github.azureredis.lettuce.ConnectionAttemptHandler", "io.github.azureredis.lettuce.ConnectionCommands",
			"io.github.azureredis.lettuce.KeepAliveHandler", "io.github.azureredis.lettuce.ReauthenticationHandler",
			"io.github.azureredis.lettuce.TokenGate", "io.github.azureredis.lettuce.maintenance.EndpointMoveHandler",
			"io.github.azureredis.lettuce.pipeline.CommandObserver",
			"io.github.azureredis.lettuce.replay.AbandonedCommands", "io.github.azureredis.lettuce.replay.Transactions",
			"io.github.azureredis.lettuce.replay.UnansweredCommands",
			"io.github.azureredis.lettuce.topology.MaintenancePushHandler",
			"io.github.azureredis.lettuce.topology.SilenceHandler",
			"io.github.azureredis.lettuce.topology.TopologyAnswerHandler",
			"io.github.azureredis.lettuce.topology.TopologyReadHandler");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		OPTIONAL.forEach((type) -> hints.reflection().registerTypeIfPresent(classLoader, type));
		HANDLERS.forEach((type) -> hints.reflection().registerTypeIfPresent(classLoader, type));
	}

}
