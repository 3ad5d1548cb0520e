package org.farthing.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Sha256;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-KY-43"})
class SigningKeyTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    private static final String X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    /** RFC 8037 A.1 to A.3: key, public half, thumbprint. */
    @Test
    void fromJwk_rfc8037Key_publicHalfAndThumbprint() throws Exception {
        SigningKey key =
                SigningKey.fromJwk("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + D + "\",\"x\":\"" + X + "\"}");

        assertThat(key.publicKey().thumbprint()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key.publicKey().kid()).isEqualTo(key.publicKey().thumbprint());
        assertThat(key.publicKey().toJwk())
                .containsEntry("x", X)
                .containsEntry("alg", "EdDSA")
                .doesNotContainKey("d");
    }

    /** RFC 7638 section 3.1 is an RSA key; the recipe is the same for ours: hash the required members, canonical. */
    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void thumbprint_anyKey_recipeOfRfc7638(Algorithm algorithm) {
        String modulus =
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWK"
                        + "RXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMic"
                        + "AtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3"
                        + "XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        assertThat(Sha256.base64url(CanonicalJson.write(Map.of("kty", "RSA", "n", modulus, "e", "AQAB"))))
                .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");

        VerificationKey key = SigningKey.generate(algorithm, "named", RANDOM).publicKey();
        Map<String, Object> required = key.toJwk();
        required.keySet().retainAll(Set.of("kty", "crv", "x", "y"));
        assertThat(key.thumbprint()).isEqualTo(Sha256.base64url(CanonicalJson.write(required)));
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void exportPrivateJwk_anyKey_readsBack(Algorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm, "2026-11a", RANDOM)
                .withRoles(Set.of(Role.RECEIPT_TOKEN))
                .withTimes(Instant.ofEpochSecond(10), Instant.ofEpochSecond(20), Instant.ofEpochSecond(30));

        SigningKey read = SigningKey.fromJwk(key.exportPrivateJwk());

        assertThat(read.exportPrivateJwk()).isEqualTo(key.exportPrivateJwk());
        assertThat(read.publicKey()).isEqualTo(key.publicKey());
        assertThat(read.publicKey().roles()).containsExactly(Role.RECEIPT_TOKEN);
        assertThat(read.publicKey().nbf()).isEqualTo(Instant.ofEpochSecond(20));
        DetachedJws.verify(DetachedJws.sign(key, ArtifactType.ORDER, "{}"), ArtifactType.ORDER, "{}", read.publicKey());
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void generate_twice_differentKeys(Algorithm algorithm) {
        assertThat(SigningKey.generate(algorithm, null, RANDOM).publicKey().thumbprint())
                .isNotEqualTo(
                        SigningKey.generate(algorithm, null, RANDOM).publicKey().thumbprint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + X + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + D + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"d\":\"" + D + "\",\"x\":\"" + X + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + D + "\",\"x\":\"" + D + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + X + "\",\"x\":\"" + X + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGx\",\"x\":\"" + X + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + D + "\",\"x\":\"" + X + "\",\"alg\":\"ES256\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + D + "\",\"x\":\"" + X + "\",\"use\":\"enc\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + D + "\",\"x\":\"" + X + "\",\"kid\":\"a/b\"}",
                "{\"kty\":\"oct\",\"k\":\"" + D + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
                        + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                        + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE\","
                        + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                        + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
            })
    void fromJwk_incompleteOrInconsistent_malformed(String jwk) {
        assertThatThrownBy(() -> SigningKey.fromJwk(jwk))
                .isInstanceOf(MalformedException.class)
                .hasMessageNotContaining(D);
    }

    @Test
    void fromEd25519Seed_otherLength_refused() {
        assertThatThrownBy(() -> SigningKey.fromEd25519Seed(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fromEd25519Seed_callersArrayErased_keyUnchanged() throws Exception {
        byte[] seed = new byte[32];
        RANDOM.nextBytes(seed);
        SigningKey key = SigningKey.fromEd25519Seed(seed);
        String before = key.exportPrivateJwk();
        seed[0] ^= 1;

        assertThat(key.exportPrivateJwk()).isEqualTo(before);
        DetachedJws.verify(DetachedJws.sign(key, ArtifactType.ORDER, "{}"), ArtifactType.ORDER, "{}", key.publicKey());
    }

    @Test
    void withKid_noName_refused() {
        assertThatThrownBy(() -> ReferenceVector.KEY.withKid("a b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"T38", "F-KY-40"})
    void toString_key_noSecret() {
        assertThat(ReferenceVector.KEY.toString()).doesNotContain(D).contains("kPrK_");
    }

    @Test
    @Requirement("F-KY-42")
    void isPublished_keysOfTheRfcs_true() throws Exception {
        assertThat(ReferenceVector.KEY.publicKey().isPublished()).isTrue();
        assertThat(ReferenceVector.KEY.withKid("renamed").publicKey().isPublished())
                .isTrue();
        assertThat(VerificationKey.parse("{\"kty\":\"EC\",\"crv\":\"P-256\","
                                + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}")
                        .isPublished())
                .isTrue();
        assertThat(SigningKey.generate(Algorithm.ED25519, null, RANDOM)
                        .publicKey()
                        .isPublished())
                .isFalse();
    }

    @Property
    void fromJwk_anyText_malformedOnly(@ForAll String text) {
        String quoted = CanonicalJson.write(text.replaceAll("[\\ud800-\\udfff]", "?"));
        for (String json : new String[] {
            text,
            "{\"kty\":" + quoted + "}",
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":" + quoted + ",\"d\":" + quoted + "}",
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":" + quoted + ",\"y\":" + quoted + ",\"d\":" + quoted + "}"
        }) {
            assertThatThrownBy(() -> SigningKey.fromJwk(json)).isInstanceOf(MalformedException.class);
            assertThatThrownBy(() -> VerificationKey.parse(json)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void headerOfSigning_referenceKey_canonical() throws Exception {
        String jws = DetachedJws.sign(ReferenceVector.KEY, ArtifactType.CHALLENGE, "{}");
        byte[] header = org.farthing.protocol.internal.Base64Url.decode(jws.substring(0, jws.indexOf('.')), "h");
        String text = new String(header, UTF_8);

        assertThat(text)
                .isEqualTo(CanonicalJson.write(Map.of(
                        "typ", "payment-challenge+jws",
                        "kid", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                        "alg", "EdDSA")));
    }
}
