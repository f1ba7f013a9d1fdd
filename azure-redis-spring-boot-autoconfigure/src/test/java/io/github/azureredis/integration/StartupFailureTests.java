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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.emulator.AzureRedisEmulator;
import io.lettuce.core.RedisClient;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Applications that do not start, and what they print. All of them meet one emulator.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class StartupFailureTests {

	private static final String LIMITED_OBJECT_ID = UUID.randomUUID().toString();

	private static final String KEY = "correct-horse-battery-staple";

	private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{5,}");

	private static AzureRedisEmulator emulator;

	@BeforeAll
	static void start() {
		emulator = AzureRedisEmulator.builder()
			.identity(LIMITED_OBJECT_ID, UUID.randomUUID().toString())
			.accessKey(KEY)
			.start();
	}

	@AfterAll
	static void stop() {
		emulator.close();
	}

	@AfterEach
	void outputShowsNeitherTokenNorKeyNorStackTrace(CapturedOutput output) {
		assertThat(output.getAll()).doesNotContainPattern(TOKEN)
			.doesNotContain(KEY, "wrong-key")
			.doesNotContain("\tat ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					azure.redis.host                            | azure.redis.host=
					azure.redis.port                            | azure.redis.host=redis.example.org
					azure.redis.host                            | azure.redis.host=rediss://my-cache.westeurope.redis.azure.net
					azure.redis.host                            | azure.redis.host=my-cache.westeurope.redis.azure.net:10000
					azure.redis.port                            | azure.redis.host=localhost azure.redis.port=70000
					azure.redis.ssl.enabled                     | azure.redis.host=my-cache.westeurope.redis.azure.net azure.redis.ssl.enabled=false
					spring.data.redis.url                       | azure.redis.host=my-cache.westeurope.redis.azure.net spring.data.redis.url=redis://localhost
					spring.data.redis.client-type               | azure.redis.host=my-cache.westeurope.redis.azure.net spring.data.redis.client-type=jedis
					spring.data.redis.azure.passwordless-enabled| azure.redis.host=my-cache.westeurope.redis.azure.net spring.data.redis.azure.passwordless-enabled=true
					""")
	void whenMisconfiguredThenTheAnalysisNamesTheProperty(String property, String arguments, CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run(CommandAtStart.class, emulator.credential(), Arrays.stream(arguments.split(" "))));
		assertThatAnalysisOf(output).contains("'" + property + "'");
	}

	@Test
	void whenIdentityIsRefusedThenTheAnalysisNamesItsObjectId(CapturedOutput output) {
		String objectId = UUID.randomUUID().toString();
		assertThatException().isThrownBy(() -> runOnEmulator(CommandAtStart.class, objectId));
		assertThatAnalysisOf(output).contains("refused the identity with the object id '" + objectId + "'",
				"--object-id " + objectId);
		assertThat(output).doesNotContain("Connecting to localhost");
	}

	@Test
	void whenIdentityIsRefusedWhileBeansAreMadeThenTheAnalysisNamesItsObjectId(CapturedOutput output) {
		String objectId = UUID.randomUUID().toString();
		assertThatException().isThrownBy(() -> runOnEmulator(CommandInBean.class, objectId));
		assertThatAnalysisOf(output).contains("refused the identity with the object id '" + objectId + "'");
	}

	@Test
	void whenIdentityIsRefusedWhileListenersStartThenTheAnalysisNamesItsObjectId(CapturedOutput output) {
		String objectId = UUID.randomUUID().toString();
		assertThatException().isThrownBy(() -> runOnEmulator(Listener.class, objectId));
		assertThatAnalysisOf(output).contains("refused the identity with the object id '" + objectId + "'");
	}

	@Test
	void whenUsernameIsAnotherOneThenTheAnalysisNamesIt(CapturedOutput output) {
		String username = UUID.randomUUID().toString();
		assertThatException().isThrownBy(
				() -> runOnEmulator(CommandAtStart.class, emulator.objectId(), "azure.redis.username=" + username));
		assertThatAnalysisOf(output).contains("refused the user name '" + username + "'", "'azure.redis.username'",
				emulator.objectId());
	}

	@Test
	void whenAccessKeyIsRefusedThenTheAnalysisNamesTheProperty(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> runOnEmulator(CommandAtStart.class, emulator.objectId(), "azure.redis.access-key=wrong-key"));
		assertThatAnalysisOf(output).contains("'azure.redis.access-key'");
	}

	@Test
	void whenCommandIsNotPermittedThenTheAnalysisNamesCommandAndIdentity(CapturedOutput output) {
		try (ConfigurableApplicationContext context = runOnEmulator(Application.class, emulator.objectId())) {
			context.getBean(StringRedisTemplate.class)
				.execute((connection) -> connection.execute("ACL", bytes("SETUSER"), bytes(LIMITED_OBJECT_ID),
						bytes("-ping")), true);
		}
		assertThatException().isThrownBy(() -> runOnEmulator(CommandAtStart.class, LIMITED_OBJECT_ID));
		assertThatAnalysisOf(output).contains("'ping'", LIMITED_OBJECT_ID);
	}

	@Test
	void whenCertificateIsNotTrustedThenTheAnalysisNamesTheBundle(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> runOnEmulator(CommandAtStart.class, emulator.objectId(), "azure.redis.ssl.bundle="));
		assertThatAnalysisOf(output).contains("'localhost:" + emulator.port() + "'", "'azure.redis.ssl.bundle'");
	}

	@Test
	void whenCertificateIsForAnotherHostThenTheAnalysisNamesTheHost(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> runOnEmulator(CommandAtStart.class, emulator.objectId(), "azure.redis.host=127.0.0.1"));
		assertThatAnalysisOf(output).contains("is for another host", "'azure.redis.host'");
	}

	@Test
	void whenTlsIsSwitchedOffThenTheAnalysisNamesTheProperty(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> runOnEmulator(CommandAtStart.class, emulator.objectId(), "azure.redis.ssl.enabled=false"));
		assertThatAnalysisOf(output).contains("closed the connection", "'azure.redis.ssl.enabled'");
	}

	@Test
	void whenNothingListensThenTheAnalysisNamesThePort(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> runOnEmulator(CommandAtStart.class, emulator.objectId(), "azure.redis.port=1"));
		assertThatAnalysisOf(output).contains("'localhost:1'", "'azure.redis.port'");
	}

	@Test
	void whenHostIsUnknownThenTheAnalysisNamesTheHost(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> runOnEmulator(CommandAtStart.class, emulator.objectId(), "azure.redis.host=my-cache.invalid"));
		assertThatAnalysisOf(output).contains("'my-cache.invalid'", "'azure.redis.host'");
	}

	@Test
	void whenAnotherRedisFailsThenThereIsNoAnalysisOfOurs(CapturedOutput output) {
		assertThatException().isThrownBy(() -> runOnEmulator(OtherRedisAtStart.class, emulator.objectId(),
				"logging.level.org.springframework.boot=off"));
		assertThat(output).doesNotContain("APPLICATION FAILED TO START");
	}

	private static AbstractStringAssert<?> assertThatAnalysisOf(CapturedOutput output) {
		assertThat(output).containsOnlyOnce("APPLICATION FAILED TO START");
		return assertThat(output.getAll().substring(output.getAll().indexOf("Description:")));
	}

	private static ConfigurableApplicationContext runOnEmulator(Class<?> application, String objectId,
			String... arguments) {
		return run(application, emulator.credential(objectId),
				Stream.concat(Stream.of("azure.redis.host=localhost", "azure.redis.port=" + emulator.port(),
						"azure.redis.ssl.bundle=emulator",
						"spring.ssl.bundle.pem.emulator.truststore.certificate=" + emulator.certificateAuthorityPem()),
						Arrays.stream(arguments)));
	}

	private static ConfigurableApplicationContext run(Class<?> application, TokenCredential credential,
			Stream<String> arguments) {
		// Later ones win
		Map<String, String> properties = new LinkedHashMap<>();
		arguments.map((argument) -> argument.split("=", 2)).forEach((pair) -> properties.put(pair[0], pair[1]));
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.initializers(
					(context) -> context.getBeanFactory().registerSingleton("azureRedisTokenCredential", credential))
			.run(properties.entrySet()
				.stream()
				.map((property) -> "--" + property.getKey() + "=" + property.getValue())
				.toArray(String[]::new));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			excludeName = "com.azure.spring.cloud.autoconfigure.implementation.context.AzureTokenCredentialAutoConfiguration")
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class CommandAtStart extends Application {

		@Bean
		ApplicationRunner commandAtStart(StringRedisTemplate redis) {
			return (arguments) -> redis.execute(RedisConnectionCommands::ping);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CommandInBean extends Application {

		@Bean
		InitializingBean commandInBean(StringRedisTemplate redis) {
			return () -> redis.execute(RedisConnectionCommands::ping);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listener extends Application {

		@Bean
		RedisMessageListenerContainer listener(RedisConnectionFactory connectionFactory) {
			RedisMessageListenerContainer container = new RedisMessageListenerContainer();
			container.setConnectionFactory(connectionFactory);
			container.addMessageListener((message, pattern) -> {
			}, ChannelTopic.of("channel"));
			return container;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherRedisAtStart extends Application {

		@Bean
		ApplicationRunner otherRedisAtStart() {
			return (arguments) -> {
				try (RedisClient client = RedisClient.create("redis://127.0.0.1:1")) {
					client.connect();
				}
			};
		}

	}

}
