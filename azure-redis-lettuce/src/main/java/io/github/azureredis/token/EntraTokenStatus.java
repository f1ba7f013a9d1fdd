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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How an {@link EntraTokenProvider} stands at one moment. Immutable. Never holds a token.
 *
 * @param credentialName the simple class name of the credential
 * @param scope the scope that is asked for
 * @param objectId the identity that the latest token speaks for, {@code null} if there
 * has been none or it does not tell
 * @param issuedAt when the latest token was issued, {@code null} if there has been none
 * @param renewedAt when it was obtained, {@code null} if there has been none
 * @param expiresAt when it ends or ended, {@code null} if there has been none
 * @param nextRequestAt when the credential will be asked next, or is being asked since
 * @param failingSince when the first request of the present outage failed, {@code null}
 * while renewal works
 * @param failures how many requests have failed since then
 * @param reasons why the last of them failed, a line each, empty while renewal works
 * @since 0.1.0
 */
public record EntraTokenStatus(String credentialName, String scope, @Nullable String objectId,
		@Nullable Instant issuedAt, @Nullable Instant renewedAt, @Nullable Instant expiresAt, Instant nextRequestAt,
		@Nullable Instant failingSince, int failures, List<String> reasons) {

	/**
	 * Create a status.
	 */
	public EntraTokenStatus {
		reasons = List.copyOf(reasons);
	}

}
