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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.azureredis.autoconfigure.AzureRedisConfigurationException.Problem;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * The names of instances, and what is named after them: beans and properties.
 */
public final class InstanceNames {

	/**
	 * What stands for the default instance, which has no name, among others that have
	 * one.
	 */
	public static final String DEFAULT = "default";

	private static final String CONNECTION_FACTORY = "RedisConnectionFactory";

	private static final String PREFIX = "azure.redis.instances.";

	private static final Pattern VALID = Pattern.compile("[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*");

	/**
	 * Names that would give a bean the name of one that Spring Boot defines, and the one
	 * that stands for the default instance.
	 */
	private static final Map<String, String> RESERVED = Map.of(DEFAULT, "stands for the instance of 'azure.redis.host'",
			"string", "would give a bean the name 'stringRedisTemplate' of Spring Boot", "reactive",
			"would give a bean the name 'reactiveRedisTemplate' of Spring Boot", "reactivestring",
			"would give a bean the name 'reactiveStringRedisTemplate' of Spring Boot");

	/**
	 * What may not follow the name of another instance, since a bean of that one has this
	 * ending.
	 */
	private static final Map<String, String> ENDINGS = Map.of("string", "StringRedisTemplate", "reactive",
			"ReactiveStringRedisTemplate", "reactivestring", "ReactiveStringRedisTemplate");

	/**
	 * Properties that named instances do not have.
	 */
	private static final Pattern OF_DEFAULT_INSTANCE = Pattern
		.compile("azure\\.redis\\.(?!enabled\\b|emulator\\b|instances\\b)");

	private InstanceNames() {
	}

	/**
	 * Return the names that the environment has.
	 * @param environment the environment of the application
	 * @return the names, in their order
	 */
	static Set<String> configured(Environment environment) {
		// Without placeholders, which may only have values when the application runs.
		return new Binder(ConfigurationPropertySources.get(environment))
			.bind("azure.redis.instances", Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet();
	}

	/**
	 * Check names.
	 * @param names the names
	 * @return the problems
	 */
	static List<Problem> check(Set<String> names) {
		List<Problem> problems = new ArrayList<>();
		Map<String, String> known = new LinkedHashMap<>();
		for (String name : names) {
			String reduced = reduce(name);
			String other = known.putIfAbsent(reduced, name);
			if (!VALID.matcher(name).matches()) {
				problems.add(new Problem(PREFIX + name,
						"'" + name + "' in 'azure.redis.instances' cannot be the name of an instance, since beans are"
								+ " named after it.",
						"Choose a name of letters and digits that starts with a letter. It may have single hyphens or"
								+ " underscores inside."));
			}
			else if (RESERVED.containsKey(reduced)) {
				problems.add(new Problem(PREFIX + name,
						"'" + name + "' in 'azure.redis.instances' cannot be the name of an instance: it "
								+ RESERVED.get(reduced) + ".",
						"Choose another name."));
			}
			else if (other != null) {
				problems.add(new Problem(PREFIX + name,
						"'" + PREFIX + other + "' and '" + PREFIX + name
								+ "' differ only in how their names are written,"
								+ " and relaxed binding does not tell them apart.",
						"Write the name in the same way everywhere, or choose another name for one of them. An environment"
								+ " variable can only set a name in lower case without hyphens."));
			}
		}
		names.forEach((name) -> problems.addAll(checkEndings(name, names)));
		return problems;
	}

	private static List<Problem> checkEndings(String name, Set<String> names) {
		List<Problem> problems = new ArrayList<>();
		ENDINGS.forEach((ending, bean) -> names.stream()
			.filter((other) -> reduce(name).equals(reduce(other) + ending))
			.forEach((other) -> problems.add(new Problem(PREFIX + name,
					"'" + name + "' in 'azure.redis.instances' cannot be the name of an instance besides '" + other
							+ "': beans of both would be named like '" + other + bean + "'.",
					"Choose another name for one of them."))));
		return problems;
	}

	/**
	 * Return what relaxed binding compares.
	 * @param name the name of an instance
	 * @return the name in lower case, without hyphens and underscores
	 */
	private static String reduce(String name) {
		return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the names that beans are defined for. They are fixed when the application is
	 * processed ahead of time.
	 * @param beanFactory the bean factory
	 * @return the names, in the order of the definitions
	 */
	public static List<String> defined(ListableBeanFactory beanFactory) {
		return Arrays.stream(beanFactory.getBeanNamesForType(InstanceConnectionFactory.class, true, false))
			.map((bean) -> bean.substring(1, bean.length() - CONNECTION_FACTORY.length()))
			.toList();
	}

	/**
	 * Return the name of the bean with the connection factory of an instance.
	 * @param name the name of the instance
	 * @return the name of the bean
	 */
	public static String connectionFactoryBean(String name) {
		return name + CONNECTION_FACTORY;
	}

	/**
	 * Return the name of the bean that gives an instance its address, if there is one.
	 * @param name the name of the instance
	 * @return the name of the bean
	 */
	public static String addressBean(String name) {
		return name + "AzureRedisInstance";
	}

	/**
	 * Return the name of the bean with the credential of the emulator, if there is one.
	 * @param name the name of the instance
	 * @return the name of the bean
	 */
	public static String emulatorCredentialBean(String name) {
		return name + "AzureRedisEmulatorTokenCredential";
	}

	/**
	 * Return a problem with the names of the properties of an instance.
	 * @param name the name of the instance
	 * @param problem the problem with the names of the properties of the default instance
	 * @return the problem of the instance
	 */
	public static Problem inProperties(String name, Problem problem) {
		return new Problem(inProperties(name, problem.property()), inProperties(name, problem.description()),
				inProperties(name, problem.action()));
	}

	/**
	 * Return a text with the names of the properties of an instance.
	 * @param name the name of the instance
	 * @param text a text with the names of the properties of the default instance
	 * @return the text for the instance
	 */
	public static String inProperties(String name, String text) {
		return OF_DEFAULT_INSTANCE.matcher(text).replaceAll(PREFIX + name + ".");
	}

}
