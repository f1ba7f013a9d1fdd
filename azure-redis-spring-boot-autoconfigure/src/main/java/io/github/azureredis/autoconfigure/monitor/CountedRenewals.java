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

package io.github.azureredis.autoconfigure.monitor;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The renewals that an instance has counted, so that others which share its tokens do not
 * count them too, and the totals of all instances can be added up. A token provider tells
 * all of them of the same event, and always in the same order, so it is always the same
 * instance that counts. Thread-safe.
 */
final class CountedRenewals {

	private final Set<Object> events = Collections.newSetFromMap(new WeakHashMap<>());

	/**
	 * Count a renewal, unless it is counted already.
	 * @param event the event of a token provider
	 * @return whether the caller is to count the renewal
	 */
	synchronized boolean count(Object event) {
		return this.events.add(event);
	}

}
