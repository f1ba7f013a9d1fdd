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

package io.github.azureredis.token;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log of one run of the renewal: each outage has one line for its start, one for the
 * expiry of the token and one for its end. Used by the thread of the loop only.
 */
final class RenewalLog {

	private static final Logger logger = LoggerFactory.getLogger(EntraTokenProvider.class);

	private final String credentialName;

	private final String scope;

	private @Nullable TokenRenewalFailedEvent lastFailure;

	private boolean expiryReported;

	RenewalLog(String credentialName, String scope) {
		this.credentialName = credentialName;
		this.scope = scope;
	}

	void renewed(Instant expiresAt) {
		logger.debug("{} returned a new token, which lasts until {}", this.credentialName, expiresAt);
		endOutage(expiresAt);
		this.expiryReported = false;
	}

	void unchanged(Instant expiresAt) {
		logger.debug("{} returned the current token again, which lasts until {}", this.credentialName, expiresAt);
		endOutage(expiresAt);
	}

	void failed(TokenRenewalFailedEvent event, boolean valid) {
		if (this.lastFailure == null) {
			logger.warn("Token renewal fails and will be tried again until it works. {}. Credential {}, scope {}: {}",
					valid ? "The current token lasts until " + event.getCurrentExpiresAt() : "There is no token",
					this.credentialName, this.scope, String.join("; ", event.getReasons()));
		}
		this.lastFailure = event;
		logger.debug("Request {} for a token failed", event.getFailureCount(), event.getCause());
	}

	void expired(Instant expiresAt) {
		if (this.lastFailure != null && !this.expiryReported) {
			this.expiryReported = true;
			logger.error("The token expired at {} and there is no new one. Redis closes its connections now, and no"
					+ " new ones can be made until renewal works again", expiresAt);
		}
	}

	private void endOutage(Instant expiresAt) {
		if (this.lastFailure != null) {
			logger.info("Token renewal works again after {} failed requests since {}. The token lasts until {}",
					this.lastFailure.getFailureCount(), this.lastFailure.getFailingSince(), expiresAt);
			this.lastFailure = null;
		}
	}

}
