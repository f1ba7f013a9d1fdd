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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the links in the documentation.
 */
class DocumentationLinkTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]*)\\)");

	private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*)");

	private static final Pattern FENCED_CODE = Pattern.compile("^\\s*```.*?^\\s*```$",
			Pattern.MULTILINE | Pattern.DOTALL);

	@ParameterizedTest
	@MethodSource("pages")
	void whenLinkIsRelativeThenItLeadsSomewhere(Path page) throws IOException {
		List<String> links = LINK.matcher(withoutCode(page)).results().map((link) -> link.group(1)).toList();
		assertThat(links).filteredOn((link) -> !link.startsWith("https://")).allSatisfy((link) -> {
			String[] parts = link.split("#", 2);
			Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
			assertThat(target).exists();
			if (parts.length == 2) {
				assertThat(anchors(target)).contains(parts[1]);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("docs")
	void whenPageIsInDocsThenReadmeLinksIt(Path page) throws IOException {
		assertThat(Files.readString(ROOT.resolve("README.md"))).contains("](docs/" + page.getFileName() + ")");
	}

	static Stream<Path> pages() throws IOException {
		return Stream.concat(docs(), Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")));
	}

	static Stream<Path> docs() throws IOException {
		try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
			return files.filter((file) -> file.toString().endsWith(".md")).sorted().toList().stream();
		}
	}

	/**
	 * The anchors that GitHub gives to the headings of a page.
	 */
	private static List<String> anchors(Path page) throws IOException {
		Map<String, Integer> used = new HashMap<>();
		return withoutCode(page).lines()
			.map((line) -> HEADING.matcher(line).results().findFirst())
			.flatMap((heading) -> heading.map(DocumentationLinkTests::anchor).stream())
			.map((anchor) -> {
				int count = used.merge(anchor, 1, Integer::sum);
				return (count > 1) ? anchor + "-" + (count - 1) : anchor;
			})
			.toList();
	}

	private static String anchor(MatchResult heading) {
		return heading.group(1).strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
	}

	private static String withoutCode(Path page) throws IOException {
		return FENCED_CODE.matcher(Files.readString(page)).replaceAll("");
	}

}
