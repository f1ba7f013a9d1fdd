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

package io.github.azureredis.autoconfigure;

import java.util.List;

import com.azure.identity.DefaultAzureCredentialBuilder;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.azureredis.lettuce.AzureRedisClientResources;
import io.lettuce.core.MaintNotificationsConfig;
import io.netty.channel.ChannelHandler;
import org.apache.commons.pool2.ObjectPool;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AzureRedisRuntimeHints}.
 */
class AzureRedisRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@Test
	void whenOptionalClassesArePresentThenTheyAreFoundByName() {
		new AzureRedisRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection().onType(DefaultAzureCredentialBuilder.class)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(ObjectPool.class)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(MaintNotificationsConfig.class)).accepts(this.hints);
	}

	@Test
	void whenOptionalClassesAreMissingThenTheyAreNotNamed() {
		new AzureRedisRuntimeHints().registerHints(this.hints, new FilteredClassLoader(
				DefaultAzureCredentialBuilder.class, MaintNotificationsConfig.class, ObjectPool.class));
		assertThat(RuntimeHintsPredicates.reflection().onType(DefaultAzureCredentialBuilder.class)).rejects(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(ObjectPool.class)).rejects(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(MaintNotificationsConfig.class)).rejects(this.hints);
	}

	@Test
	void eachHandlerOfConnectionsCanBeInspectedByNetty() {
		new AzureRedisRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
		List<String> handlers = new ClassFileImporter()
			.importUrl(AzureRedisClientResources.class.getProtectionDomain().getCodeSource().getLocation())
			.stream()
			.filter((type) -> type.isAssignableTo(ChannelHandler.class))
			.map(JavaClass::getName)
			.toList();
		assertThat(handlers).isNotEmpty()
			.allSatisfy((handler) -> assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(handler)))
				.accepts(this.hints));
	}

}
