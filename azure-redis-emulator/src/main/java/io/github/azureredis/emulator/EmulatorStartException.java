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

import org.jspecify.annotations.Nullable;

/**
 * Thrown when an {@link AzureRedisEmulator} or its Redis server cannot be started. The
 * message says what was tried and, where there is one, names the remedy.
 *
 * @since 0.1.0
 */
public class EmulatorStartException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	EmulatorStartException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
