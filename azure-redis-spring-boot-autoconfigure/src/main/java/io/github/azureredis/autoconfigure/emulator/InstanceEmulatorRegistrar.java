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

package io.github.azureredis.autoconfigure.emulator;

import java.util.List;

import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.instances.InstanceNames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * {@link ImportBeanDefinitionRegistrar} for the emulators of named instances, and for
 * their addresses and credentials. The emulator of the default instance issues the tokens
 * if there is one, or else the first of these. An instance whose address is a bean of the
 * application gets no emulator.
 */
class InstanceEmulatorRegistrar implements ImportBeanDefinitionRegistrar {

	private final ListableBeanFactory beanFactory;

	InstanceEmulatorRegistrar(BeanFactory beanFactory) {
		this.beanFactory = (ListableBeanFactory) beanFactory;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		List<String> names = InstanceNames.defined(this.beanFactory)
			.stream()
			.filter((name) -> !registry.containsBeanDefinition(InstanceNames.addressBean(name)))
			.toList();
		String issuer = registry.containsBeanDefinition(AzureRedisAuthentication.EMULATOR_CREDENTIAL_BEAN_NAME) ? null
				: names.stream().findFirst().orElse(null);
		String credential = (issuer != null) ? InstanceNames.emulatorCredentialBean(issuer)
				: AzureRedisAuthentication.EMULATOR_CREDENTIAL_BEAN_NAME;
		for (String name : names) {
			registry.registerBeanDefinition(emulatorBean(name), emulator(name, issuer));
			registry.registerBeanDefinition(InstanceNames.addressBean(name), definition(name, "address", name));
			if (name.equals(issuer)) {
				registry.registerBeanDefinition(credential, definition(name, "credential", name));
			}
			else {
				// The same object, so that all instances share one token.
				registry.registerAlias(credential, InstanceNames.emulatorCredentialBean(name));
			}
		}
	}

	private static RootBeanDefinition emulator(String name, @Nullable String issuer) {
		RootBeanDefinition definition = definition(name);
		definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		definition.setFactoryMethodName(name.equals(issuer) ? "issuer" : "emulator");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		if (issuer != null && !name.equals(issuer)) {
			definition.getConstructorArgumentValues()
				.addIndexedArgumentValue(2, new RuntimeBeanReference(emulatorBean(issuer)));
		}
		definition.setDestroyMethodName("close");
		return definition;
	}

	private static RootBeanDefinition definition(String name, String factoryMethod, String emulator) {
		RootBeanDefinition definition = definition(name);
		definition.setFactoryMethodName(factoryMethod);
		definition.getConstructorArgumentValues()
			.addIndexedArgumentValue(0, new RuntimeBeanReference(emulatorBean(emulator)));
		return definition;
	}

	private static RootBeanDefinition definition(String name) {
		RootBeanDefinition definition = new RootBeanDefinition(InstanceEmulators.class);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		definition.setDefaultCandidate(false);
		return definition;
	}

	private static String emulatorBean(String name) {
		return name + "AzureRedisEmulator";
	}

}
