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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that this module's code follows: those of Spring Boot for auto-configuration,
 * and the dependencies between its packages.
 */
@AnalyzeClasses(packages = "io.github.azureredis.autoconfigure", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOT = "io.github.azureredis.autoconfigure";

	private static final Set<String> API = Set.of(ROOT + ".AzureRedisClusteringPolicy", ROOT + ".AzureRedisInstance",
			ROOT + ".AzureRedisOffering", ROOT + ".AzureRedisProperties",
			ROOT + ".maintenance.AzureRedisMaintenanceEvent", ROOT + ".monitor.AzureRedisMonitor",
			ROOT + ".monitor.AzureRedisStatus");

	@ArchTest
	static final ArchRule onlyTheEmulatorsAutoConfigurationKnowsTheEmulator = noClasses().that()
		.resideOutsideOfPackage("io.github.azureredis.autoconfigure.emulator..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.github.azureredis.emulator..");

	@ArchTest
	static final ArchRule packagesAreFreeOfCycles = slices().matching("io.github.azureredis.(**)")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule rootKnowsNoSubPackage = noClasses().that()
		.resideInAPackage(ROOT)
		.should()
		.dependOnClassesThat()
		.resideInAPackage(ROOT + ".*..");

	@ArchTest
	static final ArchRule publicTypesAreApiOrInAnInternalPackage = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.and()
		.areNotAnnotatedWith(AutoConfiguration.class)
		.should(new ArchCondition<>("be API or in a package that says that it is internal") {

			@Override
			public void check(JavaClass javaClass, ConditionEvents events) {
				boolean api = API.contains(javaClass.getName());
				events.add(new SimpleConditionEvent(javaClass, api || isInternal(javaClass), javaClass.getName()));
			}

		});

	@ArchTest
	static final ArchRule apiTypesHaveNoPublicRecords = classes().that(describe("API", ArchitectureTests::isApi))
		.should()
		.notBeRecords();

	@ArchTest
	static void packagesHaveAtMostTwentyClasses(JavaClasses classes) {
		Map<String, Long> sizes = classes.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
		assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(20));
	}

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().should(new ArchCondition<>("be in a @NullMarked package") {

		@Override
		public void check(JavaClass javaClass, ConditionEvents events) {
			boolean nullMarked = javaClass.getPackage()
				.tryGetPackageInfo()
				.map((packageInfo) -> packageInfo.isAnnotatedWith(NullMarked.class))
				.orElse(false);
			events.add(new SimpleConditionEvent(javaClass, nullMarked, javaClass.getPackageName()));
		}

	});

	@ArchTest
	static final ArchRule autoConfigurationsArePublicFinalAndNamedSo = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould()
		.haveSimpleNameEndingWith("AutoConfiguration");

	@ArchTest
	static final ArchRule autoConfigurationsHaveNoPublicMembers = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should(new ArchCondition<>("have no public members") {

			@Override
			public void check(JavaClass javaClass, ConditionEvents events) {
				for (JavaMember member : javaClass.getMembers()) {
					boolean isPublic = member.getModifiers().contains(JavaModifier.PUBLIC);
					boolean isImplicitConstructor = member.getFullName().endsWith(".<init>()");
					events.add(new SimpleConditionEvent(javaClass, !isPublic || isImplicitConstructor,
							member.getFullName()));
				}
			}

		});

	@ArchTest
	static final ArchRule autoConfigurationsAreRegistered = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should(beAmong("AutoConfiguration.imports", ImportCandidates.load(AutoConfiguration.class, null)));

	@ArchTest
	static final ArchRule failureAnalyzersAreRegistered = classes().that()
		.areAssignableTo(FailureAnalyzer.class)
		.should(beAmong("spring.factories",
				SpringFactoriesLoader.forDefaultResourceLocation()
					.load(FailureAnalyzer.class, ignoreThoseThatNeedMore())
					.stream()
					.map((analyzer) -> analyzer.getClass().getName())
					.collect(Collectors.toSet())))
		.andShould()
		.notBePublic();

	@ArchTest
	static final ArchRule beanMethodsArePackagePrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate();

	@ArchTest
	static final ArchRule beanTypesAreNotPrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.notHaveRawReturnType(privateType());

	@ArchTest
	static final ArchRule beanMethodsAreNotConditionalOnClass = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.notBeAnnotatedWith(ConditionalOnClass.class);

	@ArchTest
	static final ArchRule conditionOnMissingBeanDoesNotRepeatTheReturnType = methods().that()
		.areAnnotatedWith(Bean.class)
		.and()
		.areAnnotatedWith(ConditionalOnMissingBean.class)
		.should(new ArchCondition<>("not name their return type in @ConditionalOnMissingBean") {

			@Override
			public void check(JavaMethod method, ConditionEvents events) {
				Class<?>[] value = method.getAnnotationOfType(ConditionalOnMissingBean.class).value();
				boolean repeated = value.length == 1
						&& value[0].getName().equals(method.getRawReturnType().getFullName());
				events.add(new SimpleConditionEvent(method, !repeated, method.getFullName()));
			}

		});

	@ArchTest
	static final ArchRule propertiesNameTheirPrefixAsValue = classes().that()
		.areAnnotatedWith(ConfigurationProperties.class)
		.should(new ArchCondition<>("use @ConfigurationProperties(\"...\") without prefix=") {

			@Override
			public void check(JavaClass javaClass, ConditionEvents events) {
				boolean usesPrefix = javaClass.getAnnotationOfType(ConfigurationProperties.class).prefix().isEmpty();
				events.add(new SimpleConditionEvent(javaClass, usesPrefix, javaClass.getName()));
			}

		});

	@ArchTest
	static final ArchRule caseIsChangedWithALocale = noClasses().should()
		.callMethod(String.class, "toLowerCase")
		.orShould()
		.callMethod(String.class, "toUpperCase")
		.because("the result depends on the machine; use " + Locale.class.getSimpleName() + ".ROOT");

	@ArchTest
	static final ArchRule streamsAreCollectedWithToList = noClasses().should().callMethod(Collectors.class, "toList");

	private static boolean isApi(JavaClass javaClass) {
		return API.stream()
			.anyMatch((name) -> javaClass.getName().equals(name) || javaClass.getName().startsWith(name + "$"));
	}

	private static boolean isInternal(JavaClass javaClass) {
		Path source = Path.of("src/main/java", javaClass.getPackageName().replace('.', '/'), "package-info.java");
		try {
			return Files.readString(source).replaceAll("\\s+\\*\\s+", " ").contains("internal");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ArchCondition<JavaClass> beAmong(String where, Iterable<String> names) {
		List<String> registered = new ArrayList<>();
		names.forEach(registered::add);
		return new ArchCondition<>("be registered in " + where) {

			@Override
			public void check(JavaClass javaClass, ConditionEvents events) {
				events.add(new SimpleConditionEvent(javaClass, registered.contains(javaClass.getName()),
						javaClass.getName()));
			}

		};
	}

	private static FailureHandler ignoreThoseThatNeedMore() {
		return (factoryType, implementationName, failure) -> {
		};
	}

	private static DescribedPredicate<JavaClass> privateType() {
		return DescribedPredicate.describe("private type",
				(javaClass) -> javaClass.getModifiers().contains(JavaModifier.PRIVATE));
	}

}
