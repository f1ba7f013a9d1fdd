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

package io.github.azureredis.autoconfigure.actuate;

import io.github.azureredis.autoconfigure.instances.InstanceNames;
import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for tokens and connections. All meters read totals that are counted
 * elsewhere, so that events before the first registry are not lost, and several
 * registries show the same.
 */
final class AzureRedisMetrics implements MeterBinder {

	private final AzureRedisMonitor monitor;

	AzureRedisMetrics(AzureRedisMonitor monitor) {
		this.monitor = monitor;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.monitor.hasDefaultInstance()) {
			new InstanceMeters(this.monitor, InstanceNames.DEFAULT, AzureRedisMonitor::getStatus).bindTo(registry);
		}
		for (String name : this.monitor.getInstanceNames()) {
			new InstanceMeters(this.monitor, name, (monitor) -> monitor.getStatus(name)).bindTo(registry);
		}
	}

}
