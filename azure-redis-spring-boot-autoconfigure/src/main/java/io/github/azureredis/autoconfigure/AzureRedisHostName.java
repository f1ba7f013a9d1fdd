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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code azure.redis.host}. People paste whole URLs and connection strings
 * there, so what is shown of a wrong value is never more than scheme, host and port.
 */
final class AzureRedisHostName {

	static final String PROPERTY = "azure.redis.host";

	private static final Pattern VALID = Pattern
		.compile("\\w([\\w.-]*\\w)?\\.?|[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

	private static final Pattern HOST_AND_PORT = Pattern.compile("\\s*([\\w.-]*)(?::(\\d+))?");

	private final String value;

	AzureRedisHostName(String value) {
		this.value = value;
	}

	@Nullable Problem problem() {
		if (VALID.matcher(this.value).matches()) {
			return null;
		}
		String beforeOptions = this.value.split("[,;]", 2)[0];
		int schemeEnd = beforeOptions.indexOf("://");
		String scheme = (schemeEnd != -1) ? beforeOptions.substring(0, schemeEnd + 3) : "";
		String address = beforeOptions.substring(Math.max(scheme.length(), beforeOptions.lastIndexOf('@') + 1));
		Matcher parts = HOST_AND_PORT.matcher(address);
		parts.lookingAt();
		String host = parts.group(1);
		String port = parts.group(2);
		String shown = scheme + host + ((port != null) ? ":" + port : "");
		String action = host.isEmpty()
				? "Set '" + PROPERTY + "' to a host name, for example 'my-cache.westeurope.redis.azure.net'."
				: "Set '" + PROPERTY + "' to '" + host + "' alone"
						+ ((port != null) ? " and 'azure.redis.port' to " + port + "." : ".");
		return new Problem(PROPERTY,
				"'" + PROPERTY + "' starts with '" + shown + "' and is not a host name: it has " + surplus(scheme),
				action);
	}

	private String surplus(String scheme) {
		if (!scheme.isEmpty()) {
			return "a scheme.";
		}
		if (this.value.matches(".*[,;=@].*")) {
			return "options or credentials.";
		}
		if (this.value.contains("/")) {
			return "a path.";
		}
		if (this.value.matches("[\\w.-]+:\\d*")) {
			return "a port.";
		}
		return "white space or other characters that host names do not have.";
	}

}
