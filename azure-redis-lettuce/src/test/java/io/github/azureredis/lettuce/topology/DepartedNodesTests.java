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

package io.github.azureredis.lettuce.topology;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DepartedNodes}.
 */
class DepartedNodesTests {

	private static final String FIRST = "a 127.0.0.1:8500@18500 myself,master - 0 0 4 connected 0-8191\n";

	private static final String SECOND = "b 127.0.0.1:8501@18501 master - 0 0 2 connected 8192-16383\n";

	private static final String SUCCESSOR = "c 127.0.0.1:8502@18502 master - 0 0 5 connected 8192-16383\n";

	private final AtomicLong nanoTime = new AtomicLong();

	private final DepartedNodes departed = new DepartedNodes(this.nanoTime::get);

	@Test
	void whenNoNodeLeavesThenTopologyIsTheSame() {
		assertThat(this.departed.addTo(FIRST + SECOND)).isEqualTo(FIRST + SECOND);
		assertThat(this.departed.addTo(FIRST + SECOND + SUCCESSOR)).isEqualTo(FIRST + SECOND + SUCCESSOR);
	}

	@Test
	void whenANodeLeavesThenItStaysForASecondWithoutSlotsAndRole() {
		this.departed.addTo(FIRST + SECOND);
		for (int i = 0; i < 2; i++) {
			List<RedisClusterNode> nodes = nodes(this.departed.addTo(FIRST + SUCCESSOR));
			assertThat(nodes).extracting(RedisClusterNode::getNodeId).containsExactly("a", "c", "b");
			RedisClusterNode node = nodes.get(2);
			assertThat(node.getUri().getPort()).isEqualTo(8501);
			assertThat(node.getSlots()).isEmpty();
			assertThat(node.getFlags()).containsExactly(NodeFlag.NOFLAGS);
			pass(Duration.ofMillis(500));
		}
		assertThat(this.departed.addTo(FIRST + SUCCESSOR)).isEqualTo(FIRST + SUCCESSOR);
	}

	@Test
	void whenTheNodeThatAnswersChangesThenTheOtherOneMayLeave() {
		this.departed.addTo(FIRST + SECOND);
		assertThat(nodes(this.departed.addTo(SUCCESSOR))).filteredOn((node) -> node.getNodeId().equals("a"))
			.singleElement()
			.satisfies((node) -> assertThat(node.getFlags()).containsExactly(NodeFlag.NOFLAGS));
	}

	@Test
	void whenANodeComesBackThenItIsAsItSays() {
		this.departed.addTo(FIRST + SECOND);
		this.departed.addTo(FIRST);
		assertThat(this.departed.addTo(FIRST + SECOND)).isEqualTo(FIRST + SECOND);
		this.departed.addTo(FIRST);
		assertThat(nodes(this.departed.addTo(FIRST))).hasSize(2);
	}

	@Test
	void whenTheAddressOfANodeWasNotKnownThenItDoesNotStay() {
		this.departed.addTo(FIRST + SECOND.replace("master", "master,noaddr"));
		assertThat(this.departed.addTo(FIRST)).isEqualTo(FIRST);
	}

	@Test
	void whenResetThenEarlierTopologiesDoNotMatter() {
		this.departed.addTo(FIRST + SECOND);
		this.departed.reset();
		assertThat(this.departed.addTo(FIRST)).isEqualTo(FIRST);
	}

	private static List<RedisClusterNode> nodes(String nodes) {
		return ClusterPartitionParser.parse(nodes).stream().toList();
	}

	private void pass(Duration duration) {
		this.nanoTime.addAndGet(duration.toNanos());
	}

}
