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

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.azure.core.credential.TokenCredential;
import io.github.azureredis.autoconfigure.AzureRedisAuthentication;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationChecks;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisConnectionDetails;
import io.github.azureredis.autoconfigure.AzureRedisInstance;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesProperties.Instance;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The named instances of the application. Their configuration is checked when this object
 * is created, all of it at once. Neither connects nor requests a token.
 */
public final class NamedInstances implements AutoCloseable {

	/**
	 * Properties that an instance does not inherit.
	 */
	private static final Set<String> ADDRESS = Set.of("azure.redis.host", "azure.redis.port");

	private final Map<String, NamedInstance> instances = new LinkedHashMap<>();

	NamedInstances(Map<String, Instance> properties, InstanceInheritance inheritance,
			ConfigurableListableBeanFactory beanFactory, ObjectProvider<SslBundles> sslBundles, Environment environment,
			Stream<InstanceFeature> features) {
		// A set, since instances may inherit the same problem.
		Set<Problem> problems = new LinkedHashSet<>();
		if (!hasDefaultConnectionFactory(beanFactory)) {
			problems.addAll(inheritance.checkWithoutDefaultInstance(environment));
		}
		for (String name : InstanceNames.defined(beanFactory)) {
			Instance instance = properties.getOrDefault(name, new Instance());
			AzureRedisProperties merged = inheritance.azureRedis(instance);
			AzureRedisInstance bean = instanceBean(name, beanFactory);
			List<Problem> found = AzureRedisConfigurationChecks.checkInstance(merged, bean,
					beanFactory.getBeanClassLoader());
			List<Problem> inherited = AzureRedisConfigurationChecks.checkInstance(inheritance.inherited(instance), bean,
					beanFactory.getBeanClassLoader());
			found.forEach(
					(problem) -> problems.add((inherited.contains(problem) && !ADDRESS.contains(problem.property()))
							? problem : ofInstance(name, problem)));
			if (found.isEmpty()) {
				DataRedisProperties dataRedis = inheritance.dataRedis(instance);
				AzureRedisInstance address = (bean != null) ? bean
						: AzureRedisConnectionDetails.instance(merged, dataRedis, sslBundles);
				this.instances.put(name, new NamedInstance(name, instance, merged, dataRedis, address.withName(name),
						authentication(name, merged, beanFactory)));
			}
		}
		if (!problems.isEmpty()) {
			throw new AzureRedisConfigurationException(problems.toArray(Problem[]::new));
		}
		features.forEach((feature) -> this.instances.values().forEach(feature::addTo));
	}

	private static boolean hasDefaultConnectionFactory(ConfigurableListableBeanFactory beanFactory) {
		return Arrays.stream(beanFactory.getBeanNamesForType(RedisConnectionFactory.class, true, false))
			.filter(beanFactory::containsBeanDefinition)
			.map(beanFactory::getBeanDefinition)
			.anyMatch((definition) -> !(definition instanceof AbstractBeanDefinition candidate)
					|| candidate.isDefaultCandidate());
	}

	private static Problem ofInstance(String name, Problem problem) {
		Problem found = problem.equals(AzureRedisConfigurationChecks.NO_HOST) ? new Problem(problem.property(),
				problem.description(), "Set 'azure.redis.host' to the host name of the Azure Redis instance.")
				: problem;
		return InstanceNames.inProperties(name, found);
	}

	private static @Nullable AzureRedisInstance instanceBean(String name, ConfigurableListableBeanFactory beanFactory) {
		String bean = InstanceNames.addressBean(name);
		return beanFactory.containsBean(bean) ? beanFactory.getBean(bean, AzureRedisInstance.class) : null;
	}

	private static AzureRedisAuthentication authentication(String name, AzureRedisProperties properties,
			ConfigurableListableBeanFactory beanFactory) {
		AzureRedisAuthentication authentication = AzureRedisAuthentication.of(properties);
		String credential = InstanceNames.emulatorCredentialBean(name);
		return (beanFactory.containsBean(credential) && beanFactory.isTypeMatch(credential, TokenCredential.class))
				? authentication.emulated() : authentication;
	}

	/**
	 * Return the names.
	 * @return the names, in the order of the configuration
	 */
	public Set<String> getNames() {
		return this.instances.keySet();
	}

	/**
	 * Return an instance.
	 * @param name the name
	 * @return the instance or {@code null} if there is none of that name
	 */
	public @Nullable NamedInstance find(String name) {
		return this.instances.get(name);
	}

	/**
	 * Return all instances.
	 * @return the instances, in the order of the configuration
	 */
	public Stream<NamedInstance> stream() {
		return this.instances.values().stream();
	}

	@Override
	public void close() {
		this.instances.values().forEach(NamedInstance::close);
	}

}
