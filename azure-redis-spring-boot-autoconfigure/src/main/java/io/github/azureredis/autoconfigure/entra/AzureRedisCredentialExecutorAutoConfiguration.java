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

package io.github.azureredis.autoconfigure.entra;

import io.github.azureredis.autoconfigure.AzureRedisAutoConfiguration;
import io.github.azureredis.autoconfigure.AzureRedisProperties;
import io.github.azureredis.autoconfigure.instances.AzureRedisInstancesAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the executor of Spring Cloud
 * Azure's default credential. Its own executor has threads that are not daemons and live
 * for a minute after each request for a token: a command line application would not end
 * with its {@code main} method, and with tokens that are renewed often, never.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { AzureRedisAutoConfiguration.class, AzureRedisInstancesAutoConfiguration.class,
				TaskExecutionAutoConfiguration.class },
		beforeName = AzureRedisCredentialExecutorAutoConfiguration.SPRING_CLOUD_AZURE)
@ConditionalOnClass(name = AzureRedisCredentialExecutorAutoConfiguration.SPRING_CLOUD_AZURE)
@ConditionalOnBean(AzureRedisProperties.class)
public final class AzureRedisCredentialExecutorAutoConfiguration {

	static final String SPRING_CLOUD_AZURE = "com.azure.spring.cloud.autoconfigure.implementation.context.AzureTokenCredentialAutoConfiguration";

	private static final String BEAN_NAME = "springCloudAzureCredentialTaskExecutor";

	@Bean(name = BEAN_NAME, defaultCandidate = false)
	@ConditionalOnMissingBean(name = BEAN_NAME)
	ThreadPoolTaskExecutor azureRedisCredentialTaskExecutor() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(8);
		executor.setAllowCoreThreadTimeOut(true);
		executor.setThreadNamePrefix("az-identity-");
		executor.setDaemon(true);
		return executor;
	}

}
