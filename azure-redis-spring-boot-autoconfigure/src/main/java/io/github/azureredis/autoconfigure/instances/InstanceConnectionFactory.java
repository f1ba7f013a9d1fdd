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

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link FactoryBean} for the connection factory of a named instance. The factory is
 * created when something needs it, since that may connect and requests a token. A bean
 * that is lazy would not do: Spring creates every {@link SmartLifecycle} when the context
 * starts, and the connection factory is one. So this one takes its place, and starts and
 * stops it if it exists.
 */
class InstanceConnectionFactory implements FactoryBean<LettuceConnectionFactory>, SmartLifecycle, DisposableBean {

	private final String name;

	private final NamedInstances instances;

	private final InstanceConnectionFactoryBuilder builder;

	private final Object lock = new Object();

	private volatile @Nullable LettuceConnectionFactory connectionFactory;

	private volatile boolean running;

	private volatile boolean destroyed;

	InstanceConnectionFactory(String name, NamedInstances instances, InstanceConnectionFactoryBuilder builder) {
		this.name = name;
		this.instances = instances;
		this.builder = builder;
	}

	@Override
	public LettuceConnectionFactory getObject() {
		checkNotDestroyed();
		NamedInstance instance = this.instances.find(this.name);
		if (instance == null) {
			throw new IllegalStateException("There is no instance '" + this.name + "'");
		}
		LettuceConnectionFactory connectionFactory = this.builder.build(instance);
		try {
			connectionFactory.afterPropertiesSet();
			synchronized (this.lock) {
				// The context may have been closed since, and closes this bean only once.
				checkNotDestroyed();
				instance.setConnectionFactory(connectionFactory);
				this.connectionFactory = connectionFactory;
			}
			return connectionFactory;
		}
		catch (RuntimeException ex) {
			connectionFactory.destroy();
			throw ex;
		}
	}

	private void checkNotDestroyed() {
		if (this.destroyed) {
			throw new IllegalStateException(
					"The connection factory of instance '" + this.name + "' is closed, as is the application context");
		}
	}

	@Override
	public Class<?> getObjectType() {
		return LettuceConnectionFactory.class;
	}

	@Override
	public void start() {
		this.running = true;
		LettuceConnectionFactory connectionFactory = this.connectionFactory;
		if (connectionFactory != null) {
			connectionFactory.start();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		LettuceConnectionFactory connectionFactory = this.connectionFactory;
		if (connectionFactory != null) {
			connectionFactory.stop();
		}
	}

	@Override
	public boolean isRunning() {
		LettuceConnectionFactory connectionFactory = this.connectionFactory;
		return (connectionFactory != null) ? connectionFactory.isRunning() : this.running;
	}

	@Override
	public int getPhase() {
		// The default of connection factories.
		return 0;
	}

	@Override
	public void destroy() {
		LettuceConnectionFactory connectionFactory;
		synchronized (this.lock) {
			this.destroyed = true;
			connectionFactory = this.connectionFactory;
		}
		if (connectionFactory != null) {
			connectionFactory.destroy();
		}
	}

}
