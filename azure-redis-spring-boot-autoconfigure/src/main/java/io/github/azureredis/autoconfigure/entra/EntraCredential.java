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

package io.github.azureredis.autoconfigure.entra;

import com.azure.core.credential.TokenCredential;

/**
 * Credential that tokens are requested from.
 *
 * @param credential the credential
 * @param origin where the credential comes from, for messages
 * @param identity what is equal for credentials that give the same tokens
 */
record EntraCredential(TokenCredential credential, String origin, Object identity) {

	/**
	 * Create a credential that is the only one that gives its tokens.
	 * @param credential the credential
	 * @param origin where the credential comes from, for messages
	 */
	EntraCredential(TokenCredential credential, String origin) {
		this(credential, origin, new SameObject(credential));
	}

	/**
	 * Identity of a credential of which nothing else is known.
	 *
	 * @param credential the credential
	 */
	private record SameObject(TokenCredential credential) {

		@Override
		public boolean equals(Object other) {
			return other instanceof SameObject same && same.credential == this.credential;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this.credential);
		}

	}

}
