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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.ConnectionReauthenticationFailedEvent;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * The {@link ConnectionFailureReporter}s of named instances, which are no beans and learn
 * from this one what the application does.
 */
class InstanceFailureReporters implements SmartLifecycle {

	private final List<ConnectionFailureReporter> reporters = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	void add(ConnectionFailureReporter reporter) {
		this.reporters.add(reporter);
	}

	@EventListener
	void reauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		this.reporters.forEach((reporter) -> reporter.reauthenticationFailed(event));
	}

	@EventListener
	void reauthenticated(ConnectionReauthenticatedEvent event) {
		this.reporters.forEach((reporter) -> reporter.reauthenticated(event));
	}

	@EventListener
	void applicationReady(ApplicationReadyEvent event) {
		this.reporters.forEach((reporter) -> reporter.applicationReady(event));
	}

	@Override
	public void start() {
		this.running = true;
		this.reporters.forEach(ConnectionFailureReporter::start);
	}

	@Override
	public void stop() {
		this.running = false;
		this.reporters.forEach(ConnectionFailureReporter::stop);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
