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
package io.github.azureredis.autoconfigure.cluster;

import io.github.azureredis.lettuce.topology.TopologyRefresh;
import io.lettuce.core.cluster.RedisClusterClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link BeanPostProcessor} that lets {@link TopologyRefresh} know the client of Spring
 * Boot's {@link LettuceConnectionFactory}, which makes a new one each time that it is
 * started.
 */
class ClusterTopologyBeanPostProcessor implements BeanPostProcessor {

	/**
	 * The name in Spring Boot. If a bean of the application has it, there is no client
	 * that the refresh has been installed in.
	 */
	private static final String CONNECTION_FACTORY = "redisConnectionFactory";

	private final ObjectProvider<TopologyRefresh> refresh;

	ClusterTopologyBeanPostProcessor(ObjectProvider<TopologyRefresh> refresh) {
		this.refresh = refresh;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (CONNECTION_FACTORY.equals(beanName) && bean instanceof LettuceConnectionFactory factory) {
			this.refresh.getObject().setClient(() -> clusterClient(factory));
		}
		return bean;
	}

	private static @Nullable RedisClusterClient clusterClient(LettuceConnectionFactory factory) {
		try {
			return (factory.getNativeClient() instanceof RedisClusterClient client) ? client : null;
		}
		catch (IllegalStateException ex) {
			// The factory is stopped.
			return null;
		}
	}

}
