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
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration metadata.
 */
class ConfigurationMetadataTests {

	/**
	 * Properties whose default the description tells, or that have none.
	 */
	private static final Set<String> WITHOUT_DEFAULT = Set.of("azure.redis.host", "azure.redis.port",
			"azure.redis.username", "azure.redis.access-key", "azure.redis.ssl.bundle", "azure.redis.instances",
			"azure.redis.credential.client-id", "azure.redis.credential.client-secret",
			"azure.redis.credential.tenant-id", "azure.redis.credential.client-certificate-path",
			"azure.redis.credential.client-certificate-password");

	private final Map<String, Map<String, Object>> properties = readProperties();

	@Test
	void whenPropertyIsAddedThenThisListTellsIt() {
		assertThat(this.properties.keySet()).containsExactly("azure.redis.access-key", "azure.redis.clustering-policy",
				"azure.redis.credential.client-certificate-password", "azure.redis.credential.client-certificate-path",
				"azure.redis.credential.client-id", "azure.redis.credential.client-secret",
				"azure.redis.credential.managed-identity-enabled", "azure.redis.credential.tenant-id",
				"azure.redis.database", "azure.redis.emulator.clustering-policy", "azure.redis.emulator.enabled",
				"azure.redis.emulator.token-lifetime", "azure.redis.enabled", "azure.redis.host",
				"azure.redis.instances", "azure.redis.maintenance-events.enabled", "azure.redis.port",
				"azure.redis.replay", "azure.redis.ssl.bundle", "azure.redis.ssl.enabled",
				"azure.redis.token.reauthentication-spread", "azure.redis.token.refresh-before-expiry",
				"azure.redis.token.request-timeout", "azure.redis.token.scope", "azure.redis.username",
				"management.endpoint.azureredis.access", "management.endpoint.azureredis.cache.time-to-live",
				"management.health.azureredis.enabled");
	}

	@Test
	void whenPropertyIsDocumentedThenDescriptionIsASentenceInBootsStyle() {
		assertThat(this.properties)
			.allSatisfy((name, property) -> assertThat((String) property.get("description")).as(name)
				.isNotNull()
				.endsWith(".")
				.doesNotStartWith("The ")
				.doesNotStartWith("A ")
				.doesNotContain("{@", "\n"));
	}

	@Test
	void whenPropertyIsBooleanThenDescriptionStartsWithWhether() {
		assertThat(this.properties).allSatisfy((name, property) -> {
			if ("java.lang.Boolean".equals(property.get("type"))) {
				assertThat((String) property.get("description")).as(name).startsWith("Whether ");
			}
		});
	}

	@Test
	void whenPropertyHasDefaultThenItIsDocumented() {
		assertThat(this.properties).allSatisfy(
				(name, property) -> assertThat(property.containsKey("defaultValue")).as("%s has a default", name)
					.isNotEqualTo(WITHOUT_DEFAULT.contains(name)));
	}

	@Test
	void whenPolicyForUnansweredCommandsIsChosenThenEachIsExplained() {
		List<Map<String, Object>> values = JsonPath.read(readMetadata(),
				"$.hints[?(@.name == 'azure.redis.replay')].values[*]");
		assertThat(values).extracting((value) -> value.get("value")).containsExactly("all", "idempotent", "none");
		assertThat(values).allSatisfy((value) -> assertThat((String) value.get("description")).endsWith("."));
	}

	@Test
	void whenDefaultIsADurationThenItIsDocumentedAsOneWouldWriteIt() {
		assertThat(this.properties.get("azure.redis.token.refresh-before-expiry")).containsEntry("defaultValue", "5m");
	}

	@Test
	void whenPropertyExistsThenConfigurationPageHasItWithTypeAndDefault() throws IOException {
		List<List<String>> rows = tableRows("docs/configuration.md", "`(?:azure\\.redis|management)\\..+`");
		assertThat(rows).extracting((row) -> row.get(0))
			.doesNotHaveDuplicates()
			.containsExactlyInAnyOrderElementsOf(
					this.properties.keySet().stream().map((name) -> "`" + name + "`").toList());
		assertThat(rows).allSatisfy((row) -> {
			Map<String, Object> property = this.properties.get(unquote(row.get(0)));
			assertThat(row.get(1))
				.isEqualTo(ClassUtils.getShortName(((String) property.get("type")).replaceAll("<.*", "")));
			assertThatDefaultIs(row.get(2), property);
			assertThat(row.get(3)).endsWith(".");
		});
	}

	@Test
	void whenReadmeHasPropertyThenItExistsWithTheSameDefault() throws IOException {
		List<List<String>> rows = tableRows("README.md", "`[a-z.-]+`");
		assertThat(rows).isNotEmpty().allSatisfy((row) -> {
			Map<String, Object> property = this.properties.get("azure.redis." + unquote(row.get(0)));
			assertThat(property).isNotNull();
			assertThatDefaultIs(row.get(1), property);
		});
	}

	private static void assertThatDefaultIs(String cell, Map<String, Object> property) {
		Object defaultValue = property.get("defaultValue");
		if (defaultValue != null) {
			assertThat(cell).isEqualTo("`" + defaultValue + "`");
		}
		else {
			// Told in words, if there is one
			assertThat(cell).doesNotContain("`");
		}
	}

	private static List<List<String>> tableRows(String page, String firstCell) throws IOException {
		return Files.readAllLines(Path.of("..", page))
			.stream()
			.filter((line) -> line.startsWith("|"))
			.map((line) -> Arrays.stream(line.substring(1).split("\\|", -1)).map(String::strip).toList())
			.filter((row) -> row.get(0).matches(firstCell))
			.toList();
	}

	private static String unquote(String cell) {
		return cell.substring(1, cell.length() - 1);
	}

	private static Map<String, Map<String, Object>> readProperties() {
		List<Map<String, Object>> list = JsonPath.read(readMetadata(), "$.properties");
		Map<String, Map<String, Object>> properties = new TreeMap<>();
		list.forEach((property) -> properties.put((String) property.get("name"), property));
		return properties;
	}

	private static String readMetadata() {
		try {
			Path classes = Path
				.of(AzureRedisProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			return Files.readString(classes.resolve("META-INF/spring-configuration-metadata.json"));
		}
		catch (IOException | URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
