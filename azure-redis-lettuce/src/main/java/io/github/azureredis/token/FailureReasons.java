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

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reasons for a failure: the messages of an exception and of its causes, one line each.
 * The exceptions of azure-identity say "see inner exception", have the messages of all
 * links of a credential chain in one, and end most sentences with an address. Redis may
 * quote a command that it refuses. Text that looks like a token is therefore replaced.
 *
 * @since 0.1.0
 */
public final class FailureReasons {

	private static final int DEEPEST_CAUSE = 10;

	private static final String SUPPORT_TEXT = "To mitigate this issue";

	/**
	 * A JSON Web Token or its beginning, which is an encoded brace and quote.
	 */
	private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{5,}(\\.[\\w-]*)*");

	private FailureReasons() {
	}

	/**
	 * Return the reasons that an exception contains.
	 * @param failure the exception
	 * @return the reasons without duplicates, the outermost first
	 */
	public static List<String> of(Throwable failure) {
		List<String> reasons = new ArrayList<>();
		Throwable current = failure;
		for (int depth = 0; current != null && depth < DEEPEST_CAUSE; depth++) {
			String message = current.getMessage();
			if (message == null || message.isBlank()) {
				add(reasons, current.getClass().getSimpleName());
			}
			else {
				message.lines().forEach((line) -> add(reasons, line));
			}
			current = current.getCause();
		}
		return List.copyOf(reasons);
	}

	/**
	 * Return the exception itself or, if its stack trace would show text that looks like
	 * a token, another one that has the same reasons and stack trace.
	 * @param failure the exception
	 * @return an exception without token text
	 */
	static Throwable withoutTokens(Throwable failure) {
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text));
		if (!TOKEN.matcher(text.toString()).find()) {
			return failure;
		}
		Throwable replacement = new IllegalStateException(String.join("; ", of(failure)));
		replacement.setStackTrace(failure.getStackTrace());
		return replacement;
	}

	private static void add(List<String> reasons, String line) {
		int support = line.indexOf(SUPPORT_TEXT);
		String message = ((support >= 0) ? line.substring(0, support) : line).strip();
		String reason = TOKEN.matcher(message).replaceAll("(token)");
		if (!reason.isEmpty() && reasons.stream().noneMatch((known) -> known.contains(reason))) {
			reasons.add(reason);
		}
	}

}
