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

package io.github.azureredis.autoconfigure.instances;

import java.util.function.Supplier;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.StubCredential;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link InstanceConnectionFactory}.
 */
class InstanceConnectionFactoryTests {

	private ConfigurableApplicationContext context;

	@BeforeEach
	void run() {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--azure.redis.instances.cache.host=cache.westeurope.redis.azure.net");
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void whenDestroyedThenItCreatesNothing() {
		InstanceConnectionFactory factory = factory(() -> {
			throw new AssertionError("must not be called");
		});
		factory.destroy();
		assertThatIllegalStateException().isThrownBy(factory::getObject).withMessageContaining("'cache' is closed");
	}

	@Test
	void whenDestroyedMeanwhileThenItClosesWhatItHasCreated() {
		LettuceConnectionFactory created = new LettuceConnectionFactory();
		InstanceConnectionFactory[] factory = new InstanceConnectionFactory[1];
		factory[0] = factory(() -> {
			factory[0].destroy();
			return created;
		});
		assertThatIllegalStateException().isThrownBy(factory[0]::getObject).withMessageContaining("is closed");
		assertThatIllegalStateException().isThrownBy(created::getNativeClient).withMessageContaining("was destroyed");
	}

	@Test
	void whenInitializationFailsThenItClosesWhatItHasCreated() {
		LettuceConnectionFactory created = new LettuceConnectionFactory() {

			@Override
			public void afterPropertiesSet() {
				super.afterPropertiesSet();
				throw new IllegalStateException("test");
			}

		};
		assertThatIllegalStateException().isThrownBy(factory(() -> created)::getObject).withMessage("test");
		assertThatIllegalStateException().isThrownBy(created::getNativeClient).withMessageContaining("was destroyed");
	}

	private InstanceConnectionFactory factory(Supplier<LettuceConnectionFactory> created) {
		return new InstanceConnectionFactory("cache", this.context.getBean(NamedInstances.class),
				new InstanceConnectionFactoryBuilder(this.context.getBean(ClientResources.class),
						this.context.getBeanProvider(LettuceClientConfigurationBuilderCustomizer.class),
						this.context.getBeanProvider(LettuceClientOptionsBuilderCustomizer.class),
						this.context.getEnvironment()) {

					@Override
					LettuceConnectionFactory build(NamedInstance instance) {
						return created.get();
					}

				});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		TokenCredential azureRedisTokenCredential() {
			return new StubCredential();
		}

	}

}
