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

package io.github.azureredis.autoconfigure.cluster;

import java.util.Locale;

/**
 * Error replies to {@code CLUSTER} with which an instance says that it is not clustered.
 */
final class ClusterRefusal {

	private ClusterRefusal() {
	}

	/**
	 * Return whether a reply says that the instance is not clustered. Other errors, such
	 * as {@code NOPERM}, do not tell.
	 * @param error the reply
	 * @return {@code true} if the instance is not clustered
	 */
	static boolean isRefusal(String error) {
		String text = error.toLowerCase(Locale.ROOT);
		return isSupportDisabled(error) || text.startsWith("err unknown command")
				|| text.startsWith("err command is not allowed");
	}

	/**
	 * Return whether a reply is that of a Redis server without any cluster.
	 * @param error the reply
	 * @return {@code true} if cluster support is disabled
	 */
	static boolean isSupportDisabled(String error) {
		return error.toLowerCase(Locale.ROOT).contains("cluster support disabled");
	}

}
