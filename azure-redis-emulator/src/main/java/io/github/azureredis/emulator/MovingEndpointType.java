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

import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * How a client wants to be told the address that its connection moves to.
 *
 * @see <a href=
 * "https://github.com/redis/lettuce/blob/7.5.2.RELEASE/src/main/java/io/lettuce/core/MaintNotificationsConfig.java">The
 * types in Lettuce</a>
 */
enum MovingEndpointType {

	INTERNAL_IP("127.0.0.1"),

	INTERNAL_FQDN("localhost"),

	EXTERNAL_IP("127.0.0.1"),

	EXTERNAL_FQDN("localhost"),

	NONE(null);

	private final @Nullable String host;

	MovingEndpointType(@Nullable String host) {
		this.host = host;
	}

	/**
	 * Return the type with a name, in any case, or {@code null} if there is none.
	 */
	static @Nullable MovingEndpointType find(String name) {
		return Stream.of(values()).filter((type) -> type.toString().equalsIgnoreCase(name)).findFirst().orElse(null);
	}

	/**
	 * Return the emulator's host, or {@code null} if no address is to be told.
	 */
	@Nullable String host() {
		return this.host;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
