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

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.github.azureredis.autoconfigure.monitor.AzureRedisMonitor;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.ConnectionTotals;
import io.github.azureredis.autoconfigure.monitor.AzureRedisStatus.Totals;
import io.github.azureredis.token.EntraTokenStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one instance. They refer to the monitor, which lives as long as the
 * application: a registry does not keep what its meters refer to.
 */
class InstanceMeters {

	private static final String UNANSWERED = "azure.redis.commands.unanswered";

	private static final String UNANSWERED_DESCRIPTION = "Commands whose connection was lost before the reply";

	private final AzureRedisMonitor monitor;

	private final String name;

	private final Function<AzureRedisMonitor, AzureRedisStatus> status;

	/**
	 * Create meters.
	 * @param monitor the monitor
	 * @param name the name of the instance
	 * @param status what asks the monitor for the status of the instance
	 */
	InstanceMeters(AzureRedisMonitor monitor, String name, Function<AzureRedisMonitor, AzureRedisStatus> status) {
		this.monitor = monitor;
		this.name = name;
		this.status = status;
	}

	void bindTo(MeterRegistry registry) {
		// Not "endpoint" and "instance" alone, which Prometheus gives each target.
		Tags tags = Tags.of("redis.endpoint", this.status.apply(this.monitor).getInstance().getAddress(),
				"redis.instance", this.name);
		bindRenewals(registry, tags.and("outcome", "success"), Totals::getRenewals, Totals::getRenewalTime);
		bindRenewals(registry, tags.and("outcome", "failure"), Totals::getFailedRenewals, Totals::getFailedRenewalTime);
		bindTime(registry, tags, "azure.redis.token.renewal.failing", InstanceMeters::failingTime,
				"How long renewal has been failing, 0 while it works");
		bindTime(registry, tags, "azure.redis.token.remaining", AzureRedisStatus::getTokenRemainingLife,
				"How long the token still lives, 0 if there is none");
		bindTime(registry, tags, "azure.redis.token.propagation", AzureRedisStatus::getPropagationTime,
				"Time from the last renewal to the last re-authentication with its token");
		bindReauthentications(registry, tags.and("outcome", "success"), Totals::getReauthentications);
		bindReauthentications(registry, tags.and("outcome", "failure"), Totals::getFailedReauthentications);
		bindConnections(registry, tags, "azure.redis.connections.opened", ConnectionTotals::getOpened,
				"Connections whose handshake has succeeded, those that read the topology included");
		bindConnections(registry, tags, "azure.redis.connections.lost", ConnectionTotals::getLost,
				"Connections that ended without being closed by the client");
		bindConnections(registry, tags, "azure.redis.topology.reads", ConnectionTotals::getTopologyReads,
				"Reads of the topology of the cluster");
		bindConnections(registry, tags.and("outcome", "sent-again"), UNANSWERED, ConnectionTotals::getCommandsSentAgain,
				UNANSWERED_DESCRIPTION);
		bindConnections(registry, tags.and("outcome", "refused"), UNANSWERED, ConnectionTotals::getCommandsRefused,
				UNANSWERED_DESCRIPTION);
		Gauge
			.builder("azure.redis.connections", this.monitor,
					(monitor) -> this.status.apply(monitor).getAuthentication().getConnectionCount())
			.tags(tags)
			.baseUnit(BaseUnits.CONNECTIONS)
			.description("Open connections that are authenticated with a token")
			.register(registry);
	}

	private void bindRenewals(MeterRegistry registry, Tags tags, ToLongFunction<Totals> count,
			Function<Totals, Duration> time) {
		FunctionTimer
			.builder("azure.redis.token.renewals", this.monitor,
					(monitor) -> count.applyAsLong(this.status.apply(monitor).getTotals()),
					(monitor) -> time.apply(this.status.apply(monitor).getTotals()).toNanos(), TimeUnit.NANOSECONDS)
			.tags(tags)
			.description("Requests for a token that gave a new one or failed")
			.register(registry);
	}

	private void bindReauthentications(MeterRegistry registry, Tags tags, ToLongFunction<Totals> count) {
		FunctionCounter
			.builder("azure.redis.reauthentications", this.monitor,
					(monitor) -> count.applyAsLong(this.status.apply(monitor).getTotals()))
			.tags(tags)
			.description("Answers to AUTH with a new token on a live connection")
			.register(registry);
	}

	private void bindConnections(MeterRegistry registry, Tags tags, String name, ToLongFunction<ConnectionTotals> count,
			String description) {
		FunctionCounter
			.builder(name, this.monitor,
					(monitor) -> count.applyAsLong(this.status.apply(monitor).getConnectionTotals()))
			.tags(tags)
			.description(description)
			.register(registry);
	}

	private void bindTime(MeterRegistry registry, Tags tags, String name,
			Function<AzureRedisStatus, @Nullable Duration> time, String description) {
		TimeGauge
			.builder(name, this.monitor, TimeUnit.NANOSECONDS,
					(monitor) -> nanos(time.apply(this.status.apply(monitor))))
			.tags(tags)
			.description(description)
			.register(registry);
	}

	private static double nanos(@Nullable Duration duration) {
		return (duration != null) ? duration.toNanos() : Double.NaN;
	}

	private static @Nullable Duration failingTime(AzureRedisStatus status) {
		EntraTokenStatus token = status.getToken();
		if (token == null) {
			return null;
		}
		Instant failingSince = token.getFailingSince();
		return (failingSince != null) ? Duration.between(failingSince, status.getTimestamp()) : Duration.ZERO;
	}

}
