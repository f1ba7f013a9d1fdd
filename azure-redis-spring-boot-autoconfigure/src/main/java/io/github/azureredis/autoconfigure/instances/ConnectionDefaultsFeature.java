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

package io.github.azureredis.autoconfigure.instances;

import java.util.stream.Stream;

import io.github.azureredis.autoconfigure.AzureRedisClientCustomizer;
import io.github.azureredis.autoconfigure.DefaultInstanceOnly;
import io.github.azureredis.lettuce.AzureConnectionDefaults;
import io.github.azureredis.lettuce.replay.ReplayListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;

/**
 * {@link InstanceFeature} for defaults that suit connections to Azure better than those
 * of Lettuce.
 */
class ConnectionDefaultsFeature implements InstanceFeature {

	private final ObjectProvider<ReplayListener> listeners;

	ConnectionDefaultsFeature(ObjectProvider<ReplayListener> listeners) {
		this.listeners = listeners;
	}

	@Override
	public void addTo(NamedInstance instance) {
		AzureRedisClientCustomizer customizer = (client, resources) -> {
			resources.keepAlive();
			resources.replay(instance.getProperties().getReplay(), listeners(instance));
		};
		instance.add(customizer);
		LettuceClientOptionsBuilderCustomizer tcpUserTimeout = AzureConnectionDefaults::tcpUserTimeout;
		instance.add(tcpUserTimeout);
		LettuceClientOptionsBuilderCustomizer notifications = AzureConnectionDefaults::maintenanceNotifications;
		instance.add(notifications);
	}

	private ReplayListener[] listeners(NamedInstance instance) {
		Stream<ReplayListener> ofEveryInstance = this.listeners.orderedStream()
			.filter((listener) -> !(listener instanceof DefaultInstanceOnly));
		return Stream.concat(ofEveryInstance, instance.all(ReplayListener.class)).toArray(ReplayListener[]::new);
	}

}
