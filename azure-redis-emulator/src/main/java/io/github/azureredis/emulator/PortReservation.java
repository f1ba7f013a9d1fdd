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

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Port, and the bus port that belongs to it, which no other emulator on this machine
 * chooses as long as this reservation is open. Otherwise the server of another cluster
 * could take them before this one starts, or while it is stopped, and servers of both
 * clusters would talk to each other. Ends with the JVM at the latest.
 *
 * @param port the port
 * @param locks the locks on both ports, empty if there can be none
 */
record PortReservation(int port, List<FileLock> locks) implements AutoCloseable {

	/**
	 * Never closed: the operating system would release all locks of the JVM.
	 */
	private static final @Nullable FileChannel CHANNEL = open();

	private static @Nullable FileChannel open() {
		try {
			return FileChannel.open(Path.of(System.getProperty("java.io.tmpdir"), "azure-redis-emulator.ports"),
					StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Reserve a port and its bus port.
	 * @param port the port
	 * @return the reservation or {@code null} if another emulator has one of them
	 */
	static @Nullable PortReservation tryReserve(int port) {
		List<FileLock> locks = new ArrayList<>();
		PortReservation reservation = new PortReservation(port, locks);
		if (CHANNEL == null) {
			return reservation;
		}
		try {
			for (int position : List.of(port, port + ServerPorts.BUS_OFFSET)) {
				FileLock lock = CHANNEL.tryLock(position, 1, false);
				if (lock == null) {
					reservation.close();
					return null;
				}
				locks.add(lock);
			}
			return reservation;
		}
		catch (OverlappingFileLockException ex) {
			reservation.close();
			return null;
		}
		catch (IOException ex) {
			// The file system has no locks.
			return reservation;
		}
	}

	@Override
	public void close() {
		for (FileLock lock : this.locks) {
			try {
				lock.release();
			}
			catch (IOException ex) {
				// It ends with the JVM.
			}
		}
	}

}
