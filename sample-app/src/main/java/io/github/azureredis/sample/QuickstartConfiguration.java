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

package io.github.azureredis.sample;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The instances that the sequence runs on: the default one, or with the profile
 * {@code instances} two that have names.
 */
@Configuration(proxyBeanMethods = false)
class QuickstartConfiguration {

	@Bean
	@Profile("!instances")
	Quickstart quickstart(StringRedisTemplate redis) {
		return new Quickstart(null, redis);
	}

	@Bean
	@Profile("instances")
	Quickstart cacheQuickstart(@Qualifier("cache") StringRedisTemplate redis) {
		return new Quickstart("cache", redis);
	}

	@Bean
	@Profile("instances")
	Quickstart vectorsQuickstart(@Qualifier("vectors") StringRedisTemplate redis) {
		return new Quickstart("vectors", redis);
	}

}
