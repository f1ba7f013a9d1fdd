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

package io.github.azureredis.emulator;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local stand-in for Azure Managed Redis and Azure Cache for Redis: a real Redis server
 * behind a TLS port that authenticates clients with tokens, and ends their connections
 * with the tokens, as Azure does.
 * <p>
 * The emulator issues the tokens itself. {@link #credential()} and the managed-identity
 * endpoints at {@link #identityEndpoint()} and {@link #instanceMetadataEndpoint()} hand
 * them out. {@code AUTH} and {@code HELLO ... AUTH} take an object id with access and a
 * token of its own; anything else is answered with {@code WRONGPASS}. Each accepted one
 * moves the end of its connection to the expiry of its token, the last one wins. Inside
 * {@code MULTI} the token is checked when the command is queued, and takes effect with
 * {@code EXEC}; after {@code DISCARD} or {@code RESET} it never does. An {@code EXEC}
 * that Redis aborts, because a watched key has changed or a command was not queued,
 * counts as one that ran.
 * <p>
 * For Linux and macOS, on x86-64 and ARM processors, the emulator brings a Redis server
 * with it, in embedded-redis. Elsewhere, Windows included, and where that server does not
 * run, it needs a {@code redis-server} 6.2 or later on the {@code PATH}. The server keeps
 * no data on disk and ends with the emulator or the JVM; on Windows, a JVM that is killed
 * leaves it behind.
 * <p>
 * What differs from Azure:
 * <ul>
 * <li>Without {@link AzureRedisClusteringPolicy#OSS} there is one server, without a
 * replica. With {@link AzureRedisClusteringPolicy#ENTERPRISE} this means that commands
 * with keys of several slots are accepted, and that only {@code CLUSTER} is refused.</li>
 * <li>With {@link AzureRedisClusteringPolicy#OSS} there are three masters, each with a
 * port of its own at {@code 127.0.0.1}. The certificate does not hold this address, as in
 * Azure. The nodes are those of open source Redis, hence they also answer {@code ASK}.
 * With {@link AzureRedisOffering#MANAGED_REDIS} {@code READONLY} is unknown, as in Azure,
 * so replicas only take the place of masters.</li>
 * <li>The version of Redis is that of the server, 6.2 if it is bundled. There are no
 * modules.</li>
 * <li>Key space notifications are off. {@code CONFIG SET} turns them on here if the
 * service is {@link AzureRedisOffering#MANAGED_REDIS}; in Azure they are a setting of the
 * instance, where it has them at all.</li>
 * <li>The limits are the server's own, such as 10,000 connections, and not those of a
 * tier on memory, bandwidth, connections and the rate of new ones. There is no failover
 * and no maintenance other than by {@link #cluster()} and {@link #maintenance()}, and
 * idle connections stay open without
 * {@link EmulatorFaults#closeIdleAfter(Duration)}.</li>
 * <li>Everyone with access may use all commands that the service does not block; there
 * are no access policies.</li>
 * <li>A connection ends right at the expiry of its token, unless there is a
 * {@link Builder#closeDelay(Duration)}.</li>
 * </ul>
 * <p>
 * Several emulators may run in one JVM. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AzureRedisEmulator implements AutoCloseable {

	private static final String HOST = "localhost";

	private static final Logger logger = LoggerFactory.getLogger(AzureRedisEmulator.class);

	private final String objectId;

	private final boolean replicas;

	private final Identities identities;

	private final TokenAuthority authority;

	private final ServerCertificate certificate;

	private final Counters counters = new Counters();

	private final ScheduledExecutorService timer = timer();

	private final Connections connections = new Connections(this.timer);

	/**
	 * One migration waits for the other.
	 */
	private final Object migration = new Object();

	private final TokenEndpoint tokenEndpoint;

	private final EmulatorFaults faults;

	private final EmulatorMaintenance maintenance;

	private final Front front;

	private final IdentityEndpoint identityEndpoint;

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile Instance instance;

	/**
	 * The instance that a migration starts.
	 */
	private volatile @Nullable Instance target;

	private int port;

	private AzureRedisEmulator(Builder builder) {
		this.objectId = builder.objectId;
		this.replicas = builder.replicas;
		Map<String, String> clientIds = new LinkedHashMap<>(builder.identities);
		clientIds.putIfAbsent(builder.objectId, UUID.randomUUID().toString());
		this.identities = new Identities(clientIds, builder.accessKey != null);
		CommandRules rules = new CommandRules(builder.offering, builder.clusteringPolicy);
		AzureRedisEmulator issuer = builder.issuer;
		this.authority = (issuer != null) ? issuer.authority : new TokenAuthority(Clock.systemUTC());
		this.certificate = ServerCertificate.forHosts(builder.hostNames);
		this.tokenEndpoint = new TokenEndpoint(this.authority, this.counters, this.timer, Clock.systemUTC(),
				builder.tokenLifetime);
		this.faults = new EmulatorFaults(this.tokenEndpoint, this.connections);
		Authenticator authenticator = new Authenticator(this.authority, this.identities, this.faults,
				builder.accessKey);
		MaintenanceRequests maintenanceRequests = new MaintenanceRequests();
		this.front = new Front(builder.tls ? this.certificate.sslContext() : null,
				new ClientConnection.Services(authenticator, rules, this.connections, this.counters, this.faults,
						maintenanceRequests, builder.closeDelay));
		this.instance = instance(builder.offering, builder.clusteringPolicy, rules);
		this.maintenance = new EmulatorMaintenance(() -> this.instance, this.connections, maintenanceRequests,
				this.timer);
		this.identityEndpoint = new IdentityEndpoint(this.tokenEndpoint, this.identities, this.objectId);
	}

	/**
	 * Returns a builder of an emulator of Azure Managed Redis.
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns the host name to connect to, {@code localhost}. The certificate holds it,
	 * and no IP address.
	 */
	public String host() {
		return HOST;
	}

	/**
	 * Returns the port to connect to.
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Returns the object id of the default identity, the user name to authenticate with.
	 */
	public String objectId() {
		return this.objectId;
	}

	/**
	 * Returns the service that this emulator stands in for, since the last migration.
	 */
	public AzureRedisOffering offering() {
		return this.instance.offering();
	}

	/**
	 * Returns how this emulator appears to clients, since the last migration.
	 */
	public AzureRedisClusteringPolicy clusteringPolicy() {
		return this.instance.clusteringPolicy();
	}

	/**
	 * Returns the certificate authority that a client must trust. Each emulator has its
	 * own.
	 */
	public X509Certificate certificateAuthority() {
		return this.certificate.authority();
	}

	/**
	 * Returns the certificate authority in PEM form.
	 */
	public String certificateAuthorityPem() {
		return this.certificate.authorityPem();
	}

	/**
	 * Returns a credential for the default identity. It asks the emulator for a token
	 * each time, without blocking, and fails with a
	 * {@link com.azure.core.exception.ClientAuthenticationException} for other scopes
	 * than Redis' and after {@link #close()}.
	 */
	public TokenCredential credential() {
		return credential(this.objectId);
	}

	/**
	 * Returns a credential like {@link #credential()} for any identity, which need not
	 * have access.
	 * @param objectId its object id, a UUID
	 */
	public TokenCredential credential(String objectId) {
		return new EmulatorCredential(this.tokenEndpoint, requireObjectId(objectId));
	}

	/**
	 * Returns the address of an endpoint that speaks the managed-identity protocol of
	 * Azure App Service, the value for {@code IDENTITY_ENDPOINT}.
	 */
	public URI identityEndpoint() {
		return this.identityEndpoint.appServiceUri();
	}

	/**
	 * Returns the secret that {@link #identityEndpoint()} asks for, the value for
	 * {@code IDENTITY_HEADER}.
	 */
	public String identityHeader() {
		return this.identityEndpoint.header();
	}

	/**
	 * Returns the address of an endpoint that speaks the managed-identity protocol of a
	 * virtual machine, the value for {@code AZURE_POD_IDENTITY_AUTHORITY_HOST}.
	 */
	public URI instanceMetadataEndpoint() {
		return this.identityEndpoint.imdsUri();
	}

	/**
	 * Returns the different resources that {@link #identityEndpoint()} and
	 * {@link #instanceMetadataEndpoint()} were asked for so far, the first one first.
	 */
	public Set<String> requestedResources() {
		return this.identityEndpoint.requestedResources();
	}

	/**
	 * Sets the lifetime of tokens issued from now on.
	 * @param lifetime positive; the expiry of a token is rounded up to a full second
	 */
	public void tokenLifetime(Duration lifetime) {
		this.tokenEndpoint.tokenLifetime(Durations.requirePositive(lifetime, "lifetime"));
	}

	/**
	 * Returns what can be made to go wrong.
	 */
	public EmulatorFaults faults() {
		return this.faults;
	}

	/**
	 * Return what clients can be told of maintenance.
	 */
	public EmulatorMaintenance maintenance() {
		return this.maintenance;
	}

	/**
	 * Returns the counters as they are now.
	 */
	public EmulatorStatistics statistics() {
		return this.counters.snapshot(this.connections.snapshot());
	}

	/**
	 * Returns the open connections as they are now, the oldest first.
	 */
	public List<EmulatorConnection> connections() {
		return this.connections.snapshot();
	}

	/**
	 * Returns the nodes of the cluster, and what can happen to them. It ends with a
	 * migration.
	 * @throws IllegalStateException if the clustering policy is not
	 * {@link AzureRedisClusteringPolicy#OSS}
	 */
	public EmulatorCluster cluster() {
		Instance current = this.instance;
		if (current.backend() instanceof ClusterBackend cluster) {
			return new EmulatorCluster(cluster);
		}
		throw new IllegalStateException("There is no cluster with the clustering policy " + current.clusteringPolicy());
	}

	/**
	 * Stops the Redis server, or all of a cluster. Its data is lost and connections are
	 * closed, new ones too, until {@link #startServer()}; {@link EmulatorFaults#reset()}
	 * does not start it. The ports stay the same.
	 */
	public void stopServer() {
		this.instance.backend().stop();
	}

	/**
	 * Starts the Redis server again, or those of a cluster that do not run; no effect if
	 * all run.
	 * @throws EmulatorStartException if it does not start
	 * @throws IllegalStateException if the emulator is closed
	 */
	public void startServer() {
		this.instance.backend().start();
	}

	/**
	 * Migrate to another service or clustering policy at the same host and port, as
	 * Microsoft's migration from Azure Cache for Redis to Azure Managed Redis does. The
	 * new instance is empty: Microsoft's tooling moves the host name, the port and the
	 * access keys, and neither data nor assignments of identities. So every token gets
	 * {@code WRONGPASS} until {@link #assign(String)}. All connections are closed when
	 * the new instance takes over, which is when this method returns.
	 * <p>
	 * The way back works alike, for a migration that is rolled back.
	 * @param offering the service to stand in for from now on
	 * @param clusteringPolicy how it appears to clients; a cluster has replicas if the
	 * emulator was built with them
	 * @throws EmulatorStartException if a server does not start; then nothing has changed
	 * @throws IllegalStateException if the service does not have the clustering policy,
	 * or the emulator is closed
	 * @see <a href=
	 * "https://github.com/AzureManagedRedis/amr-migration-skill/blob/main/references/automated-migration.md">Automated
	 * Migration</a>
	 */
	public void migrate(AzureRedisOffering offering, AzureRedisClusteringPolicy clusteringPolicy) {
		requireSupported(offering, clusteringPolicy);
		synchronized (this.migration) {
			CommandRules rules = new CommandRules(offering, clusteringPolicy);
			Instance next = instance(offering, clusteringPolicy, rules);
			this.target = next;
			Instance previous = this.instance;
			try {
				requireOpen();
				next.backend().start();
				this.identities.unassignAll();
				this.front.rules(rules);
				this.instance = next;
				requireOpen();
			}
			catch (RuntimeException ex) {
				next.backend().close();
				throw ex;
			}
			finally {
				this.target = null;
			}
			this.faults.frozenServers().thawAll();
			this.connections.cut(Integer.MAX_VALUE);
			previous.backend().close();
		}
		logger.info("The emulator at {}:{} is one of {} now", HOST, port(), offering);
	}

	/**
	 * Give an identity access, as a new access policy assignment does. The identities of
	 * the builder have access from the start.
	 * @param objectId its object id, one of the builder's
	 * @throws IllegalArgumentException if the emulator was built without the identity
	 */
	public void assign(String objectId) {
		this.identities.assign(requireObjectId(objectId));
	}

	/**
	 * Take access from an identity, as a deleted access policy assignment does. A valid
	 * token then gets {@code WRONGPASS}. Its connections are closed, as Redis does when a
	 * user is deleted; what Azure does with them is not documented.
	 * @param objectId its object id, one of the builder's
	 * @throws IllegalArgumentException if the emulator was built without the identity
	 */
	public void unassign(String objectId) {
		String id = requireObjectId(objectId);
		this.identities.unassign(id);
		this.connections.cut(id);
	}

	/**
	 * Ends all connections, threads and processes of the emulator, and waits for that.
	 */
	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.tokenEndpoint.close();
			this.identityEndpoint.close();
			this.front.close();
			Instance incoming = this.target;
			if (incoming != null) {
				incoming.backend().close();
			}
			synchronized (this.migration) {
				this.instance.backend().close();
			}
			this.timer.shutdownNow();
			awaitTimer();
		}
	}

	private void start(int port) {
		try {
			// First the port that was asked for, lest one of the others gets it.
			this.port = this.front.open(port, () -> this.instance.backend().running()).number();
			this.identityEndpoint.start();
			this.instance.backend().start();
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
		logger.info("The emulator of {} listens on {}:{}", offering(), HOST, port());
	}

	private Instance instance(AzureRedisOffering offering, AzureRedisClusteringPolicy clusteringPolicy,
			CommandRules rules) {
		List<String> configuration = Stream.of(this.identities.configuration(), rules.configuration())
			.flatMap(List::stream)
			.toList();
		InternalUser user = new InternalUser();
		Backend backend = (clusteringPolicy == AzureRedisClusteringPolicy.OSS)
				? new ClusterBackend(this.front, user, this.replicas, rules, configuration)
				: new RedisBackend(new RedisExecutables(), user, (port, directory) -> configuration);
		return new Instance(offering, clusteringPolicy, backend, user);
	}

	private void requireOpen() {
		if (this.closed.get()) {
			throw new IllegalStateException("The emulator is closed");
		}
	}

	private static void requireSupported(AzureRedisOffering offering, AzureRedisClusteringPolicy clusteringPolicy) {
		if (offering == AzureRedisOffering.CACHE_FOR_REDIS
				&& clusteringPolicy == AzureRedisClusteringPolicy.ENTERPRISE) {
			throw new IllegalStateException("Azure Cache for Redis does not have the clustering policy "
					+ clusteringPolicy + ", Azure Managed Redis does");
		}
	}

	private void awaitTimer() {
		try {
			this.timer.awaitTermination(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static ScheduledExecutorService timer() {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
				new DefaultThreadFactory("azure-redis-emulator-timer", true));
		timer.setRemoveOnCancelPolicy(true);
		return timer;
	}

	private static String requireObjectId(String objectId) {
		try {
			return UUID.fromString(objectId).toString();
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'" + objectId + "' is not an object id, which is a UUID", ex);
		}
	}

	/**
	 * What clients reach at the port of the emulator.
	 */
	record Instance(AzureRedisOffering offering, AzureRedisClusteringPolicy clusteringPolicy, Backend backend,
			InternalUser user) {

	}

	/**
	 * Builds an {@link AzureRedisEmulator}. Not thread-safe.
	 */
	public static final class Builder {

		private final Set<String> hostNames = new LinkedHashSet<>(List.of(HOST));

		private final Map<String, String> identities = new LinkedHashMap<>();

		private AzureRedisOffering offering = AzureRedisOffering.MANAGED_REDIS;

		private AzureRedisClusteringPolicy clusteringPolicy = AzureRedisClusteringPolicy.NONE;

		private boolean replicas;

		private String objectId = UUID.randomUUID().toString();

		private int port;

		private boolean tls = true;

		private Duration tokenLifetime = Duration.ofHours(1);

		private Duration closeDelay = Duration.ZERO;

		private @Nullable String accessKey;

		private @Nullable AzureRedisEmulator issuer;

		private Builder() {
		}

		/**
		 * Sets the service to stand in for.
		 * @param offering {@link AzureRedisOffering#MANAGED_REDIS} by default
		 * @return this builder
		 */
		public Builder offering(AzureRedisOffering offering) {
			this.offering = offering;
			return this;
		}

		/**
		 * Sets how the service appears to clients.
		 * @param clusteringPolicy {@link AzureRedisClusteringPolicy#NONE} by default
		 * @return this builder
		 */
		public Builder clusteringPolicy(AzureRedisClusteringPolicy clusteringPolicy) {
			this.clusteringPolicy = clusteringPolicy;
			return this;
		}

		/**
		 * Sets whether each master of a cluster has a replica.
		 * @param replicas {@code false} by default; {@code true} only with
		 * {@link AzureRedisClusteringPolicy#OSS}
		 * @return this builder
		 */
		public Builder replicas(boolean replicas) {
			this.replicas = replicas;
			return this;
		}

		/**
		 * Sets the object id of the default identity.
		 * @param objectId a UUID, random by default
		 * @return this builder
		 */
		public Builder objectId(String objectId) {
			this.objectId = requireObjectId(objectId);
			return this;
		}

		/**
		 * Gives access to a further identity, or the default one a client id that is not
		 * random.
		 * @param objectId its object id, a UUID
		 * @param clientId its client id, by which {@code client_id} chooses it at the
		 * managed-identity endpoints
		 * @return this builder
		 */
		public Builder identity(String objectId, String clientId) {
			this.identities.put(requireObjectId(objectId), requireObjectId(clientId));
			return this;
		}

		/**
		 * Stand in for another instance of the same tenant: accept the tokens that
		 * another emulator issues, for the identities that exist here, and make its
		 * default identity the one of this emulator.
		 * @param issuer the other emulator
		 * @return this builder
		 */
		public Builder tokensOf(AzureRedisEmulator issuer) {
			this.issuer = issuer;
			return objectId(issuer.objectId());
		}

		/**
		 * Sets the port to listen on.
		 * @param port 0 for any free one, which is the default
		 * @return this builder
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Sets whether the port speaks TLS.
		 * @param tls {@code true} by default; {@code false} stands for the port 6379 of
		 * Azure Cache for Redis
		 * @return this builder
		 */
		public Builder tls(boolean tls) {
			this.tls = tls;
			return this;
		}

		/**
		 * Adds host names to the certificate, which always holds {@code localhost}.
		 * @param hostNames names, without port
		 * @return this builder
		 */
		public Builder hostNames(String... hostNames) {
			this.hostNames.addAll(Arrays.asList(hostNames));
			return this;
		}

		/**
		 * Sets the lifetime of tokens.
		 * @param tokenLifetime positive, one hour by default; the expiry of a token is
		 * rounded up to a full second
		 * @return this builder
		 */
		public Builder tokenLifetime(Duration tokenLifetime) {
			this.tokenLifetime = Durations.requirePositive(tokenLifetime, "tokenLifetime");
			return this;
		}

		/**
		 * Sets how long after its token's expiry a connection is closed.
		 * @param closeDelay not negative, none by default; Azure documents no number
		 * @return this builder
		 */
		public Builder closeDelay(Duration closeDelay) {
			this.closeDelay = Durations.requireNotNegative(closeDelay, "closeDelay");
			return this;
		}

		/**
		 * Lets clients authenticate with an access key as well, without a user or as the
		 * user {@code default}.
		 * @param accessKey the key; there is none by default
		 * @return this builder
		 */
		public Builder accessKey(String accessKey) {
			this.accessKey = accessKey;
			return this;
		}

		/**
		 * Starts an emulator.
		 * @return an emulator that accepts connections
		 * @throws EmulatorStartException if there is no Redis server for this machine, or
		 * it does not start, or the port is not free, or the thread is interrupted
		 * @throws IllegalStateException if the service does not have the clustering
		 * policy, or there are to be replicas without a cluster
		 */
		public AzureRedisEmulator start() {
			requireSupported(this.offering, this.clusteringPolicy);
			if (this.replicas && this.clusteringPolicy != AzureRedisClusteringPolicy.OSS) {
				throw new IllegalStateException(
						"Replicas need the clustering policy OSS, not " + this.clusteringPolicy);
			}
			AzureRedisEmulator emulator = new AzureRedisEmulator(this);
			emulator.start(this.port);
			return emulator;
		}

	}

}
