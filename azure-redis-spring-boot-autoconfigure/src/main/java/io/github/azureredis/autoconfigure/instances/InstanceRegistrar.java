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
import java.util.Set;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link ImportBeanDefinitionRegistrar} for the beans of named instances: a connection
 * factory and three templates for each, qualified by the name of the instance.
 * <p>
 * It is no {@code BeanRegistrar}, which can neither qualify a bean nor say that it is no
 * default candidate, and cannot be processed ahead of time if somebody else qualifies its
 * beans. A template that the application has defined under the same name is left alone.
 */
class InstanceRegistrar implements ImportBeanDefinitionRegistrar {

	private final Environment environment;

	InstanceRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		Set<String> names = InstanceNames.configured(this.environment);
		List<Problem> problems = InstanceNames.check(names);
		if (!problems.isEmpty()) {
			throw new AzureRedisConfigurationException(problems.toArray(Problem[]::new));
		}
		names.forEach((name) -> register(name, registry));
	}

	private void register(String name, BeanDefinitionRegistry registry) {
		String connectionFactory = InstanceNames.connectionFactoryBean(name);
		if (registry.containsBeanDefinition(connectionFactory)) {
			throw new AzureRedisConfigurationException(new Problem("azure.redis.instances." + name,
					"'azure.redis.instances." + name + "' needs a bean named '" + connectionFactory
							+ "', but the application defines one already.",
					"Remove or rename the bean, or choose another name for the instance."));
		}
		registry.registerBeanDefinition(connectionFactory, connectionFactory(name));
		register(name, "StringRedisTemplate", "stringRedisTemplate", registry);
		register(name, "RedisTemplate", "redisTemplate", registry);
		register(name, "ReactiveStringRedisTemplate", "reactiveStringRedisTemplate", registry);
	}

	private static RootBeanDefinition connectionFactory(String name) {
		RootBeanDefinition definition = new RootBeanDefinition(InstanceConnectionFactory.class);
		// Spring would create the bean to ask for its type.
		definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, LettuceConnectionFactory.class);
		definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		return qualified(name, definition);
	}

	private static void register(String name, String suffix, String factoryMethod, BeanDefinitionRegistry registry) {
		if (registry.containsBeanDefinition(name + suffix)) {
			return;
		}
		RootBeanDefinition definition = new RootBeanDefinition(InstanceTemplates.class);
		definition.setFactoryMethodName(factoryMethod);
		definition.getConstructorArgumentValues()
			.addIndexedArgumentValue(0, new RuntimeBeanReference(InstanceNames.connectionFactoryBean(name)));
		definition.setLazyInit(true);
		registry.registerBeanDefinition(name + suffix, qualified(name, definition));
	}

	private static RootBeanDefinition qualified(String name, RootBeanDefinition definition) {
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		definition.setDefaultCandidate(false);
		return definition;
	}

}
