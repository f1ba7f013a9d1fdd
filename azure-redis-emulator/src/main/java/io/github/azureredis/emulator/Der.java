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

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * The little of ASN.1 DER that a certificate needs, since the JDK has no public API that
 * makes one. Netty's {@code CertificateBuilder}, in netty-pkitesting, would bring
 * BouncyCastle with it: 10 MB, on the class path of every application under test.
 */
final class Der {

	private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private Der() {
	}

	static byte[] sequence(byte[]... elements) {
		return tagged(0x30, elements);
	}

	static byte[] integer(BigInteger value) {
		return tagged(0x02, value.toByteArray());
	}

	static byte[] bool(boolean value) {
		return tagged(0x01, new byte[] { (byte) (value ? 0xff : 0) });
	}

	static byte[] octetString(byte[] content) {
		return tagged(0x04, content);
	}

	static byte[] bitString(int unusedBits, byte... content) {
		return tagged(0x03, new byte[] { (byte) unusedBits }, content);
	}

	/**
	 * Returns an object identifier.
	 * @param encoded hexadecimal text of its encoded form
	 */
	static byte[] oid(String encoded) {
		return tagged(0x06, HexFormat.of().parseHex(encoded));
	}

	static byte[] time(Instant instant) {
		boolean utcTime = instant.atOffset(ZoneOffset.UTC).getYear() < 2050;
		String text = (utcTime ? UTC_TIME : GENERALIZED_TIME).format(instant);
		return tagged(utcTime ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
	}

	static byte[] tagged(int tag, byte[]... contents) {
		int length = 0;
		for (byte[] content : contents) {
			length += content.length;
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
		out.write(tag);
		if (length < 0x80) {
			out.write(length);
		}
		else {
			byte[] lengthBytes = BigInteger.valueOf(length).toByteArray();
			int skip = (lengthBytes[0] == 0) ? 1 : 0;
			out.write(0x80 | (lengthBytes.length - skip));
			out.write(lengthBytes, skip, lengthBytes.length - skip);
		}
		for (byte[] content : contents) {
			out.writeBytes(content);
		}
		return out.toByteArray();
	}

}
