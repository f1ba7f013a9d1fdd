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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.azureredis.lettuce.ConnectionReauthenticatedEvent;
import io.github.azureredis.lettuce.ConnectionReauthenticationFailedEvent;
import io.github.azureredis.token.TokenRenewalFailedEvent;
import io.github.azureredis.token.TokenRenewedEvent;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;

/**
 * Runs the sequence once; or, with {@code sample.reauthentication=true}, until the token
 * has been renewed several times, so that one can see the same client ids stay connected
 * meanwhile.
 */
@Component
class SampleRunner implements ApplicationRunner, ExitCodeGenerator {

	private static final int MAX_ATTEMPTS = 3;

	private final Quickstart quickstart;

	private final SampleProperties properties;

	private final CountDownLatch renewals;

	private volatile int exitCode;

	SampleRunner(Quickstart quickstart, SampleProperties properties) {
		this.quickstart = quickstart;
		this.properties = properties;
		this.renewals = new CountDownLatch(properties.renewals());
	}

	@Override
	public void run(ApplicationArguments args) throws InterruptedException {
		try {
			this.quickstart.run();
			if (this.properties.reauthentication()) {
				repeat();
			}
		}
		catch (RuntimeException ex) {
			this.exitCode = 1;
			System.err.println("The sample failed : " + ex.getMessage());
		}
	}

	@Override
	public int getExitCode() {
		return this.exitCode;
	}

	private void repeat() throws InterruptedException {
		while (!this.renewals.await(this.properties.interval().toMillis(), TimeUnit.MILLISECONDS)) {
			runWithRetries();
		}
		runWithRetries();
		System.out.println("Done. The token was renewed " + this.properties.renewals() + " times");
	}

	private void runWithRetries() throws InterruptedException {
		for (int attempt = 1;; attempt++) {
			try {
				this.quickstart.run();
				return;
			}
			catch (DataAccessResourceFailureException | QueryTimeoutException ex) {
				System.out.println("Connection lost. Reconnecting.");
				if (attempt == MAX_ATTEMPTS) {
					throw ex;
				}
				TimeUnit.MILLISECONDS.sleep(this.properties.interval().toMillis());
			}
		}
	}

	@EventListener
	void tokenRenewed(TokenRenewedEvent event) {
		if (this.properties.reauthentication()) {
			System.out.println("Token " + ((event.previousExpiresAt() != null) ? "renewed" : "received")
					+ " : valid until " + event.expiresAt());
			if (event.previousExpiresAt() != null) {
				this.renewals.countDown();
			}
		}
	}

	@EventListener
	void tokenRenewalFailed(TokenRenewalFailedEvent event) {
		System.out.println("Token renewal failed : " + event.cause().getMessage());
	}

	@EventListener
	void connectionReauthenticated(ConnectionReauthenticatedEvent event) {
		if (this.properties.reauthentication()) {
			System.out.println("Connection re-authenticated : " + event.localAddress() + " in "
					+ event.took().toMillis() + " ms, valid until " + event.expiresAt());
		}
	}

	@EventListener
	void reauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
		System.out.println("Connection not re-authenticated : " + event.localAddress() + ", "
				+ event.cause().getMessage() + ", tried again in " + event.retryAfter().toMillis() + " ms");
	}

}
