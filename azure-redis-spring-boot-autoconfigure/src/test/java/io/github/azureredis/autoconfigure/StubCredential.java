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

import java.time.OffsetDateTime;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import reactor.core.publisher.Mono;

/**
 * A {@link TokenCredential} that records what it is asked for.
 */
public class StubCredential implements TokenCredential {

	private final BlockingQueue<TokenRequestContext> requests = new LinkedBlockingQueue<>();

	@Override
	public Mono<AccessToken> getToken(TokenRequestContext request) {
		return Mono.fromSupplier(() -> {
			this.requests.add(request);
			return new AccessToken("stub-token", OffsetDateTime.now().plusHours(1));
		});
	}

	public BlockingQueue<TokenRequestContext> requests() {
		return this.requests;
	}

}
