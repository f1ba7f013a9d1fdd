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

package io.github.azureredis.sample;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.ConnectionReauthenticationFailedEvent;
import io.github.azureredis.token.EntraTokenException;
import io.github.azureredis.token.TokenRenewedEvent;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;

/**
 * Runs the sequence once on each instance; or, with {@code sample.reauthentication=true},
 * until the connection has been re-authenticated several times, so that one can see the
 * same client id stay connected while the token changes.
 */
@Component
class SampleRunner implements ApplicationRunner, ExitCodeGenerator {

	private static final int MAX_RETRIES = 3;

	private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

	private final List<Quickstart> quickstarts;

	private final SampleProperties properties;

	private final CountDownLatch reauthentications;

	private volatile int exitCode;

	SampleRunner(List<Quickstart> quickstarts, SampleProperties properties) {
		this.quickstarts = quickstarts;
		this.properties = properties;
		this.reauthentications = new CountDownLatch(properties.renewals());
	}

	@Override
	public void run(ApplicationArguments args) throws InterruptedException {
		// What fails here is a failure to start, which the starter explains.
		this.quickstarts.forEach(Quickstart::run);
		if (this.properties.reauthentication()) {
			repeat();
		}
	}

	@Override
	public int getExitCode() {
		return this.exitCode;
	}

	private void repeat() throws InterruptedException {
		try {
			while (!this.reauthentications.await(this.properties.interval().toMillis(), TimeUnit.MILLISECONDS)) {
				runWithRetries();
			}
			runWithRetries();
			System.out.println("Done. Re-authentications : " + this.properties.renewals());
		}
		catch (RuntimeException ex) {
			this.exitCode = 1;
			System.err.println("The sample failed : " + describe(ex));
		}
	}

	private void runWithRetries() throws InterruptedException {
		for (int retries = 0;; retries++) {
			try {
				this.quickstarts.forEach(Quickstart::run);
				return;
			}
			catch (DataAccessResourceFailureException | QueryTimeoutException ex) {
				if (retries == MAX_RETRIES) {
					throw new IllegalStateException("No connection after " + MAX_RETRIES + " retries", ex);
				}
				System.out.println("Connection lost. Reconnecting.");
				TimeUnit.MILLISECONDS.sleep(RETRY_DELAY.toMillis());
			}
		}
	}

	private static String describe(Throwable failure) {
		StringBuilder description = new StringBuilder(String.valueOf(failure.getMessage()));
		Throwable current = failure;
		// A token exception's message holds those of its causes.
		while (current.getCause() != null && !(current instanceof EntraTokenException)) {
			current = current.getCause();
			String message = String.valueOf(current.getMessage());
			if (description.indexOf(message) < 0) {
				description.append(System.lineSeparator()).append("  because : ").append(message);
			}
		}
		return description.toString();
	}

	@EventListener
	void tokenRenewed(TokenRenewedEvent event) {
		if (this.properties.reauthentication()) {
			System.out.println("Token " + ((event.getPreviousExpiresAt() != null) ? "renewed" : "received")
					+ " : valid until " + event.getExpiresAt());
		}
	}

	@EventListener
	void connectionReauthenticated(ConnectionReauthenticatedEvent event) {
		if (this.properties.reauthentication()) {
			System.out.println("Connection re-authenticated : valid until " + event.getExpiresAt() + ", in "
					+ event.getDuration().toMillis() + " ms");
			this.reauthentications.countDown();
		}
	}

	@EventListener
	void reauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		System.out.println("Connection not re-authenticated : " + event.getCause().getMessage() + ", next try in "
				+ event.getRetryAfter().toMillis() + " ms");
	}

}
