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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerPorts} and {@link PortReservation}.
 */
class ServerPortsTests {

	@Test
	void whenPortsAreReservedThenNoneOfThemIsReservedAgain() throws Exception {
		List<PortReservation> reservations = new ArrayList<>();
		Set<Integer> ports = new HashSet<>();
		for (int i = 0; i < 200; i++) {
			PortReservation reservation = ServerPorts.reserve();
			reservations.add(reservation);
			assertThat(ports.add(reservation.port())).isTrue();
			assertThat(ports.add(reservation.port() + ServerPorts.BUS_OFFSET)).isTrue();
			assertThat(PortReservation.tryReserve(reservation.port())).isNull();
		}
		reservations.forEach(PortReservation::close);
	}

	@Test
	void whenAReservationIsClosedThenThePortCanBeReservedAgain() throws Exception {
		PortReservation reservation = ServerPorts.reserve();
		reservation.close();
		PortReservation again = PortReservation.tryReserve(reservation.port());
		assertThat(again).isNotNull();
		again.close();
	}

}
