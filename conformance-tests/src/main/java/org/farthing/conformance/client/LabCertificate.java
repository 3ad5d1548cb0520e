package org.farthing.conformance.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for one address that nobody vouches for but itself, and its key: made new for each run, in memory. The JDK can read
 * certificates and has no way to make one, so the few bytes of DER (RFC 5280) are written here.
 */
final class LabCertificate {

    private static final byte[] VERSION_3 = der(0xa0, der(0x02, new byte[] {2}));
    private static final byte[] ECDSA_WITH_SHA256 =
            der(0x30, der(0x06, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));
    private static final byte[] COMMON_NAME = der(0x06, new byte[] {0x55, 4, 3});
    private static final byte[] ALTERNATIVE_NAME = der(0x06, new byte[] {0x55, 0x1d, 0x11});
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final char[] IN_MEMORY = "in memory".toCharArray();

    private final KeyPair keys;
    private final Certificate certificate;

    private LabCertificate(KeyPair keys, Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** Makes one for an address, good from an hour ago until tomorrow. */
    static LabCertificate make(InetAddress address, Instant now) throws IOException {
        try {
            SecureRandom random = new SecureRandom();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair keys = generator.generateKeyPair();
            byte[] named = der(0x30, der(0x31, der(0x30, COMMON_NAME, text(0x0c, "Farthing client suite"))));
            byte[] times = der(
                    0x30,
                    text(0x17, UTC_TIME.format(now.minus(Duration.ofHours(1)))),
                    text(0x17, UTC_TIME.format(now.plus(Duration.ofDays(1)))));
            byte[] names = der(0x30, der(0x87, address.getAddress()));
            byte[] extensions = der(0xa3, der(0x30, der(0x30, ALTERNATIVE_NAME, der(0x04, names))));
            byte[] serial =
                    der(0x02, new BigInteger(63, random).add(BigInteger.ONE).toByteArray());
            byte[] content = der(
                    0x30,
                    VERSION_3,
                    serial,
                    ECDSA_WITH_SHA256,
                    named,
                    times,
                    named,
                    keys.getPublic().getEncoded(),
                    extensions);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            byte[] signed = der(0x03, new byte[1], signature.sign());
            byte[] whole = der(0x30, content, ECDSA_WITH_SHA256, signed);
            return new LabCertificate(
                    keys, CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole)));
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate could be made", e);
        }
    }

    /** One element: its tag, how long it is, and what is in it. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() > 255) {
            out.write(0x82);
            out.write(content.size() >> 8);
        } else if (content.size() > 127) {
            out.write(0x81);
        }
        out.write(content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static byte[] text(int tag, String text) {
        return der(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What makes server sockets with it. */
    ServerSocketFactory sockets() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("lab", keys.getPrivate(), IN_MEMORY, new Certificate[] {certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, IN_MEMORY);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context.getServerSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS server could be made", e);
        }
    }

    /** The certificate as a client's list of authorities wants it. */
    String pem() throws IOException {
        try {
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be written", e);
        }
    }
}
