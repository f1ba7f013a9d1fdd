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

package io.github.azureredis.emulator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterMemberTests {

	@Test
	void whenLineHoldsHostNameAndMovingSlotsThenOnlyServedSlotsAreTaken() {
		ClusterMember member = ClusterMember
			.parse("id 127.0.0.1:8501@18501,host myself,master - 0 7 3 connected 0-2 5 [7-<-other] [5->-other]");
		assertThat(member.port()).isEqualTo(8501);
		assertThat(member.busPort()).isEqualTo(18501);
		assertThat(member.masterId()).isNull();
		assertThat(member.epoch()).isEqualTo(3);
		assertThat(member.slots().stream()).containsExactly(0, 1, 2, 5);
		assertThat(member.isReachable()).isTrue();
		assertThat(member.toLine(true, 1, 2, null))
			.isEqualTo("id 127.0.0.1:1@2 myself,master - 0 0 3 connected 0-2 5-5");
	}

	@Test
	void whenNodeFailsThenItIsNotReachable() {
		for (String state : new String[] { "master,fail? - 0 0 1 connected", "slave,fail other 0 0 1 connected",
				"handshake - 0 0 0 connected", "master - 0 0 1 disconnected" }) {
			assertThat(ClusterMember.parse("id 127.0.0.1:1@2 " + state).isReachable()).isFalse();
		}
	}

}
