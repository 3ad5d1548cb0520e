package org.farthing.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.util.EnumSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-SG-1", "F-SG-2", "F-SG-3", "F-SG-4", "F-SG-5", "F-SG-6"})
class DetachedJwsTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SigningKey ED25519 = everyRole(SigningKey.generate(Algorithm.ED25519, "ed-1", RANDOM));
    private static final SigningKey ES256 = everyRole(SigningKey.generate(Algorithm.ES256, "es-1", RANDOM));

    @Test
    void sign_referenceChallenge_sameBytes() {
        String jws = DetachedJws.sign(
                ReferenceVector.KEY, ArtifactType.CHALLENGE, ReferenceVector.CHALLENGE.signedPayload());

        assertThat(jws).isEqualTo(ReferenceVector.JWS);
    }

    @Test
    void verify_referenceChallenge_accepted() throws Exception {
        String payload = ReferenceVector.CHALLENGE.signedPayload();

        assertThat(payload).hasSize(494);
        DetachedJws.verify(ReferenceVector.JWS, ArtifactType.CHALLENGE, payload, ReferenceVector.KEY.publicKey());
        assertThat(DetachedJws.kid(ReferenceVector.JWS)).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /** Every kind of statement, signed by one key that may sign them all, presented as every kind. */
    @ParameterizedTest
    @EnumSource(ArtifactType.class)
    @Requirement("T18")
    void verify_asAnotherType_rejected(ArtifactType signed) throws Exception {
        for (SigningKey key : new SigningKey[] {ED25519, ES256}) {
            String jws = DetachedJws.sign(key, signed, "{}");
            for (ArtifactType expected : ArtifactType.values()) {
                if (expected == signed) {
                    DetachedJws.verify(jws, expected, "{}", key.publicKey());
                } else {
                    assertThat(rejected(() -> DetachedJws.verify(jws, expected, "{}", key.publicKey())))
                            .isEqualTo(Reason.WRONG_TYPE);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ArtifactType.class)
    @Requirement("T75")
    void sign_withoutTheRole_refused(ArtifactType type) throws Exception {
        SigningKey none = ED25519.withRoles(EnumSet.noneOf(Role.class));
        if (type.requiredRole().isEmpty()) {
            assertThatCode(() -> DetachedJws.sign(none, type, "{}")).doesNotThrowAnyException();
            return;
        }
        assertThatThrownBy(() -> DetachedJws.sign(none, type, "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(type.requiredRole().get().wireName());
        String jws = DetachedJws.sign(ED25519, type, "{}");
        assertThat(rejected(() -> DetachedJws.verify(jws, type, "{}", none.publicKey())))
                .isEqualTo(Reason.WRONG_ROLE);
    }

    @Test
    void sign_orderWithNamedKey_kidIsThumbprint() throws Exception {
        String jws = DetachedJws.sign(ED25519, ArtifactType.ORDER, "{}");

        assertThat(DetachedJws.kid(jws)).isEqualTo(ED25519.publicKey().thumbprint());
        assertThat(DetachedJws.kid(DetachedJws.sign(ED25519, ArtifactType.RECEIPT, "{}")))
                .isEqualTo("ed-1");
    }

    @Test
    void verify_otherKey_rejected() {
        SigningKey sameName = everyRole(SigningKey.generate(Algorithm.ED25519, "ed-1", RANDOM));
        String jws = DetachedJws.sign(ED25519, ArtifactType.RECEIPT, "{}");

        assertThat(rejected(() -> DetachedJws.verify(jws, ArtifactType.RECEIPT, "{}", sameName.publicKey())))
                .isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(rejected(() -> DetachedJws.verify(
                        jws, ArtifactType.RECEIPT, "{}", sameName.withKid("x").publicKey())))
                .isEqualTo(Reason.UNKNOWN_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "RS256", "PS256", "ES384", "ES256K", "eddsa", "Ed448", "", "ES256"})
    @Requirement({"T17", "F-SG-10", "F-SG-11"})
    void verify_algOtherThanTheKeys_rejected(String alg) {
        String header = "{\"alg\":\"" + alg + "\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}";

        assertThat(rejected(() -> verify(handMade(ED25519, header, "{}"), "{}", ED25519)))
                .isEqualTo(Reason.WRONG_ALGORITHM);
    }

    /** The classic: HMAC over the input, keyed with the public key everybody has. */
    @Test
    @Requirement("T17")
    void verify_hmacKeyedWithPublicKey_rejected() throws Exception {
        String header = Base64Url.encodeUtf8("{\"alg\":\"HS256\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}");
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA512");
        byte[] publicKey = Base64Url.decode(ED25519.publicKey().point().x(), "x");
        mac.init(new javax.crypto.spec.SecretKeySpec(publicKey, "HmacSHA512"));
        byte[] tag = mac.doFinal((header + "." + Base64Url.encodeUtf8("{}")).getBytes(UTF_8));

        assertThat(rejected(() -> verify(header + ".." + Base64Url.encode(tag), "{}", ED25519)))
                .isEqualTo(Reason.WRONG_ALGORITHM);
    }

    @Test
    @Requirement("F-SG-12")
    void verify_algEd25519_acceptedButNeverWritten() throws Exception {
        String header = "{\"alg\":\"Ed25519\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}";

        verify(handMade(ED25519, header, "{}"), "{}", ED25519);
        String written = DetachedJws.sign(ED25519, ArtifactType.RECEIPT, "{}");
        assertThat(new String(Base64Url.decode(written.substring(0, written.indexOf('.')), "h"), UTF_8))
                .isEqualTo("{\"alg\":\"EdDSA\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip"})
    @Requirement({"T21", "T22"})
    void verify_headerThatBringsAKey_rejected(String name) {
        for (String value : new String[] {"\"https://evil.example/keys\"", "{}", "[]", "false", "null"}) {
            String header = "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\",\"" + name + "\":"
                    + value + "}";

            assertThat(rejected(() -> verify(handMade(ED25519, header, "{}"), "{}", ED25519)))
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void verify_unknownHarmlessMember_accepted() throws Exception {
        verify(
                handMade(
                        ED25519,
                        "{\"typ\":\"payment-receipt+jws\",\"kid\":\"ed-1\",\"alg\":\"EdDSA\",\"cty\":\"x\"}",
                        "{}"),
                "{}",
                ED25519);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\"}",
                "{\"alg\":\"EdDSA\",\"typ\":\"payment-receipt+jws\"}",
                "{\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":\"EdDSA\",\"kid\":1,\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":null,\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":[\"EdDSA\"],\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"../ed-1\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"https://e.example\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"\",\"typ\":\"payment-receipt+jws\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"} x",
                "[]",
                "EdDSA"
            })
    void verify_brokenHeader_malformed(String header) {
        assertThat(rejected(() -> verify(handMade(ED25519, header, "{}"), "{}", ED25519)))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void verify_headerOver512BytesOrLongKid_malformed() {
        String filler = "\"cty\":\"" + "x".repeat(500) + "\"";
        String longHeader = "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\",\"typ\":\"payment-receipt+jws\"," + filler + "}";
        String longKid = "{\"alg\":\"EdDSA\",\"kid\":\"" + "k".repeat(65) + "\",\"typ\":\"payment-receipt+jws\"}";

        assertThat(rejected(() -> verify(handMade(ED25519, longHeader, "{}"), "{}", ED25519)))
                .isEqualTo(Reason.MALFORMED);
        assertThat(rejected(() -> verify(handMade(ED25519, longKid, "{}"), "{}", ED25519)))
                .isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"payment-receipt+JWS", "payment-receipt", "application/payment-receipt+jws", "JWT", ""})
    void verify_typAlmostRight_rejected(String typ) {
        String header = "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\",\"typ\":\"" + typ + "\"}";

        assertThat(rejected(() -> verify(handMade(ED25519, header, "{}"), "{}", ED25519)))
                .isEqualTo(Reason.WRONG_TYPE);
    }

    /** RFC 7515 A.1 (HS256) and RFC 7797 section 4 (b64 false), detached. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9..dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY"
            })
    @Requirement({"T17", "F-SG-10"})
    void verify_symmetricVectorsOfTheRfcs_malformed(String jws) {
        assertThat(rejected(() -> verify(jws, "{}", ED25519))).isEqualTo(Reason.MALFORMED);
        assertThatThrownBy(() -> DetachedJws.kid(jws)).isInstanceOf(MalformedException.class);
    }

    @Test
    void verify_brokenShape_malformed() {
        String jws = DetachedJws.sign(ED25519, ArtifactType.RECEIPT, "{}");
        String header = jws.substring(0, jws.indexOf('.'));
        String signature = jws.substring(jws.lastIndexOf('.') + 1);
        String[] shapes = {
            "",
            ".",
            "..",
            header,
            header + "." + signature,
            header + ".e30." + signature,
            header + "..." + signature,
            header + ".." + signature + ".",
            ".." + signature,
            header + "..",
            header + ".." + signature + "=",
            header + ".." + signature.substring(0, 84),
            header + ".." + signature + "AA",
            " " + jws,
            jws + "\n",
            "{\"payload\":\"\",\"signatures\":[]}",
            header + ".." + "A".repeat(20_000)
        };
        for (String shape : shapes) {
            assertThat(rejected(() -> verify(shape, "{}", ED25519))).as(shape).isEqualTo(Reason.MALFORMED);
        }
    }

    @Property(tries = 300)
    void verify_anyPayloadBothAlgorithms_roundTrip(@ForAll @StringLength(max = 200) String text) throws Exception {
        String payload = text.replaceAll("[\\ud800-\\udfff]", "?");
        for (SigningKey key : new SigningKey[] {ED25519, ES256}) {
            verify(DetachedJws.sign(key, ArtifactType.RECEIPT, payload), payload, key);
        }
    }

    @Property(tries = 300)
    void verify_anyBitOfTheSignatureFlipped_rejected(@ForAll @IntRange(max = 511) int bit) throws Exception {
        for (SigningKey key : new SigningKey[] {ED25519, ES256}) {
            String jws = DetachedJws.sign(key, ArtifactType.RECEIPT, "{\"a\":\"b\"}");
            int at = jws.lastIndexOf('.') + 1;
            byte[] signature = Base64Url.decode(jws.substring(at), "s");
            signature[bit / 8] ^= (byte) (1 << (bit % 8));
            String flipped = jws.substring(0, at) + Base64Url.encode(signature);

            assertThat(rejected(() -> verify(flipped, "{\"a\":\"b\"}", key))).isEqualTo(Reason.BAD_SIGNATURE);
        }
    }

    @Property(tries = 300)
    void verify_anyCharacterOfThePayloadChanged_rejected(@ForAll @IntRange(max = 493) int at) {
        String payload = ReferenceVector.CHALLENGE.signedPayload();
        String changed = payload.substring(0, at) + (payload.charAt(at) == 'x' ? 'y' : 'x') + payload.substring(at + 1);

        assertThat(rejected(() -> DetachedJws.verify(
                        ReferenceVector.JWS, ArtifactType.CHALLENGE, changed, ReferenceVector.KEY.publicKey())))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Property
    void parse_anyText_malformedOrRejectedOnly(@ForAll String text) {
        for (String jws : new String[] {text, text + ".." + text, Base64Url.encodeUtf8(text) + "..AAAA"}) {
            assertThat(rejected(() -> verify(jws, "{}", ED25519))).isEqualTo(Reason.MALFORMED);
            assertThatThrownBy(() -> DetachedJws.kid(jws)).isInstanceOf(MalformedException.class);
        }
    }

    private static void verify(String jws, String payload, SigningKey key) throws SignatureRejectedException {
        DetachedJws.verify(jws, ArtifactType.RECEIPT, payload, key.publicKey());
    }

    /** A signature that is right in every way but its header. */
    static String handMade(SigningKey key, String header, String payload) {
        String encoded = Base64Url.encodeUtf8(header);
        return encoded + ".." + key.sign(encoded + "." + Base64Url.encodeUtf8(payload));
    }

    private static SigningKey everyRole(SigningKey key) {
        return key.withRoles(EnumSet.allOf(Role.class));
    }
}
