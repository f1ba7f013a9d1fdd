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

package io.github.azureredis.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A self-signed certificate with its key, made with the JDK's keytool.
 *
 * @param pfx the file that holds both
 * @param keyStore what is in it
 */
record TestCertificate(Path pfx, KeyStore keyStore) {

	static final String PASSWORD = "password";

	private static final String ALIAS = "certificate";

	static TestCertificate create(Path directory, String name, String... hostNames) {
		try {
			Path pfx = directory.resolve(name + ".pfx");
			String names = Arrays.stream(hostNames).map("dns:"::concat).collect(Collectors.joining(","));
			Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
					"-genkeypair", "-alias", ALIAS, "-keyalg", "RSA", "-dname", "CN=" + name, "-validity", "2", "-ext",
					names.isEmpty() ? "ku=digitalSignature" : "san=" + names, "-storetype", "PKCS12", "-keystore",
					pfx.toString(), "-storepass", PASSWORD)
				.inheritIO()
				.start();
			if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
				throw new IllegalStateException("keytool failed");
			}
			return new TestCertificate(pfx, KeyStore.getInstance(pfx.toFile(), PASSWORD.toCharArray()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	X509Certificate certificate() {
		try {
			return (X509Certificate) this.keyStore.getCertificate(ALIAS);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Path writePem(Path directory) {
		try {
			byte[] key = this.keyStore.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
			return Files.write(directory.resolve("client.pem"),
					List.of(pem("PRIVATE KEY", key), pem("CERTIFICATE", encodedCertificate())));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private byte[] encodedCertificate() throws CertificateEncodingException {
		return certificate().getEncoded();
	}

	private static String pem(String type, byte[] content) {
		String body = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----";
	}

}
