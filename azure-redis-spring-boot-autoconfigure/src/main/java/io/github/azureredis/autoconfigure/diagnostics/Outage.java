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

package io.github.azureredis.autoconfigure.diagnostics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A time in which something fails again and again. Each explanation is given once.
 */
class Outage {

	private final Instant since = Instant.now();

	private final Set<Explanation> known = new HashSet<>();

	private final List<Explanation> unreported = new ArrayList<>();

	private boolean reported;

	private int failures;

	void failed(Explanation explanation) {
		this.failures++;
		if (this.known.add(explanation)) {
			this.unreported.add(explanation);
		}
	}

	/**
	 * Take the explanations that have not been given.
	 */
	List<Explanation> takeUnreported() {
		List<Explanation> explanations = List.copyOf(this.unreported);
		this.unreported.clear();
		this.reported |= !explanations.isEmpty();
		return explanations;
	}

	boolean isReported() {
		return this.reported;
	}

	@Override
	public String toString() {
		return this.failures + ((this.failures == 1) ? " failed attempt" : " failed attempts") + " since " + this.since;
	}

}
