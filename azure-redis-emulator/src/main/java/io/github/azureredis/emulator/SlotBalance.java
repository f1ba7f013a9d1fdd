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
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The slots that have to move so that masters share them evenly.
 */
final class SlotBalance {

	private SlotBalance() {
	}

	/**
	 * Returns the slots that each master has to get.
	 * @param view the cluster as it is
	 * @param masters the ids of the masters that are to have all slots
	 */
	static Map<String, BitSet> moves(ClusterView view, List<String> masters) {
		BitSet surplus = new BitSet();
		surplus.set(0, ClusterMember.SLOTS);
		Map<String, Integer> missing = new LinkedHashMap<>();
		for (int i = 0; i < masters.size(); i++) {
			int share = ClusterMember.SLOTS * (i + 1) / masters.size() - ClusterMember.SLOTS * i / masters.size();
			List<Integer> kept = view.slotsOf(masters.get(i)).stream().limit(share).boxed().toList();
			kept.forEach(surplus::clear);
			missing.put(masters.get(i), share - kept.size());
		}
		List<Integer> moving = new ArrayList<>(surplus.stream().boxed().toList());
		Map<String, BitSet> moves = new LinkedHashMap<>();
		missing.forEach((master, count) -> {
			if (count > 0) {
				BitSet slots = new BitSet();
				List<Integer> taken = moving.subList(0, count);
				taken.forEach(slots::set);
				taken.clear();
				moves.put(master, slots);
			}
		});
		return moves;
	}

}
