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

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Where an analyzer finds the explainer. A context that does not start destroys its beans
 * before its failure is analyzed, and a new explainer would know neither the endpoint nor
 * the identity of the failed connection. The definitions of its beans remain.
 */
final class ExplainerReference {

	private static final String BEAN_NAME = "azureRedisConnectionFailureExplainer";

	private static final String ATTRIBUTE = ConnectionFailureExplainer.class.getName();

	private ExplainerReference() {
	}

	static void set(ConfigurableListableBeanFactory beanFactory, ConnectionFailureExplainer explainer) {
		beanFactory.getBeanDefinition(BEAN_NAME).setAttribute(ATTRIBUTE, explainer);
	}

	static @Nullable ConnectionFailureExplainer get(BeanFactory beanFactory) {
		if (beanFactory instanceof ConfigurableListableBeanFactory configurable
				&& configurable.containsBeanDefinition(BEAN_NAME)) {
			return (ConnectionFailureExplainer) configurable.getBeanDefinition(BEAN_NAME).getAttribute(ATTRIBUTE);
		}
		return null;
	}

}
