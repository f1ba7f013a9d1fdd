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

package io.github.azureredis.lettuce;

import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import javax.net.ssl.TrustManagerFactory;

import io.github.azureredis.emulator.AzureRedisClusteringPolicy;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.github.azureredis.emulator.EmulatorConnection;
import io.github.azureredis.emulator.EmulatorFaults;
import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.github.azureredis.token.EntraTokenListener;
import io.github.azureredis.token.EntraTokenProvider;
import io.github.azureredis.token.TokenRenewalFailedEvent;
import io.github.azureredis.token.TokenRenewedEvent;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;

import static org.awaitility.Awaitility.await;

/**
 * An emulator, an identity, and Lettuce clients that authenticate with it.
 */
public class EmulatedClients implements AutoCloseable {

	public final AzureRedisEmulator emulator;

	final Queue<Object> events = new ConcurrentLinkedQueue<>();

	final EntraTokenProvider tokens;

	final EntraRedisAuthentication authentication;

	private final List<AbstractRedisClient> clients = new ArrayList<>();

	private final ClientResources ownResources = ClientResources.create();

	private ClientResources resources = this.ownResources;

	private UnaryOperator<AzureRedisClientResources.Builder> features = UnaryOperator.identity();

	EmulatedClients(Duration tokenLifetime) {
		this(tokenLifetime, Duration.ZERO);
	}

	/**
	 * Start everything.
	 * @param tokenLifetime what a token says of its life, and what the server holds it to
	 * @param spread the re-authentication spread
	 */
	EmulatedClients(Duration tokenLifetime, Duration spread) {
		this(tokenLifetime, Duration.ZERO, spread);
	}

	/**
	 * Start everything with tokens that live longer than they say, so that what happens
	 * after a renewal has time.
	 * @param tokenLifetime what a token says of its life
	 * @param grace how much longer the server accepts it
	 * @param spread the re-authentication spread
	 */
	EmulatedClients(Duration tokenLifetime, Duration grace, Duration spread) {
		this(tokenLifetime.plus(grace), spread, (faults) -> faults.tokenExpirySkew(grace.negated()));
	}

	/**
	 * Start everything with a fault from the beginning on.
	 * @param fault the fault
	 */
	EmulatedClients(Consumer<EmulatorFaults> fault) {
		this(fault, Duration.ofHours(1));
	}

	/**
	 * Start everything with a fault from the beginning on.
	 * @param fault the fault
	 * @param tokenLifetime what the server holds tokens to
	 */
	EmulatedClients(Consumer<EmulatorFaults> fault, Duration tokenLifetime) {
		this(tokenLifetime, Duration.ZERO, fault);
	}

	private EmulatedClients(Duration tokenLifetime, Duration spread, Consumer<EmulatorFaults> fault) {
		this(AzureRedisEmulator.builder().tokenLifetime(tokenLifetime), spread, fault);
	}

	/**
	 * Start everything with an emulator that is clustered.
	 * @param tokenLifetime what a token says of its life, and what the server holds it to
	 * @return the clients
	 */
	public static EmulatedClients clustered(Duration tokenLifetime) {
		return new EmulatedClients(AzureRedisEmulator.builder()
			.clusteringPolicy(AzureRedisClusteringPolicy.OSS)
			.tokenLifetime(tokenLifetime), Duration.ofMillis(200), (faults) -> {
			});
	}

	private EmulatedClients(AzureRedisEmulator.Builder emulator, Duration spread, Consumer<EmulatorFaults> fault) {
		this.emulator = emulator.start();
		fault.accept(this.emulator.faults());
		this.tokens = EntraTokenProvider.builder(this.emulator.credential())
			.requestTimeout(Duration.ofSeconds(1))
			.listener(new EntraTokenListener() {

				@Override
				public void onTokenRenewed(TokenRenewedEvent event) {
					EmulatedClients.this.events.add(event);
				}

				@Override
				public void onTokenRenewalFailed(TokenRenewalFailedEvent event) {
					EmulatedClients.this.events.add(event);
				}

			})
			.build();
		this.authentication = EntraRedisAuthentication.builder(this.tokens)
			.reauthenticationSpread(spread)
			.listener(new ReauthenticationListener() {

				@Override
				public void onReauthenticated(ConnectionReauthenticatedEvent event) {
					EmulatedClients.this.events.add(event);
				}

				@Override
				public void onReauthenticationFailed(ConnectionReauthenticationFailedEvent event) {
					EmulatedClients.this.events.add(event);
				}

			})
			.build();
	}

	/**
	 * Change the resources of the clients to come.
	 * @param decorator changes them
	 */
	void decorate(UnaryOperator<ClientResources> decorator) {
		this.resources = decorator.apply(this.resources);
	}

	/**
	 * Add features to the resources of the clients to come.
	 * @param features adds them
	 */
	public void features(UnaryOperator<AzureRedisClientResources.Builder> features) {
		this.features = features;
	}

	RedisClient client() {
		return client(ClientOptions.builder());
	}

	RedisClient client(ClientOptions.Builder options) {
		RedisClient client = RedisClient.create(decoratedResources(), uri());
		client.setOptions(options.sslOptions(sslOptions()).build());
		this.clients.add(client);
		return client;
	}

	RedisClusterClient clusterClient(Duration refreshPeriod) {
		return clusterClient(decoratedResources(),
				AzureConnectionDefaults.topologyRefresh(true).enablePeriodicRefresh(refreshPeriod).build());
	}

	/**
	 * Create a client whose topology is read when the refresh reads it, or when Lettuce
	 * has met a redirection, and not otherwise.
	 * @param refresh the refresh
	 * @return the client
	 */
	public RedisClusterClient clusterClient(TopologyRefresh refresh) {
		AzureRedisClientResources.Builder resources = resourcesBuilder();
		refresh.install(resources);
		RedisClusterClient client = clusterClient(this.features.apply(resources).build(),
				AzureConnectionDefaults.topologyRefresh(true)
					.enablePeriodicRefresh(false)
					.refreshTriggersReconnectAttempts(Integer.MAX_VALUE)
					.build());
		refresh.setClient(client);
		return client;
	}

	private RedisClusterClient clusterClient(ClientResources resources, ClusterTopologyRefreshOptions refreshOptions) {
		RedisClusterClient client = RedisClusterClient.create(resources, uri());
		ClusterClientOptions.Builder options = ClusterClientOptions.builder().topologyRefreshOptions(refreshOptions);
		AzureConnectionDefaults.withoutFailedNodes(options);
		client.setOptions(options.sslOptions(sslOptions()).build());
		this.clients.add(client);
		return client;
	}

	ClientResources decoratedResources() {
		return this.features.apply(resourcesBuilder()).build();
	}

	private AzureRedisClientResources.Builder resourcesBuilder() {
		return AzureRedisClientResources.builder(this.resources)
			.authentication(this.authentication)
			.nodesAtEndpoint(this.emulator.host());
	}

	RedisURI uri() {
		return RedisURI.builder()
			.withHost(this.emulator.host())
			.withPort(this.emulator.port())
			.withSsl(true)
			.withAuthentication(this.authentication.credentialsProvider())
			.withTimeout(Duration.ofSeconds(20))
			.build();
	}

	SslOptions sslOptions() {
		try {
			KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
			trusted.load(null, null);
			trusted.setCertificateEntry("emulator", this.emulator.certificateAuthority());
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(trusted);
			return SslOptions.builder().trustManager(factory).build();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	<T> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	EmulatorConnection connection() {
		List<EmulatorConnection> connections = this.emulator.connections();
		if (connections.size() != 1) {
			throw new IllegalStateException("One connection expected: " + connections);
		}
		return connections.get(0);
	}

	/**
	 * Wait until the token has been renewed so many times from now on.
	 * @param times how many times
	 */
	void awaitRenewals(int times) {
		int before = events(TokenRenewedEvent.class).size();
		await().atMost(Duration.ofSeconds(60)).until(() -> events(TokenRenewedEvent.class).size() >= before + times);
	}

	@Override
	public void close() {
		this.clients.forEach((client) -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
		this.ownResources.shutdown().awaitUninterruptibly();
		this.authentication.close();
		this.tokens.close();
		this.emulator.close();
	}

}
