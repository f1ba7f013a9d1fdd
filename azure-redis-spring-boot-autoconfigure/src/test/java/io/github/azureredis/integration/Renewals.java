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

package io.github.azureredis.integration;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;

/**
 * Counts the re-authentications that are still to come.
 */
class Renewals {

	private final CountDownLatch missing;

	Renewals(@Value("${renewals:0}") int expected) {
		this.missing = new CountDownLatch(expected);
	}

	boolean areMissing() throws InterruptedException {
		return !this.missing.await(100, TimeUnit.MILLISECONDS);
	}

	@EventListener
	void reauthenticated(ConnectionReauthenticatedEvent event) {
		this.missing.countDown();
	}

}
