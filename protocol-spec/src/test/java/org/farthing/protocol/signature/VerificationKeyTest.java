package org.farthing.protocol.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-SG-13", "F-SG-14", "F-KY-2", "F-KY-3", "T20"})
class VerificationKeyTest {

    private static final String X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private static final String Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    /** Every encoding of the eight points of small order, the ones beyond p and with a wrong sign included. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
            })
    void parse_ed25519PointOfSmallOrder_malformed(String hex) {
        assertThatThrownBy(() -> VerificationKey.parse(okp(HexFormat.of().parseHex(hex))))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("key.x");
    }

    /** y = 2 has no x on the curve; p + 2 and more are second spellings of small y. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0200000000000000000000000000000000000000000000000000000000000000",
                "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void parse_ed25519NoCanonicalPoint_malformed(String hex) {
        assertThatThrownBy(() -> VerificationKey.parse(okp(HexFormat.of().parseHex(hex))))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void parse_p256PointOffTheCurve_malformed() {
        String zero = Base64Url.encode(new byte[32]);
        String prime = Base64Url.encode(
                HexFormat.of().parseHex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"));
        for (String[] point : new String[][] {{Y, X}, {X, X}, {zero, zero}, {X, zero}, {prime, Y}, {X, prime}}) {
            assertThatThrownBy(() -> VerificationKey.parse(ec(point[0], point[1])))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void parse_coordinatesOfOtherLengthOrSpelling_malformed() throws Exception {
        VerificationKey.parse(ec(X, Y));
        for (String x :
                new String[] {"", X + "AA", X.substring(0, 42), "A" + X, X + "=", X.replace('J', '.'), " " + X}) {
            assertThatThrownBy(() -> VerificationKey.parse(ec(x, Y))).as(x).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void parse_privateMember_malformed() {
        Map<String, Object> jwk = ReferenceVector.KEY.publicKey().toJwk();
        jwk.put("d", "AAAA");

        assertThatThrownBy(() -> VerificationKey.parse(jwk))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("key.d");
    }

    @Test
    void parse_everyMember_roundTrip() throws Exception {
        Map<String, Object> jwk = ReferenceVector.KEY.publicKey().toJwk();
        jwk.put("kid", "2026-11a");
        jwk.put("roles", List.of("receipt-token", "channel"));
        jwk.put("iat", 1L);
        jwk.put("nbf", 2L);
        jwk.put("exp", 3L);
        jwk.put("revoked", 4L);

        VerificationKey key = VerificationKey.parse(jwk);

        assertThat(key.toJwk()).isEqualTo(jwk);
        assertThat(key.roles()).containsExactly(Role.RECEIPT_TOKEN, Role.CHANNEL);
        assertThat(VerificationKey.parse(key.toString())).isEqualTo(key);
        assertThat(key).isNotEqualTo(ReferenceVector.KEY.publicKey());
    }

    @Test
    void parse_roles_defaultsUnknownAndNone() throws Exception {
        Map<String, Object> jwk = ReferenceVector.KEY.publicKey().toJwk();
        assertThat(VerificationKey.parse(jwk).roles())
                .containsExactlyInAnyOrder(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE);
        jwk.put("roles", List.of());
        assertThat(VerificationKey.parse(jwk).roles()).isEmpty();
        jwk.put("roles", List.of("mint", "receipt", "RECEIPT-TOKEN"));
        assertThat(VerificationKey.parse(jwk).roles()).containsExactly(Role.RECEIPT);
    }

    @ParameterizedTest
    @CsvSource({"kty, RSA", "kty, EC", "crv, Ed448", "crv, X25519", "alg, ES256", "alg, HS256", "use, enc", "kid, a b"})
    void parse_otherTypeOrPurpose_malformed(String member, String value) {
        Map<String, Object> jwk = ReferenceVector.KEY.publicKey().toJwk();
        jwk.put(member, value);

        assertThatThrownBy(() -> VerificationKey.parse(jwk)).isInstanceOf(MalformedException.class);
    }

    @Test
    void parse_membersOfWrongType_malformed() {
        @Nullable
        Object[][] wrong = {
            {"kty", null},
            {"x", 1L},
            {"kid", 1L},
            {"roles", "receipt"},
            {"roles", List.of(1L)},
            {"nbf", "1"},
            {"nbf", -1L},
            {"exp", 1.5},
            {"exp", null},
            {"revoked", true}
        };
        for (@Nullable Object[] change : wrong) {
            Map<String, @Nullable Object> jwk =
                    new HashMap<>(ReferenceVector.KEY.publicKey().toJwk());
            jwk.put(String.valueOf(change[0]), change[1]);

            assertThatThrownBy(() -> VerificationKey.parse(jwk))
                    .as(String.valueOf(change[0]))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    @Requirement({"F-KY-30", "T36", "T37"})
    void requireUsable_times_halfOpen() throws Exception {
        Map<String, Object> jwk = ReferenceVector.KEY.publicKey().toJwk();
        jwk.put("nbf", 100L);
        jwk.put("exp", 200L);
        jwk.put("revoked", 150L);
        VerificationKey key = VerificationKey.parse(jwk);

        assertThat(rejected(() -> key.requireUsable(at(99)))).isEqualTo(Reason.KEY_NOT_ACTIVE);
        key.requireUsable(at(100));
        key.requireUsable(at(149));
        assertThat(rejected(() -> key.requireUsable(at(150)))).isEqualTo(Reason.KEY_REVOKED);
        assertThat(rejected(() -> key.requireUsable(at(201)))).isEqualTo(Reason.KEY_REVOKED);
        jwk.remove("revoked");
        VerificationKey expiring = VerificationKey.parse(jwk);
        expiring.requireUsable(at(199));
        assertThat(rejected(() -> expiring.requireUsable(at(200)))).isEqualTo(Reason.KEY_NOT_ACTIVE);
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }

    private static Map<String, Object> okp(byte[] x) {
        return Map.of("kty", "OKP", "crv", "Ed25519", "x", Base64Url.encode(x));
    }

    private static Map<String, Object> ec(String x, String y) {
        return Map.of("kty", "EC", "crv", "P-256", "x", x, "y", y);
    }
}
