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

package io.github.azureredis.autoconfigure.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that dashboard, alerts and operations guide speak of metrics as they are.
 */
class MonitoringDocumentsTests {

	private static final Path DOCS = Path.of("../docs");

	private static final Pattern METRIC = Pattern.compile("azure_redis_\\w+");

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	@BeforeEach
	void bind() {
		new AzureRedisMetrics(new StubMonitor()).bindTo(this.registry);
	}

	@Test
	void whenDashboardShowsMetricThenItExists() throws IOException {
		assertThat(metrics(read("grafana-dashboard.json"))).hasSizeGreaterThan(5)
			.isSubsetOf(metrics(this.registry.scrape()));
	}

	@Test
	void whenAlertWatchesMetricThenItExists() throws IOException {
		assertThat(metrics(read("prometheus-alerts.yml"))).hasSizeGreaterThan(2)
			.isSubsetOf(metrics(this.registry.scrape()));
	}

	@Test
	void whenLabelIsUsedThenMetricsHaveIt() throws IOException {
		assertThat(read("grafana-dashboard.json")).contains("redis_endpoint", "redis_instance=~\\\"$redis_instance\\\"",
				"outcome");
		assertThat(read("prometheus-alerts.yml")).contains("$labels.redis_endpoint", "$labels.redis_instance",
				"outcome=\"failure\"");
		assertThat(this.registry.scrape()).contains("redis_endpoint=\"", "redis_instance=\"", "outcome=\"failure\"");
	}

	@Test
	void whenDashboardIsReadThenEachPanelHasAQuery() throws IOException {
		List<Map<String, Object>> panels = JsonPath.read(read("grafana-dashboard.json"), "$.panels");
		assertThat(panels).isNotEmpty()
			.allSatisfy((panel) -> assertThat((List<?>) panel.get("targets")).as(panel.get("title").toString())
				.isNotEmpty())
			.doesNotHaveDuplicates();
	}

	@Test
	void whenAlertsAreReadThenEachIsComplete() throws IOException {
		Map<String, List<Map<String, List<Map<String, Object>>>>> document = new Yaml()
			.load(read("prometheus-alerts.yml"));
		assertThat(document.get("groups").get(0).get("rules")).isNotEmpty()
			.allSatisfy((rule) -> assertThat(rule).containsOnlyKeys("alert", "expr", "for", "labels", "annotations"));
	}

	@Test
	void whenMeterExistsThenOperationsGuideExplainsIt() throws IOException {
		String guide = read("operations.md");
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.extracting(Meter.Id::getName)
			.allSatisfy((name) -> assertThat(guide).contains("`" + name + "`"));
		assertThat(metrics(guide)).isSubsetOf(metrics(this.registry.scrape()));
	}

	private static Set<String> metrics(String text) {
		Set<String> names = new TreeSet<>();
		Matcher matcher = METRIC.matcher(text);
		while (matcher.find()) {
			names.add(matcher.group());
		}
		return names;
	}

	private static String read(String name) throws IOException {
		return Files.readString(DOCS.resolve(name));
	}

}
