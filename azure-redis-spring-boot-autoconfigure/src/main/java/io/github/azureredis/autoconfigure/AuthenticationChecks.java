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

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Checks of the properties for access keys, credentials and tokens.
 */
final class AuthenticationChecks {

	private static final String CREDENTIAL = "azure.redis.credential.";

	private static final String MARGIN = "azure.redis.token.refresh-before-expiry";

	private static final String SPREAD = "azure.redis.token.reauthentication-spread";

	private static final String TIMEOUT = "azure.redis.token.request-timeout";

	private AuthenticationChecks() {
	}

	/**
	 * Check the properties.
	 * @param properties the properties
	 * @return the problems
	 */
	static List<Problem> check(AzureRedisProperties properties) {
		List<Problem> problems = new ArrayList<>();
		List<String> credential = names(properties.getCredential());
		if (!credential.isEmpty()) {
			if (AzureRedisAuthentication.of(properties).usesAccessKey()) {
				problems.add(new Problem("azure.redis.access-key",
						"Both 'azure.redis.access-key' and " + quoted(credential) + " are set.",
						"Remove 'azure.redis.access-key' to authenticate with Microsoft Entra ID, or the others to use"
								+ " the key."));
			}
			problems.addAll(checkCredential(properties.getCredential(), credential));
		}
		problems.addAll(checkToken(properties.getToken()));
		return problems;
	}

	private static List<Problem> checkCredential(AzureRedisProperties.Credential credential, List<String> names) {
		boolean secret = StringUtils.hasText(credential.getClientSecret());
		boolean certificate = StringUtils.hasText(credential.getClientCertificatePath());
		if (credential.isManagedIdentityEnabled()) {
			return checkManagedIdentity(names);
		}
		if (secret && certificate) {
			return List.of(new Problem(CREDENTIAL + "client-secret",
					"Both 'azure.redis.credential.client-secret' and 'azure.redis.credential.client-certificate-path'"
							+ " are set.",
					"Remove one of them."));
		}
		if (!secret && !certificate) {
			return List.of(new Problem("azure.redis.credential",
					quoted(names) + " alone " + ((names.size() > 1) ? "do" : "does")
							+ " not make a complete credential.",
					"Add 'azure.redis.credential.client-secret' or 'client-certificate-path' for a service principal,"
							+ " or set 'azure.redis.credential.managed-identity-enabled' to true for a managed"
							+ " identity."));
		}
		return checkServicePrincipal(credential, secret);
	}

	private static List<Problem> checkManagedIdentity(List<String> names) {
		List<String> surplus = new ArrayList<>(names);
		surplus.removeAll(List.of("managed-identity-enabled", "client-id"));
		return surplus.isEmpty() ? List.of() : List.of(new Problem(CREDENTIAL + "managed-identity-enabled",
				"'azure.redis.credential.managed-identity-enabled' is true, but there is also " + quoted(surplus)
						+ ", which is for service principals.",
				"Remove one or the other. A managed identity has only 'azure.redis.credential.client-id', and that"
						+ " only if it is user-assigned."));
	}

	private static List<Problem> checkServicePrincipal(AzureRedisProperties.Credential credential, boolean secret) {
		List<Problem> problems = new ArrayList<>();
		List<String> missing = new ArrayList<>();
		if (!StringUtils.hasText(credential.getClientId())) {
			missing.add("client-id");
		}
		if (!StringUtils.hasText(credential.getTenantId())) {
			missing.add("tenant-id");
		}
		if (!missing.isEmpty()) {
			problems.add(new Problem(
					CREDENTIAL + missing.get(0), quoted(List.of(secret ? "client-secret" : "client-certificate-path"))
							+ " is set, but not " + quoted(missing) + ".",
					"Set " + quoted(missing) + " of the service principal as well."));
		}
		String certificatePath = credential.getClientCertificatePath();
		if (StringUtils.hasText(certificatePath) && !new File(certificatePath).canRead()) {
			problems.add(new Problem(CREDENTIAL + "client-certificate-path",
					"'azure.redis.credential.client-certificate-path' must be a readable file but is '"
							+ certificatePath + "'.",
					"Set it to the path of a PEM or PFX file."));
		}
		if (secret && StringUtils.hasText(credential.getClientCertificatePassword())) {
			problems.add(new Problem(CREDENTIAL + "client-certificate-password",
					"'azure.redis.credential.client-certificate-password' is set without a certificate.",
					"Remove it, or replace 'azure.redis.credential.client-secret' with"
							+ " 'azure.redis.credential.client-certificate-path'."));
		}
		return problems;
	}

	private static List<Problem> checkToken(AzureRedisProperties.Token token) {
		List<Problem> problems = new ArrayList<>();
		Duration margin = token.getRefreshBeforeExpiry();
		boolean marginPositive = isPositive(margin);
		if (!marginPositive) {
			problems.add(notPositive(MARGIN, margin));
		}
		if (!isPositive(token.getRequestTimeout())) {
			problems.add(notPositive(TIMEOUT, token.getRequestTimeout()));
		}
		else if (marginPositive && token.getRequestTimeout().compareTo(margin) >= 0) {
			problems.add(notWithinMargin(TIMEOUT, token.getRequestTimeout(), margin));
		}
		if (token.getReauthenticationSpread().isNegative()) {
			problems.add(new Problem(SPREAD,
					"'" + SPREAD + "' must not be negative but is " + text(token.getReauthenticationSpread()) + ".",
					"Set '" + SPREAD + "' to 0 or more."));
		}
		else if (marginPositive && token.getReauthenticationSpread().compareTo(margin) >= 0) {
			problems.add(notWithinMargin(SPREAD, token.getReauthenticationSpread(), margin));
		}
		return problems;
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	private static Problem notPositive(String property, Duration duration) {
		return new Problem(property, "'" + property + "' must be positive but is " + text(duration) + ".",
				"Set '" + property + "' to a positive duration, or remove it.");
	}

	private static Problem notWithinMargin(String property, Duration duration, Duration margin) {
		return new Problem(property,
				"'" + property + "' must be less than '" + MARGIN + "', which is " + text(margin) + ", but is "
						+ text(duration) + ".",
				"Set '" + property + "' to less than that, or '" + MARGIN + "' to more.");
	}

	private static List<String> names(AzureRedisProperties.Credential credential) {
		Map<String, @Nullable String> values = new LinkedHashMap<>();
		values.put("client-id", credential.getClientId());
		values.put("client-secret", credential.getClientSecret());
		values.put("tenant-id", credential.getTenantId());
		values.put("client-certificate-path", credential.getClientCertificatePath());
		values.put("client-certificate-password", credential.getClientCertificatePassword());
		values.put("managed-identity-enabled", credential.isManagedIdentityEnabled() ? "true" : null);
		List<String> names = new ArrayList<>();
		values.forEach((name, value) -> {
			if (StringUtils.hasText(value)) {
				names.add(name);
			}
		});
		return names;
	}

	private static String quoted(List<String> names) {
		return names.stream().map((name) -> "'" + CREDENTIAL + name + "'").collect(Collectors.joining(", "));
	}

	private static String text(Duration duration) {
		long millis = duration.toMillis();
		return (millis % 1000 == 0) ? (millis / 1000) + "s" : millis + "ms";
	}

}
