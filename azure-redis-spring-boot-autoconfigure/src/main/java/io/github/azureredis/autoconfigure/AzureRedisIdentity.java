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

import org.jspecify.annotations.Nullable;

/**
 * The identity that the application has at Azure Redis.
 *
 * @since 0.1.0
 */
public interface AzureRedisIdentity {

	/**
	 * The object id of the identity that the token in use speaks for.
	 * @return the object id or {@code null} if there is no valid token or it does not
	 * tell
	 */
	@Nullable String objectId();

}
