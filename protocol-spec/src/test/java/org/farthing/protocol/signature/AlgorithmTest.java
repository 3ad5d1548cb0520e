package org.farthing.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mathematics, against the RFCs' vectors and against the JDK's own implementations. */
@Requirement({"F-SG-10", "F-SG-13", "F-SG-14", "T19", "T20"})
class AlgorithmTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final JWSHeader EDDSA_HEADER = new JWSHeader(JWSAlgorithm.EdDSA);
    private static final JWSHeader ES256_HEADER = new JWSHeader(JWSAlgorithm.ES256);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The order of the Ed25519 group. */
    private static final BigInteger L =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /** The order of the P-256 group. */
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    /** RFC 8032 section 7.1: seed, public key, message, signature. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                + "4a7c15e9716ed28dc027beceea1ec40a",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
                + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
                + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
                + "454d4423643ce80e2a9ac94fa54ca49f,"
                + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
                + "3dca179c138ac17ad9bef1177331a704"
    })
    void ed25519_rfc8032Vectors_match(String seed, String publicKey, String message, String signature)
            throws Exception {
        byte[] key = Ed25519Keys.publicKey(HEX.parseHex(seed));
        assertThat(HEX.formatHex(key)).isEqualTo(publicKey);
        byte[] text = HEX.parseHex(message);

        Base64URL made = Ed25519Keys.signer(HEX.parseHex(seed), key).sign(EDDSA_HEADER, text);

        assertThat(HEX.formatHex(made.decode())).isEqualTo(signature);
        assertThat(Ed25519Keys.verifier(key, "key").verify(EDDSA_HEADER, text, made))
                .isTrue();
    }

    /** RFC 8037 A.4 and A.5: the JOSE form. */
    @Test
    void ed25519_rfc8037Vector_matches() throws Exception {
        SigningKey key = SigningKey.fromJwk("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        String input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";

        String signature = key.sign(input);

        assertThat(signature)
                .isEqualTo("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        assertThat(key.publicKey()
                        .point()
                        .verifier()
                        .verify(EDDSA_HEADER, input.getBytes(UTF_8), new Base64URL(signature)))
                .isTrue();
    }

    /** RFC 6979 A.2.5, SHA-256. */
    @ParameterizedTest
    @CsvSource({
        "sample, efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        "test, f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
    })
    void es256_rfc6979Vectors_match(String message, String signature) throws Exception {
        byte[] secret = HEX.parseHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        byte[] point = Es256Keys.publicKey(secret);
        assertThat(HEX.formatHex(point))
                .isEqualTo("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                        + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");

        Base64URL made = Es256Keys.signer(secret).sign(ES256_HEADER, message.getBytes(UTF_8));

        assertThat(HEX.formatHex(made.decode())).isEqualTo(signature);
        JWSVerifier verifier = Es256Keys.verifier(Arrays.copyOf(point, 32), Arrays.copyOfRange(point, 32, 64), "key");
        assertThat(verifier.verify(ES256_HEADER, message.getBytes(UTF_8), made)).isTrue();
    }

    /** RFC 7515 A.3. */
    @Test
    void es256_rfc7515Vector_verifies() throws Exception {
        VerificationKey key = VerificationKey.parse("{\"kty\":\"EC\",\"crv\":\"P-256\","
                + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}");
        String input = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
                + "bS9pc19yb290Ijp0cnVlfQ";
        Base64URL signature =
                new Base64URL("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");

        assertThat(key.point().verifier().verify(ES256_HEADER, input.getBytes(UTF_8), signature))
                .isTrue();
    }

    /** S and S+L are the same number to a careless verifier. */
    @Test
    void ed25519_malleatedS_false() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
        byte[] signature = Base64Url.decode(key.sign("a.b"), "s");
        byte[] s = reversed(Arrays.copyOfRange(signature, 32, 64));
        byte[] raised = fixed(new BigInteger(1, s).add(L));
        System.arraycopy(reversed(raised), 0, signature, 32, 32);

        assertThat(verifies(key, EDDSA_HEADER, signature)).isFalse();
    }

    @Test
    void es256_zeroOneAndOrderAsROrS_false() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ES256, null, RANDOM);
        byte[] good = Base64Url.decode(key.sign("a.b"), "s");
        assertThat(verifies(key, ES256_HEADER, good)).isTrue();
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, 32, 64));
        BigInteger[] odd = {
            BigInteger.ZERO,
            BigInteger.ONE,
            N,
            N.subtract(BigInteger.ONE),
            N.add(BigInteger.ONE),
            BigInteger.TWO.pow(256).subtract(BigInteger.ONE)
        };
        for (BigInteger a : odd) {
            assertThat(verifies(key, ES256_HEADER, pair(a, s))).isFalse();
            assertThat(verifies(key, ES256_HEADER, pair(r, a))).isFalse();
            for (BigInteger b : odd) {
                assertThat(verifies(key, ES256_HEADER, pair(a, b))).isFalse();
            }
        }
    }

    /** (r, n-s) is a second signature of the same text: nothing may rest on a signature's bytes (F-SG-15). */
    @Test
    void es256_negatedS_verifiesToo() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ES256, null, RANDOM);
        byte[] good = Base64Url.decode(key.sign("a.b"), "s");
        BigInteger r = new BigInteger(1, Arrays.copyOf(good, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(good, 32, 64));

        assertThat(verifies(key, ES256_HEADER, pair(r, N.subtract(s)))).isTrue();
    }

    @Test
    void es256_derSignature_false() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ES256, null, RANDOM);
        byte[] good = Base64Url.decode(key.sign("a.b"), "s");
        byte[] der = com.nimbusds.jose.crypto.impl.ECDSA.transcodeSignatureToDER(good);

        assertThat(verifies(key, ES256_HEADER, der)).isFalse();
        assertThat(verifies(key, ES256_HEADER, Arrays.copyOf(good, 63))).isFalse();
        assertThat(verifies(key, ES256_HEADER, Arrays.copyOf(good, 65))).isFalse();
        assertThat(verifies(key, ES256_HEADER, new byte[0])).isFalse();
    }

    @Property(tries = 20)
    void ed25519_anyText_jdkAgrees(@ForAll byte[] text) throws Exception {
        byte[] seed = new byte[32];
        RANDOM.nextBytes(seed);
        byte[] publicKey = Ed25519Keys.publicKey(seed);
        JWSSigner signer = Ed25519Keys.signer(seed, publicKey);

        PublicKey jdkKey = KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new X509EncodedKeySpec(HEX.parseHex("302a300506032b6570032100" + HEX.formatHex(publicKey))));
        assertThat(jdkVerifies(
                        "Ed25519", jdkKey, text, signer.sign(EDDSA_HEADER, text).decode()))
                .isTrue();
    }

    @Property(tries = 20)
    void es256_anyText_jdkAgrees(@ForAll byte[] text) throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ES256, null, RANDOM);
        byte[] secret = Base64Url.decode(
                com.nimbusds.jose.jwk.ECKey.parse(key.exportPrivateJwk()).getD().toString(), "d");
        byte[] point = Es256Keys.publicKey(secret);

        PublicKey jdkKey = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(
                        HEX.parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004" + HEX.formatHex(point))));
        byte[] signature = Es256Keys.signer(secret).sign(ES256_HEADER, text).decode();
        assertThat(jdkVerifies("SHA256withECDSAinP1363Format", jdkKey, text, signature))
                .isTrue();
    }

    private static boolean jdkVerifies(String algorithm, PublicKey key, byte[] text, byte[] signature)
            throws Exception {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(text);
        return verifier.verify(signature);
    }

    private static boolean verifies(SigningKey key, JWSHeader header, byte[] signature) throws Exception {
        return key.publicKey()
                .point()
                .verifier()
                .verify(header, "a.b".getBytes(UTF_8), new Base64URL(Base64Url.encode(signature)));
    }

    private static byte[] pair(BigInteger r, BigInteger s) {
        byte[] both = Arrays.copyOf(fixed(r), 64);
        System.arraycopy(fixed(s), 0, both, 32, 32);
        return both;
    }

    private static byte[] fixed(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] out = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, out, 32 - length, length);
        return out;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }
}
