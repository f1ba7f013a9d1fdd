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

import java.time.Clock;

import io.github.azureredis.autoconfigure.AzureRedisEventRecorder.Recording;
import io.github.azureredis.autoconfigure.AzureRedisStatus.Authentication;
import io.github.azureredis.autoconfigure.LazyEntraAuthentication.Started;
import io.github.azureredis.token.EntraTokenStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * {@link AzureRedisMonitor} that puts together what others know.
 */
class DefaultAzureRedisMonitor implements AzureRedisMonitor {

	private final AzureRedisProperties properties;

	private final AzureRedisEndpoint endpoint;

	private final LazyEntraAuthentication authentication;

	private final AzureRedisClustering clustering;

	private final Clock clock = Clock.systemUTC();

	DefaultAzureRedisMonitor(AzureRedisProperties properties, AzureRedisEndpoint endpoint,
			LazyEntraAuthentication authentication, AzureRedisClustering clustering) {
		this.properties = properties;
		this.endpoint = endpoint;
		this.authentication = authentication;
		this.clustering = clustering;
	}

	@Override
	public AzureRedisStatus status() {
		AzureRedisClustering.Decision clustering = this.clustering.known();
		Started started = this.authentication.started();
		EntraTokenStatus token = (started != null) ? started.tokens().getStatus() : null;
		Recording recording = this.authentication.recorder().recording();
		return new AzureRedisStatus(this.clock.instant(), this.endpoint, portReason(),
				(clustering != null) ? clustering.policy() : null, (clustering != null) ? clustering.reason() : null,
				authentication(started), (started != null) ? started.credential() : null, username(started, token),
				token, (started != null) ? started.entra().connectionCount() : 0, recording.totals(),
				recording.propagationTime(), recording.events());
	}

	private String portReason() {
		Integer configured = this.properties.getPort();
		if (configured != null && configured == this.endpoint.port()) {
			return "azure.redis.port";
		}
		Integer byDefault = this.endpoint.offering().defaultPort();
		return (byDefault != null && byDefault == this.endpoint.port()) ? "host name" : "AzureRedisEndpoint bean";
	}

	private Authentication authentication(@Nullable Started started) {
		if (started != null) {
			return Authentication.TOKEN;
		}
		return hasAccessKey() ? Authentication.ACCESS_KEY : Authentication.NOT_STARTED;
	}

	private @Nullable String username(@Nullable Started started, @Nullable EntraTokenStatus token) {
		if (started != null && started.username() != null) {
			return started.username();
		}
		if (token != null) {
			return token.getObjectId();
		}
		String username = this.properties.getUsername();
		return (hasAccessKey() && StringUtils.hasText(username)) ? username : null;
	}

	private boolean hasAccessKey() {
		return StringUtils.hasText(this.properties.getAccessKey());
	}

}
