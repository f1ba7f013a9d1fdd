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

import java.util.List;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * {@link ImportBeanDefinitionRegistrar} that removes the connection factory that Spring
 * Boot has defined, and its templates, unless the application says where that one
 * connects to. There is no condition that the application could not set off as well.
 */
class DefaultInstanceRemoval implements ImportBeanDefinitionRegistrar {

	private static final String BOOT = DataRedisAutoConfiguration.class.getPackageName();

	/**
	 * Beans that are defined before this registrar is called, for they are in the same
	 * auto-configuration. All others have conditions that are evaluated afterwards.
	 */
	private static final List<String> DEPENDENTS = List.of("redisTemplate", "stringRedisTemplate",
			"redisMessageListenerContainer");

	private static final List<String> CONNECTION_FACTORIES = List.of("redisConnectionFactory",
			"redisConnectionFactoryVirtualThreads");

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		if (isOfBoot("redisConnectionDetails", registry)
				&& CONNECTION_FACTORIES.stream().anyMatch((name) -> isOfBoot(name, registry))) {
			CONNECTION_FACTORIES.forEach((name) -> remove(name, registry));
			DEPENDENTS.forEach((name) -> remove(name, registry));
		}
	}

	private static void remove(String name, BeanDefinitionRegistry registry) {
		if (isOfBoot(name, registry)) {
			registry.removeBeanDefinition(name);
		}
	}

	private static boolean isOfBoot(String name, BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(name)) {
			return false;
		}
		String configuration = registry.getBeanDefinition(name).getFactoryBeanName();
		return configuration != null && configuration.startsWith(BOOT + ".");
	}

}
