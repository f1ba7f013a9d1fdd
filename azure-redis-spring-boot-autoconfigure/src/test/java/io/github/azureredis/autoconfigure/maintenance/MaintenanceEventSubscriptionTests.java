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

package io.github.azureredis.autoconfigure.maintenance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.maintenance.MaintenanceEventSubscription.Dispatcher;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.StringCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MaintenanceEventSubscription} that need no server.
 */
@ExtendWith(OutputCaptureExtension.class)
class MaintenanceEventSubscriptionTests {

	private final ScheduledThreadPoolExecutor executor = mock(ScheduledThreadPoolExecutor.class);

	private final MaintenanceEventSubscription subscription = new MaintenanceEventSubscription(true,
			AzureRedisInstance.of("localhost", 6380, AzureRedisOffering.CACHE_FOR_REDIS, null), () -> null, List::of);

	@Test
	void whenServerRefusesAgainAndAgainThenSaysSoOncePerClient(CapturedOutput output) {
		RedisClient client = refusedClient();
		for (int i = 0; i < 3; i++) {
			assertThat(this.subscription.subscribe(client, this.executor)).isFalse();
		}
		assertThat(output).containsOnlyOnce("Azure Redis at localhost:6380 refuses the subscription to"
				+ " 'AzureRedisEvents' (NOPERM No permissions to access a channel) and will be asked again every minute."
				+ " Allow the identity to subscribe to that channel, or remove 'azure.redis.maintenance-events.enabled'");
		this.subscription.subscribe(refusedClient(), this.executor);
		assertThat(output.getOut().split("refuses the subscription", -1)).hasSize(3);
	}

	@Test
	void whenListenerFailsThenOthersAreTold(CapturedOutput output) {
		List<AzureRedisMaintenanceEvent> received = new ArrayList<>();
		new Dispatcher(List.of((event) -> {
			throw new IllegalStateException("from the test");
		}, received::add)).message(MaintenanceEventSubscription.CHANNEL, "NotificationType|NodeMaintenanceEnded");
		assertThat(received).hasSize(1);
		assertThat(output).containsOnlyOnce("A maintenance event listener failed");
	}

	private static RedisClient refusedClient() {
		RedisClient client = mock(RedisClient.class);
		given(client.connectPubSub(StringCodec.UTF8))
			.willThrow(new RedisCommandExecutionException("NOPERM No permissions to access a channel"));
		return client;
	}

}
