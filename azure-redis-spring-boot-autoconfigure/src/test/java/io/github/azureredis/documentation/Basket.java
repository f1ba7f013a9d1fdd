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

package io.github.azureredis.documentation;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * Code of {@code docs/instances.md}: templates.
 */
// tag::code[]
@Component
class Basket {

	private final StringRedisTemplate cache;

	private final ReactiveStringRedisTemplate vectors;

	Basket(@Qualifier("cache") StringRedisTemplate cache, @Qualifier("vectors") ReactiveStringRedisTemplate vectors) {
		this.cache = cache;
		this.vectors = vectors;
	}

	void add(String product) {
		this.cache.opsForSet().add("basket", product);
	}

	Mono<Long> see(String product) {
		return this.vectors.opsForList().rightPush("seen", product);
	}

}
// end::code[]
