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

package io.github.azureredis.integration.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application has noticed of a drill.
 *
 * @param application the application
 * @param outcomes what has become of its commands
 * @param over when nothing more was done to the instance
 * @param published messages that were published
 * @param messagesMissed those of them that did not arrive
 * @param added entries that were added to a stream
 * @param entriesMissed those of them that did not arrive
 * @param topologyReads how often it has read the topology
 * @param topologyReadsInOneSecond how often at most in one second
 * @param opened connections opened, including those of topology reads
 * @param lost connections lost
 * @param sentAgain commands sent again after that
 * @param sentAgainBefore commands sent again since the drill before this one, of which
 * only the next reply tells whether they have been executed twice
 */
record Figures(String application, Outcomes outcomes, Instant over, long published, long messagesMissed, long added,
		long entriesMissed, long topologyReads, long topologyReadsInOneSecond, long opened, long lost, long sentAgain,
		long sentAgainBefore) {

	/**
	 * Assert that no command has failed, been lost or executed twice, and that no entry
	 * has been missed.
	 */
	void assertNothingHappened() {
		assertNothingFailed();
		assertThat(this.outcomes.doubled()).as(toString()).isLessThanOrEqualTo(this.sentAgainBefore);
	}

	/**
	 * Assert that no command has failed or been lost, and that no entry has been missed.
	 */
	void assertNothingFailed() {
		assertThat(this.outcomes.failures()).as(toString()).isEmpty();
		assertNothingLost();
	}

	/**
	 * Assert that no command that has succeeded is lost, and that no entry has been
	 * missed. Only a command that was sent again may have been executed twice.
	 */
	Figures assertNothingLost() {
		assertThat(this.outcomes.lost()).as(toString()).isZero();
		assertThat(this.entriesMissed).as(toString()).isZero();
		return assertNothingDoubled();
	}

	/**
	 * Assert that only commands that were sent again have been executed twice.
	 */
	Figures assertNothingDoubled() {
		assertThat(this.outcomes.doubled()).as(toString()).isLessThanOrEqualTo(this.sentAgain + this.sentAgainBefore);
		return this;
	}

	/**
	 * Assert that commands with keys of other nodes have not failed.
	 */
	void assertOthersNeverFail(Predicate<String> ofOther) {
		assertThat(this.outcomes.failures(ofOther)).as(toString()).isEmpty();
	}

	/**
	 * Return when the failed command that ended last began and failed, and the most
	 * frequent reason.
	 */
	private String failures() {
		List<Outcomes.Failure> failures = this.outcomes.failures();
		if (failures.isEmpty()) {
			return "";
		}
		Outcomes.Failure last = Collections.max(failures, Comparator.comparing(Outcomes.Failure::end));
		Map<String, Long> reasons = failures.stream()
			.collect(Collectors.groupingBy(Outcomes.Failure::reason, Collectors.counting()));
		Map.Entry<String, Long> reason = Collections.max(reasons.entrySet(), Map.Entry.comparingByValue());
		return " (the last one from %+d to %+d ms; %d: %s)".formatted(sinceOver(last.begin()), sinceOver(last.end()),
				reason.getValue(), reason.getKey());
	}

	private long sinceOver(Instant time) {
		return Duration.between(this.over, time).toMillis();
	}

	@Override
	public String toString() {
		return "%s: %d commands, %d failed%s, %d lost, %d doubled, longest %d ms; %d of %d messages and %d of %d entries missed; %d topology reads, %d in a second at most; %d connections lost, %d opened, %d commands sent again"
			.formatted(this.application, this.outcomes.commands(), this.outcomes.failures().size(), failures(),
					this.outcomes.lost(), this.outcomes.doubled(), this.outcomes.longest().toMillis(),
					this.messagesMissed, this.published, this.entriesMissed, this.added, this.topologyReads,
					this.topologyReadsInOneSecond, this.lost, this.opened, this.sentAgain);
	}

}
