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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException;
import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.ConditionalOnLettuce;
import io.github.azureredis.lettuce.replay.ReplayListener;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for named instances.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class, after = AzureRedisAutoConfiguration.class)
@ConditionalOnLettuce
@ConditionalOnBooleanProperty(name = "azure.redis.enabled", matchIfMissing = true)
public final class AzureRedisInstancesAutoConfiguration {

	AzureRedisInstancesAutoConfiguration(Environment environment, ConfigurableListableBeanFactory beanFactory) {
		// The names may have been read when the application was built.
		List<String> defined = InstanceNames.defined(beanFactory);
		List<Problem> problems = new ArrayList<>();
		for (String name : InstanceNames.configured(environment)) {
			if (!defined.contains(name)) {
				problems.add(new Problem("azure.redis.instances." + name,
						"'azure.redis.instances." + name + "' is set, but the application was processed ahead of time"
								+ " without an instance of that name.",
						"Set it also when the application is processed ahead of time. Its values may be others then, but"
								+ " the names of instances are fixed."));
			}
		}
		if (!problems.isEmpty()) {
			throw new AzureRedisConfigurationException(problems.toArray(Problem[]::new));
		}
	}

	/**
	 * Configuration of an application that has named instances.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(NamedInstanceCondition.class)
	@EnableConfigurationProperties({ AzureRedisInstancesProperties.class, AzureRedisProperties.class,
			DataRedisProperties.class })
	@Import(InstanceRegistrar.class)
	static class NamedInstancesConfiguration {

		/**
		 * Under the name that it has in Spring Boot, whose configuration would ask the
		 * default instance for its clustering policy before it creates these resources.
		 */
		@Bean(destroyMethod = "shutdown")
		@ConditionalOnMissingBean(ClientResources.class)
		DefaultClientResources lettuceClientResources(ObjectProvider<ClientResourcesBuilderCustomizer> customizers) {
			DefaultClientResources.Builder builder = DefaultClientResources.builder();
			customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
			return builder.build();
		}

		@Bean
		InstanceInheritance azureRedisInstanceInheritance(AzureRedisProperties properties,
				DataRedisProperties dataRedisProperties) {
			return new InstanceInheritance(properties, dataRedisProperties);
		}

		@Bean
		NamedInstances azureRedisInstances(AzureRedisInstancesProperties instances, InstanceInheritance inheritance,
				ConfigurableListableBeanFactory beanFactory, ObjectProvider<SslBundles> sslBundles,
				Environment environment, ObjectProvider<InstanceFeature> features) {
			return new NamedInstances(instances.getInstances(), inheritance, beanFactory, sslBundles, environment,
					features.orderedStream());
		}

		@Bean
		InstanceConnectionFactoryBuilder azureRedisInstanceConnectionFactoryBuilder(ClientResources clientResources,
				ObjectProvider<LettuceClientConfigurationBuilderCustomizer> clientCustomizers,
				ObjectProvider<LettuceClientOptionsBuilderCustomizer> optionsCustomizers, Environment environment) {
			return new InstanceConnectionFactoryBuilder(clientResources, clientCustomizers, optionsCustomizers,
					environment);
		}

		@Bean
		InstanceFeature azureRedisInstanceConnectionDefaults(ObjectProvider<ReplayListener> listeners) {
			return new ConnectionDefaultsFeature(listeners);
		}

	}

	/**
	 * Condition for names in the environment.
	 */
	static class NamedInstanceCondition extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			Set<String> names = InstanceNames.configured(context.getEnvironment());
			ConditionMessage.Builder message = ConditionMessage.forCondition("Named Azure Redis instances");
			return names.isEmpty() ? ConditionOutcome.noMatch(message.because("'azure.redis.instances' is not set"))
					: ConditionOutcome.match(message.found("name", "names").items(names));
		}

	}

}
