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
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.UUID;

import javax.net.ssl.SSLException;
import javax.security.auth.x500.X500Principal;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

/**
 * A certificate for the given host names, and the certificate authority that signed it.
 * As with Azure's own certificates there is no IP address in it. The keys are elliptic
 * curve keys, since 1,000 handshakes with RSA keys are a load of their own.
 */
final class ServerCertificate {

	private static final Duration LIFETIME = Duration.ofDays(365);

	private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("2a8648ce3d040302"));

	private static final String BASIC_CONSTRAINTS = "551d13";

	private static final String KEY_USAGE = "551d0f";

	private static final String EXTENDED_KEY_USAGE = "551d25";

	private static final String SUBJECT_ALTERNATIVE_NAME = "551d11";

	private static final String SUBJECT_KEY_IDENTIFIER = "551d0e";

	private static final String AUTHORITY_KEY_IDENTIFIER = "551d23";

	private static final String SERVER_AUTH = "2b06010505070301";

	private final X509Certificate authority;

	private final X509Certificate certificate;

	private final PrivateKey privateKey;

	private ServerCertificate(X509Certificate authority, X509Certificate certificate, PrivateKey privateKey) {
		this.authority = authority;
		this.certificate = certificate;
		this.privateKey = privateKey;
	}

	static ServerCertificate forHosts(Collection<String> hostNames) {
		try {
			KeyPair authorityKey = newKeyPair();
			KeyPair key = newKeyPair();
			// A name of its own, since a client may trust several of them.
			X500Principal authorityName = new X500Principal("CN=Azure Redis Emulator CA " + UUID.randomUUID());
			X509Certificate authority = certificate(authorityName, authorityName, authorityKey.getPublic(),
					authorityKey.getPrivate(), authorityExtensions(authorityKey.getPublic()));
			X509Certificate certificate = certificate(authorityName, new X500Principal("CN=Azure Redis Emulator"),
					key.getPublic(), authorityKey.getPrivate(), serverExtensions(authorityKey.getPublic(), hostNames));
			return new ServerCertificate(authority, certificate, key.getPrivate());
		}
		catch (GeneralSecurityException ex) {
			throw new EmulatorStartException("The emulator's certificate could not be made", ex);
		}
	}

	X509Certificate authority() {
		return this.authority;
	}

	X509Certificate certificate() {
		return this.certificate;
	}

	String authorityPem() {
		try {
			String body = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(this.authority.getEncoded());
			return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	SslContext sslContext() {
		try {
			return SslContextBuilder.forServer(this.privateKey, this.certificate, this.authority)
				.sslProvider(SslProvider.JDK)
				.protocols("TLSv1.3", "TLSv1.2")
				.build();
		}
		catch (SSLException ex) {
			throw new EmulatorStartException("TLS could not be set up", ex);
		}
	}

	private static KeyPair newKeyPair() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		return generator.generateKeyPair();
	}

	private static X509Certificate certificate(X500Principal issuer, X500Principal subject, PublicKey publicKey,
			PrivateKey signingKey, byte[] extensions) throws GeneralSecurityException {
		// A day back, for clients whose clock is behind.
		Instant notBefore = Instant.now().minus(Duration.ofDays(1));
		byte[] version3 = Der.tagged(0xa0, Der.integer(BigInteger.TWO));
		byte[] toBeSigned = Der.sequence(version3, Der.integer(new BigInteger(127, new SecureRandom())),
				ECDSA_WITH_SHA256, issuer.getEncoded(),
				Der.sequence(Der.time(notBefore), Der.time(notBefore.plus(LIFETIME))), subject.getEncoded(),
				publicKey.getEncoded(), Der.tagged(0xa3, extensions));
		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(signingKey);
		signature.update(toBeSigned);
		byte[] certificate = Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bitString(0, signature.sign()));
		return (X509Certificate) CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(certificate));
	}

	private static byte[] authorityExtensions(PublicKey publicKey) throws GeneralSecurityException {
		byte signCertificatesAndLists = 0x06;
		return Der.sequence(extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true))),
				extension(KEY_USAGE, true, Der.bitString(1, signCertificatesAndLists)),
				extension(SUBJECT_KEY_IDENTIFIER, false, Der.octetString(keyIdentifier(publicKey))));
	}

	private static byte[] serverExtensions(PublicKey authorityKey, Collection<String> hostNames)
			throws GeneralSecurityException {
		byte digitalSignature = (byte) 0x80;
		byte[][] names = hostNames.stream()
			.map((name) -> Der.tagged(0x82, name.getBytes(StandardCharsets.US_ASCII)))
			.toArray(byte[][]::new);
		return Der.sequence(extension(BASIC_CONSTRAINTS, true, Der.sequence()),
				extension(KEY_USAGE, true, Der.bitString(7, digitalSignature)),
				extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(SERVER_AUTH))),
				extension(SUBJECT_ALTERNATIVE_NAME, false, Der.sequence(names)), extension(AUTHORITY_KEY_IDENTIFIER,
						false, Der.sequence(Der.tagged(0x80, keyIdentifier(authorityKey)))));
	}

	private static byte[] extension(String oid, boolean critical, byte[] value) {
		if (critical) {
			return Der.sequence(Der.oid(oid), Der.bool(true), Der.octetString(value));
		}
		return Der.sequence(Der.oid(oid), Der.octetString(value));
	}

	private static byte[] keyIdentifier(PublicKey publicKey) throws GeneralSecurityException {
		return MessageDigest.getInstance("SHA-1").digest(publicKey.getEncoded());
	}

}
