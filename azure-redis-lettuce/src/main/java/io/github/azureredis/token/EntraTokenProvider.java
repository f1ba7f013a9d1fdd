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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

import com.azure.core.credential.TokenCredential;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Provider of Microsoft Entra ID tokens that it obtains from a credential. It requests
 * the first token as soon as it is built, and each following one before its predecessor
 * expires, until it is {@linkplain #stop() stopped} or {@linkplain #close() closed}. A
 * failed request is repeated until one succeeds, whatever the credential does.
 * <p>
 * There is at most one request at a time, however many callers wait. The current token
 * remains in use until it expires, whatever fails meanwhile. An expired token is never
 * returned.
 * <p>
 * Thread-safe. Its threads are daemons, named {@code azure-redis-token-*}, and end with
 * {@link #close()}.
 *
 * @since 0.1.0
 */
public final class EntraTokenProvider implements AutoCloseable {

	/**
	 * Scope of Azure Managed Redis and Azure Cache for Redis in every Azure cloud.
	 * @see <a href=
	 * "https://learn.microsoft.com/azure/redis/entra-for-authentication">Microsoft Entra
	 * ID for Azure Managed Redis</a>
	 */
	public static final String DEFAULT_SCOPE = "https://redis.azure.com/.default";

	private static final String CLOSED = "No token, since its provider has been closed";

	private static final String STOPPED = "No token, since its provider has been stopped";

	private static final AtomicInteger instances = new AtomicInteger();

	private final TokenRequest request;

	private final RenewalSchedule schedule;

	private final DoubleSupplier random;

	private final List<EntraTokenListener> listeners;

	private final Object lifecycle = new Object();

	private volatile @Nullable TokenRenewal renewal;

	private volatile boolean closed;

	EntraTokenProvider(Builder builder, Scheduler requestThreads, Scheduler loop, RenewalClock clock,
			DoubleSupplier random) {
		this.request = new TokenRequest(builder.credential, builder.scope, builder.requestTimeout, requestThreads, loop,
				clock);
		this.schedule = new RenewalSchedule(builder.refreshBeforeExpiry);
		this.random = random;
		this.listeners = new CopyOnWriteArrayList<>(builder.listeners);
		start();
	}

	/**
	 * Create a builder for a provider.
	 * @param credential the credential to obtain tokens from
	 * @return a new builder
	 */
	public static Builder builder(TokenCredential credential) {
		return new Builder(credential);
	}

	/**
	 * Return the current token from memory, without waiting.
	 * @return the token or {@code null} if there is none that is valid now
	 */
	public @Nullable EntraToken currentToken() {
		TokenRenewal renewal = this.renewal;
		return (renewal != null) ? renewal.currentToken() : null;
	}

	/**
	 * Return the current token or, if there is none, the next one.
	 * <p>
	 * A subscriber is answered at once, on its own thread, if there is a valid token.
	 * Otherwise it is answered as soon as there is one, on the thread that renews tokens,
	 * or on the thread that stops or closes this provider. A subscriber must not block
	 * that thread, since renewal stands still meanwhile.
	 * @return a publisher that emits a token that is valid now. It fails with an
	 * {@link EntraTokenException} after twice the request timeout, after the request
	 * timeout if several requests have failed and none has ever succeeded, or at once if
	 * this provider is stopped or closed
	 */
	public Mono<EntraToken> token() {
		return Mono.defer(() -> {
			TokenRenewal renewal = this.renewal;
			return (renewal != null) ? renewal.token() : Mono.error(noTokenWithin(Duration.ZERO));
		});
	}

	/**
	 * Return the exception that {@link #token()} fails with at present, for callers that
	 * wait for a token in another way. The exception contains the credential, the scope
	 * and the reason for the last failure.
	 * @param waited how long the caller has waited, zero if it has not
	 * @return a new exception, which is not thrown
	 */
	public EntraTokenException noTokenWithin(Duration waited) {
		TokenRenewal renewal = this.renewal;
		return (renewal != null) ? renewal.noTokenWithin(waited)
				: this.request.noToken(this.closed ? CLOSED : STOPPED, null);
	}

	/**
	 * Return the status of the renewal from memory. It already includes the event that a
	 * listener is being called with.
	 * @return the status, without the token
	 */
	public EntraTokenStatus getStatus() {
		TokenRenewal renewal = this.renewal;
		return (renewal != null) ? renewal.status() : new EntraTokenStatus(this.request, null, null, null);
	}

	/**
	 * Add a listener. It is called for all events from now on.
	 * @param listener the listener
	 */
	public void addListener(EntraTokenListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Remove a listener. Has no effect if the listener has not been added.
	 * @param listener the listener
	 */
	public void removeListener(EntraTokenListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Request a token at once and renew it from then on. Has no effect if this provider
	 * is running, as it is after it has been built, or if it is closed.
	 */
	public void start() {
		synchronized (this.lifecycle) {
			if (!this.closed && this.renewal == null) {
				TokenRenewal renewal = new TokenRenewal(this.request, this.schedule, this.random, this.listeners);
				this.renewal = renewal;
				renewal.start();
			}
		}
	}

	/**
	 * Forget the token and cancel the request under way. Subscribers that wait for a
	 * token fail with an {@link EntraTokenException}. Listeners remain, and
	 * {@link #start()} requests a new token. Has no effect if this provider is not
	 * running.
	 */
	public void stop() {
		end(STOPPED);
	}

	/**
	 * Return whether tokens are renewed.
	 * @return whether this provider is neither stopped nor closed
	 */
	public boolean isRunning() {
		return this.renewal != null;
	}

	/**
	 * Stop this provider for ever and end its threads. Has no effect if it is closed.
	 */
	@Override
	public void close() {
		synchronized (this.lifecycle) {
			this.closed = true;
		}
		end(CLOSED);
		this.request.loop().dispose();
		this.request.threads().dispose();
	}

	private void end(String reason) {
		TokenRenewal renewal;
		synchronized (this.lifecycle) {
			renewal = this.renewal;
			this.renewal = null;
			if (renewal != null) {
				renewal.end(reason);
			}
		}
		// Subscribers are not called while the lock is held.
		if (renewal != null) {
			renewal.answerWaiters();
		}
	}

	/**
	 * Builder for an {@link EntraTokenProvider}. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final TokenCredential credential;

		private final List<EntraTokenListener> listeners = new ArrayList<>();

		private String scope = DEFAULT_SCOPE;

		private Duration refreshBeforeExpiry = Duration.ofMinutes(5);

		private Duration requestTimeout = Duration.ofSeconds(15);

		private Builder(TokenCredential credential) {
			this.credential = credential;
		}

		/**
		 * Set the scope to request tokens for.
		 * @param scope the scope, {@link #DEFAULT_SCOPE} by default
		 * @return this builder
		 */
		public Builder scope(String scope) {
			this.scope = scope;
			return this;
		}

		/**
		 * Set the time before a token's expiry at which the next one is requested. A
		 * token with a lifetime below four times this duration is renewed when a quarter
		 * of its lifetime is left.
		 * @param refreshBeforeExpiry a positive duration, 5 minutes by default
		 * @return this builder
		 */
		public Builder refreshBeforeExpiry(Duration refreshBeforeExpiry) {
			this.refreshBeforeExpiry = requirePositive("refreshBeforeExpiry", refreshBeforeExpiry);
			return this;
		}

		/**
		 * Set the time after which a request is cancelled and counts as failed.
		 * @param requestTimeout a positive duration, 15 seconds by default
		 * @return this builder
		 */
		public Builder requestTimeout(Duration requestTimeout) {
			this.requestTimeout = requirePositive("requestTimeout", requestTimeout);
			return this;
		}

		/**
		 * Add a listener that is called for the first token too.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(EntraTokenListener listener) {
			this.listeners.add(listener);
			return this;
		}

		/**
		 * Build the provider, which requests its first token at once.
		 * @return a new provider, to be closed by the caller
		 */
		public EntraTokenProvider build() {
			String name = "azure-redis-token-" + instances.incrementAndGet();
			Scheduler requestThreads = Schedulers.fromExecutorService(TokenRequest.executor(name + "-request"));
			// Reactor refuses block() on this thread: no subscriber holds up renewal.
			Scheduler loop = Schedulers.newSingle(name, true);
			return new EntraTokenProvider(this, requestThreads, loop, RenewalClock.system(), Math::random);
		}

		private static Duration requirePositive(String name, Duration duration) {
			if (duration.isNegative() || duration.isZero()) {
				throw new IllegalArgumentException("'" + name + "' must be positive but is " + duration);
			}
			return duration;
		}

	}

}
