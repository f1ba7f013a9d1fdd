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

package io.github.azureredis.lettuce.replay;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Row of the {@link ReplayTable}: whether a command does no harm if it runs twice.
 *
 * @param command the name of the command, with the subcommand if it has one
 * @param idempotent whether the command is idempotent without any of the options
 * @param options the options that make it the opposite
 * @param firstOption the place of the argument from which on there may be options
 * @param reason the reason, of which the second run is the subject
 */
record ReplayRule(String command, boolean idempotent, Set<String> options, int firstOption, String reason) {

	private static final Pattern ROW = Pattern
		.compile("(\\S+(?: \\S+)?) \\| (yes|no)(?: (unless|only with) (\\d)\\+ ([^|]+))? \\| (.+)");

	/**
	 * Parse a row: {@code <command> | yes | <reason>}, with {@code no},
	 * {@code yes unless <n>+ <options>} or {@code yes only with <n>+ <options>} in the
	 * place of {@code yes}.
	 */
	static ReplayRule parse(String row) {
		Matcher matcher = ROW.matcher(row);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("Not a row: " + row);
		}
		String condition = matcher.group(3);
		boolean idempotent = matcher.group(2).equals("yes") && !"only with".equals(condition);
		return (condition != null)
				? new ReplayRule(matcher.group(1), idempotent, Set.of(matcher.group(5).split(" ")),
						Integer.parseInt(matcher.group(4)), matcher.group(6))
				: new ReplayRule(matcher.group(1), idempotent, Set.of(), 1, matcher.group(6));
	}

	/**
	 * Return whether a command with some arguments has room for an option.
	 */
	boolean isDecidedByOptions(int arguments) {
		return !this.options.isEmpty() && arguments >= this.firstOption;
	}

	boolean isIdempotent(List<String> arguments) {
		boolean option = arguments.stream().skip(this.firstOption - 1L).anyMatch(this.options::contains);
		return this.idempotent != option;
	}

}
