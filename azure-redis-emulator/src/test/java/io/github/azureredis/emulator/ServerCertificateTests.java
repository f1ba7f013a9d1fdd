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

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerCertificateTests {

	@Test
	void whenMadeThenItHoldsHostNamesAndNoAddress() throws Exception {
		ServerCertificate made = ServerCertificate.forHosts(List.of("localhost", "my.redis.azure.net"));
		int dnsName = 2;
		assertThat(made.certificate().getSubjectAlternativeNames())
			.containsExactlyInAnyOrder(List.of(dnsName, "localhost"), List.of(dnsName, "my.redis.azure.net"));
	}

	@Test
	void whenMadeThenAuthoritySignedIt() throws Exception {
		ServerCertificate made = ServerCertificate.forHosts(List.of("localhost"));
		made.certificate().verify(made.authority().getPublicKey());
		made.authority().verify(made.authority().getPublicKey());
		made.certificate().checkValidity();
		assertThat(made.authority().getBasicConstraints()).isNotNegative();
		assertThat(made.certificate().getBasicConstraints()).isNegative();
		assertThat(made.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
	}

	@Test
	void whenThereAreManyHostsThenAllAreInIt() throws Exception {
		List<String> hosts = IntStream.range(0, 3000).mapToObj((i) -> "host-" + i + ".example.com").toList();
		Stream<Object> names = ServerCertificate.forHosts(hosts)
			.certificate()
			.getSubjectAlternativeNames()
			.stream()
			.map((name) -> name.get(1));
		assertThat(names).containsExactlyElementsOf(hosts);
	}

	@Test
	void whenAuthorityIsReadFromPemThenItIsTheSame() throws Exception {
		ServerCertificate made = ServerCertificate.forHosts(List.of("localhost"));
		byte[] pem = made.authorityPem().getBytes(StandardCharsets.US_ASCII);
		X509Certificate read = (X509Certificate) CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(pem));
		assertThat(read).isEqualTo(made.authority());
	}

}
