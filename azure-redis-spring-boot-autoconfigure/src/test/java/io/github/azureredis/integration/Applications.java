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
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.netty.resolver.DefaultAddressResolverGroup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Runs one application after the other and prints as whom Redis knows each of them. Names
 * in the arguments, which begin with no dash, separate their properties.
 */
final class Applications {

	private static final Pattern OBJECT_ID = Pattern.compile("\"oid\":\"([^\"]+)\"");

	private Applications() {
	}

	public static void main(String[] args) {
		Map<String, List<String>> applications = new LinkedHashMap<>();
		List<String> properties = List.of();
		for (String arg : args) {
			if (arg.startsWith("-")) {
				properties.add(arg);
			}
			else {
				properties = new ArrayList<>();
				applications.put(arg, properties);
			}
		}
		applications.forEach(Applications::run);
	}

	private static void run(String name, List<String> properties) {
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class,
				properties.toArray(String[]::new))) {
			System.out.println(name + " is " + whoAmI(context.getBean(StringRedisTemplate.class)));
			context.getBeansOfType(TokenCredential.class)
				.forEach((bean, credential) -> System.out.println(name + " has the bean " + bean));
			if (context.getEnvironment().getProperty("ask-bean", boolean.class, false)) {
				System.out.println(name + " elsewhere is " + objectId(context.getBean(TokenCredential.class)));
			}
		}
		catch (RuntimeException ex) {
			ex.printStackTrace();
		}
	}

	@SuppressWarnings("unchecked")
	static String whoAmI(StringRedisTemplate redis) {
		RedisAsyncCommands<byte[], byte[]> commands = (RedisAsyncCommands<byte[], byte[]>) redis
			.execute((RedisCallback<Object>) (connection) -> connection.getNativeConnection());
		return commands.aclWhoami().toCompletableFuture().join();
	}

	private static String objectId(TokenCredential credential) {
		String token = credential.getTokenSync(new TokenRequestContext().addScopes("https://redis.azure.com/.default"))
			.getToken();
		String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
		Matcher matcher = OBJECT_ID.matcher(claims);
		matcher.find();
		return matcher.group(1);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		// Asks the JDK for addresses, which can be told to read them from a file.
		@Bean
		ClientResourcesBuilderCustomizer addressesOfTheJdk() {
			return (builder) -> builder.addressResolverGroup(DefaultAddressResolverGroup.INSTANCE);
		}

	}

}
