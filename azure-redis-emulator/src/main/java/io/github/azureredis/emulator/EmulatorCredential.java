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

package io.github.azureredis.emulator;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import reactor.core.publisher.Mono;

/**
 * A credential that gets its tokens from the emulator, without a cache.
 */
final class EmulatorCredential implements TokenCredential {

	private static final Set<String> SCOPES = Set.of("https://redis.azure.com/.default",
			"acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default");

	private final TokenEndpoint endpoint;

	private final String objectId;

	EmulatorCredential(TokenEndpoint endpoint, String objectId) {
		this.endpoint = endpoint;
		this.objectId = objectId;
	}

	@Override
	public Mono<AccessToken> getToken(TokenRequestContext request) {
		return Mono.fromFuture(() -> requestToken(request.getScopes()))
			.map((token) -> new AccessToken(token.text(), token.expiresAt().atOffset(ZoneOffset.UTC)))
			.onErrorMap(TokenEndpoint.TokenRequestException.class,
					(ex) -> new ClientAuthenticationException(ex.getMessage(), null, ex));
	}

	private CompletableFuture<IssuedToken> requestToken(List<String> scopes) {
		if (scopes.size() == 1 && SCOPES.contains(scopes.get(0))) {
			return this.endpoint.request(this.objectId);
		}
		return CompletableFuture.failedFuture(this.endpoint
			.refuse("AADSTS500011: The resource principal of the scopes " + scopes + " was not found in the tenant"));
	}

}
