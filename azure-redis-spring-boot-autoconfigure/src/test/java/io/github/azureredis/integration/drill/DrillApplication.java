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

package io.github.azureredis.integration.drill;

import io.github.azureredis.emulator.AzureRedisEmulator;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Application that Azure does something to.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
class DrillApplication {

	/**
	 * Start an application that uses an emulator.
	 * @param emulator the emulator
	 * @param properties what else is set, as in {@code name=value}
	 */
	static ConfigurableApplicationContext run(AzureRedisEmulator emulator, String... properties) {
		return new SpringApplicationBuilder(DrillApplication.class).web(WebApplicationType.NONE)
			.initializers((context) -> context.getBeanFactory().registerSingleton("emulator", emulator))
			.properties("azure.redis.emulator.enabled=true", "azure.redis.token.reauthentication-spread=200ms",
					"spring.cache.type=redis", "spring.data.redis.timeout=3s",
					"logging.level.io.lettuce.core.protocol.ConnectionWatchdog=error")
			.properties(properties)
			.run();
	}

	/**
	 * Let each command have a connection of the pool, if there is one.
	 */
	@Bean
	static BeanPostProcessor pooledConnections(
			@Value("${spring.data.redis.lettuce.pool.enabled:false}") boolean pooled) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String beanName) {
				if (bean instanceof LettuceConnectionFactory factory) {
					factory.setShareNativeConnection(!pooled);
				}
				return bean;
			}

		};
	}

}
