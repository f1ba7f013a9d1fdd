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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import io.github.azureredis.autoconfigure.entra.AzureRedisEntraAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application can be processed ahead of time, when neither its host nor its
 * credential is known yet.
 */
@Tag("slow")
class AotProcessingTests {

	@TempDir
	private Path directory;

	@Test
	void whenProcessedWithoutAnyPropertyThenBeansAreThereForEveryChoiceAtRunTime() throws IOException {
		List<Path> sources = process();
		assertThat(read(sources, "AzureRedisAutoConfiguration__BeanDefinitions.java"))
			.contains("azureRedisConnectionDetails");
		assertThat(read(sources, "AzureRedisEntraAutoConfiguration__BeanDefinitions.java"))
			.contains("azureRedisEntraTokenProvider", "azureRedisEntraCustomizer");
	}

	@Test
	void whenProcessedThenGeneratedSourcesCompile() throws IOException {
		List<String> arguments = new ArrayList<>(
				List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d",
						Files.createDirectory(this.directory.resolve("compiled")).toString()));
		process().forEach((source) -> arguments.add(source.toString()));
		ByteArrayOutputStream errors = new ByteArrayOutputStream();
		int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors, arguments.toArray(String[]::new));
		assertThat(result).as(errors.toString()).isZero();
	}

	@Test
	void whenProcessedThenNothingIsStarted() throws IOException {
		NewThreads threads = new NewThreads();
		process();
		assertThat(threads.names()).isEmpty();
	}

	private List<Path> process() throws IOException {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(TestApplication.class);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get("com.example", "Application")),
					new FileSystemGeneratedFiles(this.directory));
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList();
		}
	}

	private String read(List<Path> sources, String name) throws IOException {
		Path source = sources.stream().filter((path) -> path.endsWith(name)).findFirst().orElseThrow();
		return Files.readString(source);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AzureRedisAutoConfiguration.class, AzureRedisEntraAutoConfiguration.class,
			DataRedisAutoConfiguration.class, SslAutoConfiguration.class })
	static class TestApplication {

	}

}
