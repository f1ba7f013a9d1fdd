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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

import com.azure.core.credential.TokenCredential;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Gets tokens from a credential, from the moment it is built until it is closed: the
 * first at once, each next one before its predecessor ends. Nothing that the credential
 * does ends this; a failed request is repeated for as long as it takes.
 * <p>
 * At most one request is under way at a time, whoever waits for it. The current token is
 * kept until its expiry, whatever fails meanwhile, and not handed out after it.
 * <p>
 * Thread-safe. Its threads are daemons, named {@code azure-redis-token-*}, and end with
 * {@link #close()}.
 *
 * @since 0.1.0
 */
public final class EntraTokenProvider implements AutoCloseable {

	/**
	 * The scope of Azure Managed Redis and Azure Cache for Redis, in every Azure cloud.
	 * @see <a href=
	 * "https://learn.microsoft.com/azure/redis/entra-for-authentication">Microsoft Entra
	 * ID for Azure Managed Redis</a>
	 */
	public static final String DEFAULT_SCOPE = "https://redis.azure.com/.default";

	private static final Logger logger = LoggerFactory.getLogger(EntraTokenProvider.class);

	// Not only timers: after a suspended machine or a moved clock a timer is wrong.
	private static final Duration CLOCK_CHECK_INTERVAL = Duration.ofMinutes(1);

	private static final AtomicInteger instances = new AtomicInteger();

	private final TokenRequest request;

	private final RenewalSchedule schedule;

	private final Duration requestTimeout;

	private final Scheduler loop;

	private final Scheduler requests;

	private final Clock clock;

	private final DoubleSupplier random;

	private final List<EntraTokenListener> listeners = new CopyOnWriteArrayList<>();

	private final Sinks.Many<EntraToken> renewals = Sinks.many().multicast().directBestEffort();

	private final Sinks.Empty<Void> end = Sinks.empty();

	private final Disposable.Swap timer = Disposables.swap();

	private final Disposable.Swap attempt = Disposables.swap();

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile @Nullable EntraToken latest;

	private volatile @Nullable Throwable lastFailure;

	private volatile EntraTokenStatus status;

	// The fields below belong to the loop's thread.

	private boolean asking;

	private Instant due;

	private Instant askedAt;

	private @Nullable Instant renewedAt;

	private @Nullable Instant failingSince;

	private int failures;

	private boolean expiryReported;

	EntraTokenProvider(Builder builder, Scheduler loop, Scheduler requests, Clock clock, DoubleSupplier random) {
		this.request = new TokenRequest(builder.credential, builder.scope, builder.requestTimeout, requests, loop,
				clock);
		this.schedule = new RenewalSchedule(builder.refreshBeforeExpiry);
		this.requestTimeout = builder.requestTimeout;
		this.loop = loop;
		this.requests = requests;
		this.clock = clock;
		this.random = random;
		this.listeners.addAll(builder.listeners);
		this.due = clock.instant();
		this.askedAt = this.due;
		this.status = currentStatus();
		long interval = CLOCK_CHECK_INTERVAL.toMillis();
		loop.schedulePeriodically(this::askIfDue, 0, interval, TimeUnit.MILLISECONDS);
	}

	/**
	 * Start building a provider.
	 * @param credential the credential to ask
	 * @return a builder
	 */
	public static Builder builder(TokenCredential credential) {
		return new Builder(credential);
	}

	/**
	 * The token in use, from memory.
	 * @return the token or {@code null} if there is none that is valid now
	 */
	public @Nullable EntraToken currentToken() {
		EntraToken token = this.latest;
		return (token != null && token.isValidAt(this.clock.instant())) ? token : null;
	}

	/**
	 * The token in use; if there is none, the next one that the credential gives.
	 * @return a token that is valid now. Answers at once, on the caller's thread, if
	 * there is one; otherwise on a thread of {@link Schedulers#parallel()}, which must
	 * not be blocked, as soon as there is one, or with an {@link EntraTokenException}
	 * after twice the request timeout (once, if several requests have failed and none has
	 * ever succeeded)
	 */
	public Mono<EntraToken> token() {
		return Mono.defer(() -> {
			EntraToken token = currentToken();
			return (token != null) ? Mono.just(token) : nextToken();
		});
	}

	/**
	 * How the renewal stands, from memory. When a listener is told of something, it is
	 * already part of this.
	 * @return the status, without the token
	 */
	public EntraTokenStatus getStatus() {
		return this.status;
	}

	/**
	 * Add a listener. It is told of everything from now on.
	 * @param listener the listener
	 */
	public void addListener(EntraTokenListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Remove a listener.
	 * @param listener the listener
	 */
	public void removeListener(EntraTokenListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * End all requests and threads. Whoever waits for a token gets an
	 * {@link EntraTokenException}. Later calls have no effect.
	 */
	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.attempt.dispose();
			this.timer.dispose();
			this.end.tryEmitEmpty();
			this.loop.dispose();
			this.requests.dispose();
		}
	}

	private Mono<EntraToken> nextToken() {
		// The second source covers a token that came before the first was subscribed to.
		Mono<EntraToken> arrival = Flux.merge(this.renewals.asFlux(), Mono.fromSupplier(this::currentToken))
			.doOnSubscribe((subscription) -> askEarlyIfDue())
			.takeUntilOther(this.end.asMono())
			.next();
		return arrival.timeout(this.requestTimeout, Mono.defer(() -> waitOn(arrival)), this.loop)
			.switchIfEmpty(Mono.error(() -> noToken(Duration.ZERO)))
			.onErrorMap(RejectedExecutionException.class, (ex) -> noToken(Duration.ZERO))
			// Not on a thread of this provider: it would end with close(), and the waiter
			// would never hear of it. Nor on one that the application may block.
			.publishOn(Schedulers.parallel());
	}

	/**
	 * During an outage a connection that waits is back at once, while one that gives up
	 * comes back with a delay. But who has never had an identity is to learn of it soon.
	 * Runs on the loop's thread, as its timers do.
	 */
	private Mono<EntraToken> waitOn(Mono<EntraToken> arrival) {
		if (this.latest == null && this.failures > 1) {
			return Mono.error(noToken(this.requestTimeout));
		}
		return arrival.timeout(this.requestTimeout, Mono.error(() -> noToken(this.requestTimeout.multipliedBy(2))),
				this.loop);
	}

	// After a suspended machine or a moved clock somebody may ask before the next check.
	private void askEarlyIfDue() {
		this.loop.schedule(this::askIfDue);
	}

	private EntraTokenException noToken(Duration waited) {
		boolean closed = this.closed.get();
		return new EntraTokenException(
				closed ? "No token, since its provider has been closed" : "No token within " + waited,
				this.request.credentialName(), this.request.scope(), closed ? null : this.lastFailure);
	}

	private void askIfDue() {
		if (!this.clock.instant().isBefore(this.due)) {
			ask();
		}
		reportExpiry();
	}

	private void ask() {
		if (this.asking || this.closed.get()) {
			return;
		}
		this.asking = true;
		this.askedAt = this.clock.instant();
		try {
			this.attempt.update(this.request.ask().publishOn(this.loop).subscribe(this::onAnswer, this::onFailure));
		}
		catch (Throwable ex) {
			// A machine out of threads, for one.
			onFailure(ex);
		}
	}

	private void onAnswer(EntraToken token) {
		this.asking = false;
		EntraToken current = currentToken();
		if (current != null && !token.getExpiresAt().isAfter(current.getExpiresAt())) {
			logger.debug("The credential still answers with the current token, which lasts until {}",
					current.getExpiresAt());
			endOutage(current);
			askAgainAfter(this.schedule.afterSameToken(current, this.clock.instant()));
			this.status = currentStatus();
			return;
		}
		accept(token);
	}

	private void accept(EntraToken token) {
		EntraToken previous = this.latest;
		this.latest = token;
		Instant now = this.clock.instant();
		this.renewedAt = now;
		logger.debug("New token from {}, lasts until {}", this.request.credentialName(), token.getExpiresAt());
		askAgainAfter(this.schedule.afterRenewal(token, now, this.random.getAsDouble()));
		endOutage(token);
		this.expiryReported = false;
		this.status = currentStatus();
		this.renewals.tryEmitNext(token);
		TokenRenewedEvent event = new TokenRenewedEvent(this.request.credentialName(), token.getObjectId(),
				token.getExpiresAt(), (previous != null) ? previous.getExpiresAt() : null,
				Duration.between(this.askedAt, now));
		tell((listener) -> listener.onTokenRenewed(event));
	}

	private void endOutage(EntraToken token) {
		if (this.failingSince != null) {
			logger.info("Token renewal works again after {} failed requests since {}. The token lasts until {}",
					this.failures, this.failingSince, token.getExpiresAt());
		}
		this.failingSince = null;
		this.failures = 0;
		this.lastFailure = null;
	}

	private void onFailure(Throwable failure) {
		this.asking = false;
		if (this.closed.get()) {
			return;
		}
		Instant now = this.clock.instant();
		EntraToken current = currentToken();
		Instant since = (this.failingSince != null) ? this.failingSince : now;
		Duration remaining = (current != null) ? Duration.between(now, current.getExpiresAt()) : Duration.ZERO;
		this.failures++;
		this.lastFailure = failure;
		askAgainAfter(this.schedule.afterFailure(Duration.between(since, now), remaining, this.random.getAsDouble()));
		if (this.failingSince == null) {
			this.failingSince = since;
			logger.warn("Token renewal fails and will be tried again until it works. {}. Credential {}, scope {}: {}",
					(current != null) ? "The current token lasts until " + current.getExpiresAt() : "There is no token",
					this.request.credentialName(), this.request.scope(), String.join("; ", FailureReasons.of(failure)));
		}
		logger.debug("Request {} for a token failed", this.failures, failure);
		this.status = currentStatus();
		EntraToken last = this.latest;
		TokenRenewalFailedEvent event = new TokenRenewalFailedEvent(this.request.credentialName(), failure,
				this.failures, since, (last != null) ? last.getExpiresAt() : null, Duration.between(this.askedAt, now));
		tell((listener) -> listener.onTokenRenewalFailed(event));
		reportExpiry();
	}

	private void reportExpiry() {
		EntraToken last = this.latest;
		if (last != null && !this.expiryReported && this.failingSince != null && currentToken() == null) {
			this.expiryReported = true;
			logger.error("The token ended at {} and there is no new one. Redis closes its connections now, and no new"
					+ " ones can be made until renewal works again", last.getExpiresAt());
		}
	}

	private void askAgainAfter(Duration wait) {
		this.due = this.clock.instant().plus(wait);
		if (!this.closed.get()) {
			this.timer.update(this.loop.schedule(this::ask, wait.toMillis(), TimeUnit.MILLISECONDS));
		}
	}

	private EntraTokenStatus currentStatus() {
		EntraToken token = this.latest;
		Throwable failure = this.lastFailure;
		return new EntraTokenStatus(this.request.credentialName(), this.request.scope(),
				(token != null) ? token.getObjectId() : null, (token != null) ? token.getIssuedAt() : null,
				this.renewedAt, (token != null) ? token.getExpiresAt() : null, this.due, this.failingSince,
				this.failures, (failure != null) ? FailureReasons.of(failure) : List.of());
	}

	private void tell(Consumer<EntraTokenListener> message) {
		for (EntraTokenListener listener : this.listeners) {
			try {
				message.accept(listener);
			}
			catch (Throwable ex) {
				logger.warn("A token listener failed", ex);
			}
		}
	}

	/**
	 * Builds an {@link EntraTokenProvider}. Not thread-safe.
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
		 * Set the scope to ask for.
		 * @param scope the scope, {@link #DEFAULT_SCOPE} by default
		 * @return this builder
		 */
		public Builder scope(String scope) {
			this.scope = scope;
			return this;
		}

		/**
		 * Set how long before the end of a token the next one is asked for. Tokens that
		 * live less than four times as long are renewed a quarter of their life before.
		 * @param refreshBeforeExpiry a positive duration, 5 minutes by default
		 * @return this builder
		 */
		public Builder refreshBeforeExpiry(Duration refreshBeforeExpiry) {
			this.refreshBeforeExpiry = requirePositive(refreshBeforeExpiry);
			return this;
		}

		/**
		 * Set how long one request may take.
		 * @param requestTimeout a positive duration, 15 seconds by default
		 * @return this builder
		 */
		public Builder requestTimeout(Duration requestTimeout) {
			this.requestTimeout = requirePositive(requestTimeout);
			return this;
		}

		/**
		 * Add a listener that is told of the first token too.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(EntraTokenListener listener) {
			this.listeners.add(listener);
			return this;
		}

		/**
		 * Build the provider, which asks for its first token at once.
		 * @return a new provider, to be closed by the caller
		 */
		public EntraTokenProvider build() {
			String name = "azure-redis-token-" + instances.incrementAndGet();
			Scheduler loop = Schedulers.newSingle(name, true);
			// One thread at a time, but never a fixed number: a request that ignores its
			// interruption keeps its thread, and the next one must not wait for it.
			Scheduler requests = Schedulers.fromExecutorService(Executors.newCachedThreadPool((task) -> {
				Thread thread = new Thread(task, name + "-request");
				thread.setDaemon(true);
				return thread;
			}));
			return new EntraTokenProvider(this, loop, requests, Clock.systemUTC(),
					() -> ThreadLocalRandom.current().nextDouble());
		}

		private static Duration requirePositive(Duration duration) {
			if (duration.isNegative() || duration.isZero()) {
				throw new IllegalArgumentException("A positive duration is needed, not " + duration);
			}
			return duration;
		}

	}

}
