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

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisOffering;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.PoolException;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionFailureExplainer}.
 */
class ConnectionFailureExplainerTests {

	private static final String OBJECT_ID = "6497c918-11ad-41e7-1b0f-7c518a87d0b0";

	private final AzureRedisProperties properties = new AzureRedisProperties();

	private AzureRedisInstance endpoint = endpoint("my-cache.westeurope.redis.azure.net", 10000, true);

	private @Nullable String objectId = OBJECT_ID;

	private boolean tokenExpired;

	@Test
	void whenIdentityOfManagedRedisIsRefusedThenNamesObjectIdAndHowToAssignIt() {
		Explanation explanation = explain(reply("WRONGPASS invalid username-password pair or user is disabled."));
		assertThat(explanation.description()).contains("'my-cache.westeurope.redis.azure.net:10000'",
				"refused the identity with the object id '" + OBJECT_ID + "'");
		assertThat(explanation.action())
			.contains("Authentication > Microsoft Entra Authentication > Select member",
					"az redisenterprise database access-policy-assignment create --resource-group <resource group>"
							+ " --cluster-name my-cache --database-name default"
							+ " --access-policy-assignment-name 6497c91811ad41e71b0f7c518a87d0b0"
							+ " --access-policy-name default --object-id " + OBJECT_ID)
			.doesNotContain("az redis ");
	}

	@Test
	void whenIdentityOfCacheForRedisIsRefusedThenNamesObjectIdAndHowToAssignIt() {
		this.endpoint = endpoint("my-cache.redis.cache.windows.net", 6380, true);
		Explanation explanation = explain(reply("WRONGPASS invalid username-password pair"));
		assertThat(explanation.action()).contains("Data Access Configuration > Add > New Redis User",
				"az redis access-policy-assignment create --resource-group <resource group> --name my-cache"
						+ " --policy-assignment-name 6497c91811ad41e71b0f7c518a87d0b0"
						+ " --access-policy-name \"Data Owner\" --object-id " + OBJECT_ID + " --object-id-alias "
						+ OBJECT_ID,
				"If the instance has been migrated to Azure Managed Redis, which does not move assignments, in the"
						+ " portal",
				"az redisenterprise database access-policy-assignment create --resource-group <resource group>"
						+ " --cluster-name <instance>");
	}

	@Test
	void whenOfferingIsUnknownThenNamesTheCommandsOfBoth() {
		this.endpoint = endpoint("redis.example.org", 10000, true);
		assertThat(explain(reply("WRONGPASS invalid username-password pair")).action())
			.contains("az redisenterprise database access-policy-assignment create", "--cluster-name <instance>")
			.contains("az redis access-policy-assignment create", "--name <instance>");
	}

	@Test
	void whenHostDoesNotNameTheInstanceThenLeavesItOpen() {
		this.endpoint = AzureRedisInstance.of("localhost", 10000, AzureRedisOffering.MANAGED_REDIS,
				SslBundle.systemDefault());
		assertThat(explain(reply("WRONGPASS invalid username-password pair")).action())
			.contains("--cluster-name <instance>");
	}

	@Test
	void whenUsernameIsNotTheObjectIdOfTheTokenThenNamesBoth() {
		this.properties.setUsername("another-id");
		Explanation explanation = explain(reply("ERR WRONGPASS invalid username-password pair"));
		assertThat(explanation.description()).contains("'another-id'", "'azure.redis.username'", OBJECT_ID);
		assertThat(explanation.action()).startsWith("1. Remove 'azure.redis.username'");
	}

	@Test
	void whenObjectIdIsNotKnownThenStillSaysWhatToDo() {
		this.objectId = null;
		Explanation explanation = explain(reply("WRONGPASS invalid username-password pair"));
		assertThat(explanation.description()).contains("refused the credentials");
		assertThat(explanation.action()).contains("assigned to the instance").doesNotContain("null");
	}

	@Test
	void whenAccessKeyIsRefusedThenNamesThePropertyAndNotTheKey() {
		this.properties.setAccessKey("the-key");
		Explanation explanation = explain(reply("WRONGPASS invalid username-password pair"));
		assertThat(explanation.description()).contains("'azure.redis.access-key'", "switched off");
		assertThat(explanation.action()).startsWith("1. Remove 'azure.redis.access-key'");
		assertThat(explanation.toLine()).doesNotContain("the-key", OBJECT_ID);
		this.properties.setUsername("somebody");
		assertThat(explain(reply("WRONGPASS invalid username-password pair")).action())
			.startsWith("1. Remove 'azure.redis.username', which is 'somebody'");
	}

	@Test
	void whenCommandIsNotPermittedThenNamesCommandAndIdentity() {
		RedisSystemException failure = new RedisSystemException("Error in execution",
				new RedisCommandExecutionException("NOPERM this user has no permissions to run the 'set' command"));
		Explanation explanation = explain(failure);
		assertThat(explanation.description()).contains("'set' command", OBJECT_ID);
		assertThat(explanation.action()).contains("access string").doesNotContain("Data Access Configuration");
		this.endpoint = endpoint("my-cache.redis.cache.windows.net", 6380, true);
		assertThat(explain(failure).action()).contains("Data Access Configuration").doesNotContain("access string");
		this.properties.setAccessKey("the-key");
		assertThat(explain(failure).description()).contains("the access key").doesNotContain("the-key");
	}

	@Test
	void whenCredentialsAreMissingThenSaysWhoTookThemAway() {
		Explanation explanation = explain(reply("NOAUTH Authentication required."));
		assertThat(explanation.description()).contains("before any credentials");
		assertThat(explanation.action()).contains("replaces the credentials of 'azure.redis'");
	}

	@Test
	void whenPlainClientIsOnAClusterThenNamesTheClusteringPolicy() {
		Explanation explanation = explain(reply("MOVED 866 13.90.202.154:13000"));
		assertThat(explanation.description()).contains("is a cluster", "MOVED 866 13.90.202.154:13000");
		assertThat(explanation.action()).isEqualTo("Set 'azure.redis.clustering-policy' to 'oss'.");
	}

	@Test
	void whenKeysAreOfDifferentSlotsThenNamesHashTagsAndTheClusteringPolicy() {
		assertThat(explain(reply("CROSSSLOT Keys in request don't hash to the same slot")).action())
			.contains("hash tag", "'azure.redis.clustering-policy' to 'oss'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ERR This instance has cluster support disabled",
			"ERR unknown command 'CLUSTER', with args beginning with: 'SLOTS' 'secret'" })
	void whenClusterClientIsNotOnAClusterThenNamesTheClusteringPolicy(String reply) {
		RedisException failure = new RedisException("Cannot retrieve cluster partitions from [rediss://host]");
		failure.addSuppressed(new RedisCommandExecutionException(reply));
		Explanation explanation = explain(new RedisConnectionFailureException("Unable to connect to Redis",
				new RedisConnectionException("Unable to establish a connection to Redis Cluster", failure)));
		assertThat(explanation.description()).contains("clustering policy is not OSS").doesNotContain("secret");
		assertThat(explanation.action()).contains("'azure.redis.clustering-policy' to 'enterprise' or 'none'");
	}

	@Test
	void whenClusterClientIsRefusedThenFindsTheReasonOfTheNode() {
		RedisException failure = new RedisException("Cannot retrieve cluster partitions from [rediss://host]");
		failure.addSuppressed(new RedisConnectionException("Unable to connect to [host]",
				new RedisCommandExecutionException("WRONGPASS invalid username-password pair")));
		assertThat(explain(failure).description()).contains("refused the identity");
	}

	@Test
	void whenThereAreTooManyConnectionsThenNamesThePool() {
		assertThat(explain(reply("ERR max number of clients reached")).action())
			.contains("'spring.data.redis.lettuce.pool.max-active'", "size that takes more");
	}

	@Test
	void whenCertificateIsNotTrustedThenNamesTheBundleAndNeverSwitchesVerificationOff() {
		Explanation explanation = explain(unableToConnect(sslFailure("PKIX path building failed",
				new CertPathBuilderException("unable to find valid certification path to requested target"))));
		assertThat(explanation.description()).contains("my-cache.westeurope.redis.azure.net", "not signed by");
		assertThat(explanation.action()).contains("'azure.redis.ssl.bundle'");
		assertThat(explanation.toLine()).doesNotContainIgnoringCase("verif").doesNotContain("ssl.enabled");
		this.properties.getSsl().setBundle("mine");
		assertThat(explain(unableToConnect(sslFailure("PKIX path building failed", new CertPathBuilderException())))
			.description()).contains("SSL bundle 'mine'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "No subject alternative names matching IP address 10.0.0.1 found",
			"No subject alternative DNS name matching my-alias found.", "No name matching my-alias found" })
	void whenCertificateIsForAnotherHostThenNamesHostAndBundle(String reason) {
		Explanation explanation = explain(
				unableToConnect(new DecoderException(sslFailure(reason, new CertificateException(reason)))));
		assertThat(explanation.description()).contains("my-cache.westeurope.redis.azure.net", reason);
		assertThat(explanation.action()).contains("'azure.redis.host'", "'azure.redis.ssl.bundle'");
		assertThat(explanation.toLine()).doesNotContainIgnoringCase("verif").doesNotContain("ssl.enabled");
	}

	@Test
	void whenCertificateHasExpiredThenNamesTheClock() {
		assertThat(explain(unableToConnect(sslFailure("PKIX", new CertificateExpiredException()))).action())
			.contains("clock");
	}

	@Test
	void whenServerDoesNotAnswerToTlsThenNamesThePort() {
		assertThat(explain(unableToConnect(new SslHandshakeTimeoutException("handshake timed out after 10000ms")))
			.action()).contains("'azure.redis.port'", "10000", "6380");
		assertThat(explain(unableToConnect(new NotSslRecordException("not an SSL/TLS record: 2d455252"))).description())
			.contains("does not answer to TLS")
			.doesNotContain("2d455252");
	}

	@Test
	void whenTlsFailsOtherwiseThenNamesItsVersionsAndTheBundle() {
		Explanation explanation = explain(unableToConnect(new SSLException("Received fatal alert: protocol_version")));
		assertThat(explanation.description()).contains("protocol_version");
		assertThat(explanation.action()).contains("TLS 1.2 and 1.3", "'azure.redis.ssl.bundle'");
	}

	@Test
	void whenServerClosesThePlainConnectionThenNamesTls() {
		this.endpoint = endpoint("localhost", 10000, false);
		Explanation explanation = explain(
				unableToConnect(new RedisConnectionException("Connection closed prematurely")));
		assertThat(explanation.description()).contains("'azure.redis.ssl.enabled' is false");
		assertThat(explanation.action()).startsWith("1. Remove 'azure.redis.ssl.enabled'");
	}

	@Test
	void whenServerClosesTheConnectionThenNamesPortAndFirewall() {
		for (Throwable cause : List.of(new ClosedChannelException(),
				new IOException("recvAddress(..) failed: Connection reset by peer"),
				new SSLHandshakeException("Connection closed while SSL/TLS handshake was in progress"),
				new SSLException("SSLEngine closed already"))) {
			Explanation explanation = explain(unableToConnect(cause));
			assertThat(explanation.description()).contains("closed the connection before it was ready");
			assertThat(explanation.action()).contains("'azure.redis.port'", "firewall");
		}
	}

	@Test
	void whenNodeDoesNotTakeTheConnectionThenDoesNotNameTheSettingsOfTheEndpoint() {
		assertThat(explainNode(new ClosedChannelException()).description())
			.contains("closed the connection before it was ready");
		assertThat(
				explainNode(new RedisCommandTimeoutException("Connection initialization timed out after 2 second(s)"))
					.description())
			.contains("has not answered the handshake");
	}

	private Explanation explainNode(Throwable cause) {
		Explanation explanation = explain(RedisConnectionException
			.create(InetSocketAddress.createUnresolved(this.endpoint.getHost(), 8501), cause));
		assertThat(explanation.description()).contains("The node at port 8501");
		assertThat(explanation.action()).contains("Azure replaces nodes").doesNotContain("'azure.redis.port'");
		return explanation;
	}

	@Test
	void whenOfferingIsKnownThenNamesOnlyItsNodePorts() {
		assertThat(explainNode()).contains("8500 to 8599").doesNotContain("15000");
		this.endpoint = endpoint("my-cache.redis.cache.windows.net", 6380, true);
		assertThat(explainNode()).contains("15000").doesNotContain("8500");
		this.endpoint = endpoint("redis.example.org", 10000, true);
		assertThat(explainNode()).contains("8500 to 8599 for Azure Managed Redis", "15000");
	}

	private String explainNode() {
		return explain(RedisConnectionException
			.create(InetSocketAddress.createUnresolved(this.endpoint.getHost(), 8501), new ConnectException()))
			.action();
	}

	@Test
	void whenConnectionHasWorkedBeforeThenAdvisesToWaitFirst() {
		for (Throwable cause : List.of(new ConnectException("Connection refused"),
				new ConnectTimeoutException("connection timed out"))) {
			Explanation explanation = explainer().explain(unableToConnect(cause), true);
			assertThat(explanation).isNotNull();
			assertThat(explanation.action())
				.startsWith("1. If it has worked before, wait: Azure may be maintaining the instance.");
			assertThat(explain(unableToConnect(cause)).action()).doesNotContain("wait");
		}
	}

	@Test
	void whenTokenHasExpiredThenDoesNotBlameTheIdentity() {
		this.tokenExpired = true;
		assertThat(explainer().explain(reply("WRONGPASS invalid username-password pair"))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "my-cache.westeurope.redis.azure.net,privatelink.redis.azure.net",
			"my-cache.redis.cache.windows.net,privatelink.redis.cache.windows.net",
			"my-cache.westeurope.redisenterprise.cache.azure.net,privatelink.redisenterprise.cache.azure.net" })
	void whenHostIsUnknownThenNamesHostAndPrivateDnsZone(String hostAndZone) {
		String host = hostAndZone.split(",", -1)[0];
		this.endpoint = endpoint(host, 10000, true);
		Explanation explanation = explain(
				unableToConnect(new UnknownHostException("Failed to resolve '" + host + "'")));
		assertThat(explanation.description()).contains("'" + host + "'", "'azure.redis.host'");
		assertThat(explanation.action()).contains("'azure.redis.host'", "zone " + hostAndZone.split(",", -1)[1]);
	}

	@Test
	void whenConnectionIsRefusedThenNamesPort() {
		Explanation explanation = explain(unableToConnect(new ConnectException("Connection refused")));
		assertThat(explanation.description()).contains(":10000'", "nothing listens there");
		assertThat(explanation.action()).contains("'azure.redis.port'", "public network access");
	}

	@Test
	void whenConnectionIsNotAnsweredThenNamesFirewallAndPrivateEndpoint() {
		Explanation explanation = explain(unableToConnect(new ConnectTimeoutException("connection timed out")));
		assertThat(explanation.description()).contains(":10000'", "cannot be reached");
		assertThat(explanation.action()).contains("private endpoint", "public network access", "port 10000",
				"'azure.redis.port'");
	}

	@Test
	void whenHandshakeIsNotAnsweredThenNamesTheTimeout() {
		assertThat(explain(unableToConnect(
				new RedisCommandTimeoutException("Connection initialization timed out after 2 second(s)")))
			.action()).contains("'spring.data.redis.timeout'");
	}

	@Test
	void whenItIsWrappedByAPoolThenFindsIt() {
		assertThat(explain(new IllegalStateException(new RedisConnectionFailureException("Unable to connect to Redis",
				new PoolException("Could not get a resource from the pool",
						unableToConnect(new ConnectException("Connection refused"))))))
			.description()).contains("nothing listens there");
	}

	@Test
	void whenItIsOfAnotherConnectionThenSaysNothing() {
		assertThat(explainer().explain(new ConnectException("Connection refused"))).isNull();
		assertThat(explainer().explain(new SSLHandshakeException("PKIX path building failed"))).isNull();
		assertThat(explainer().explain(RedisConnectionException
			.create(InetSocketAddress.createUnresolved("other.example.org", 6379), new ConnectException()))).isNull();
	}

	@Test
	void whenThereIsNothingToAddThenSaysNothing() {
		assertThat(explainer().explain(reply("OOM command not allowed when used memory > 'maxmemory'."))).isNull();
		assertThat(explainer().explain(new RedisCommandTimeoutException("Command timed out after 1 second(s)")))
			.isNull();
		assertThat(explainer().explain(new RedisException(new ClosedChannelException()))).isNull();
	}

	private Explanation explain(Throwable failure) {
		Explanation explanation = explainer().explain(failure);
		assertThat(explanation).isNotNull();
		return explanation;
	}

	private ConnectionFailureExplainer explainer() {
		return new ConnectionFailureExplainer(
				new ConnectionFacts(this.endpoint, AzureRedisAuthentication.of(this.properties),
						this.properties.getSsl().getBundle(), () -> this.objectId, () -> this.tokenExpired),
				new MockEnvironment());
	}

	private RedisConnectionException unableToConnect(Throwable cause) {
		return RedisConnectionException
			.create(InetSocketAddress.createUnresolved(this.endpoint.getHost(), this.endpoint.getPort()), cause);
	}

	private static RedisCommandExecutionException reply(String reply) {
		return new RedisCommandExecutionException(reply);
	}

	private static SSLHandshakeException sslFailure(String message, Exception cause) {
		SSLHandshakeException failure = new SSLHandshakeException(message);
		failure.initCause(cause);
		return failure;
	}

	private static AzureRedisInstance endpoint(String host, int port, boolean ssl) {
		return AzureRedisInstance.of(host, port, AzureRedisOffering.ofHost(host),
				ssl ? SslBundle.systemDefault() : null);
	}

}
