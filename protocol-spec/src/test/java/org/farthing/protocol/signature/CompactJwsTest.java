package org.farthing.protocol.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-SG-6", "F-SG-7", "T17", "T18"})
class CompactJwsTest {

    private static final SigningKey KEY =
            SigningKey.generate(Algorithm.ES256, "es-1", new SecureRandom()).withRoles(Set.of(Role.RECEIPT_TOKEN));
    private static final String TOKEN =
            CompactJws.sign(KEY, ArtifactType.RECEIPT_TOKEN, Map.of("iss", "https://wallet.example", "iat", 5L));

    @Test
    void parse_signedToken_claimsAndSignature() throws Exception {
        CompactJws jws = CompactJws.parse(TOKEN);

        assertThat(jws.claims()).isEqualTo(Map.of("iss", "https://wallet.example", "iat", 5L));
        assertThat(jws.kid()).isEqualTo("es-1");
        assertThat(jws.text()).isEqualTo(TOKEN);
        assertThat(jws.toString()).isEqualTo("CompactJws[kid=es-1]");
        jws.verify(ArtifactType.RECEIPT_TOKEN, KEY.publicKey());
    }

    @Test
    void verify_asAnotherType_rejected() throws Exception {
        CompactJws jws = CompactJws.parse(TOKEN);

        for (ArtifactType type : ArtifactType.values()) {
            if (type != ArtifactType.RECEIPT_TOKEN) {
                assertThat(rejected(() -> jws.verify(type, KEY.publicKey()))).isEqualTo(Reason.WRONG_TYPE);
            }
        }
    }

    /** The attached form of a detached artifact: claims in the middle do not make a challenge of it. */
    @Test
    void parse_detachedForm_malformed() {
        String detached =
                DetachedJws.sign(KEY.withRoles(Set.of(Role.CHALLENGE)), ArtifactType.CHALLENGE, "{\"iss\":\"x\"}");

        assertThatThrownBy(() -> CompactJws.parse(detached)).isInstanceOf(MalformedException.class);
        assertThat(rejected(() -> DetachedJws.verify(TOKEN, ArtifactType.RECEIPT_TOKEN, "{}", KEY.publicKey())))
                .isEqualTo(Reason.MALFORMED);
    }

    /** RFC 7515 A.1 (HS256), RFC 7519 6.1 (none), RFC 7515 A.3 (no kid and typ). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leG"
                        + "FtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
                        + "Ijp0cnVlfQ.",
                "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb2"
                        + "90Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6"
                        + "NU1Q"
            })
    void parse_tokensOfTheRfcs_malformed(String token) {
        assertThatThrownBy(() -> CompactJws.parse(token)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iss\":\"x\" }",
                "{\"b\":\"1\",\"a\":\"2\"}",
                "{\"a\":1.0}",
                "{\"a\":1e2}",
                "{\"a\":\"\\u0041\"}",
                "{\"a\":\"1\",\"a\":\"1\"}",
                "[]",
                "\"x\"",
                ""
            })
    void parse_claimsNotCanonical_malformed(String claims) {
        String header = TOKEN.substring(0, TOKEN.indexOf('.'));
        String input = header + "." + Base64Url.encodeUtf8(claims);

        assertThatThrownBy(() -> CompactJws.parse(input + "." + KEY.sign(input)))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void parse_brokenShape_malformed() {
        for (String shape : new String[] {
            "",
            ".",
            "..",
            "...",
            TOKEN + ".",
            "." + TOKEN,
            TOKEN.substring(TOKEN.indexOf('.')),
            TOKEN + "A",
            TOKEN + "=",
            TOKEN + " ",
            " " + TOKEN,
            TOKEN.replace('.', ','),
            TOKEN + "." + TOKEN,
            "A".repeat(17_000)
        }) {
            assertThatThrownBy(() -> CompactJws.parse(shape)).as(shape).isInstanceOf(MalformedException.class);
        }
    }

    @Property(tries = 300)
    void verify_anyCharacterChanged_malformedOrRejected(@ForAll @IntRange(max = 1000) int seed) {
        int at = seed % TOKEN.length();
        char other = TOKEN.charAt(at) == 'A' ? 'B' : 'A';
        String changed = TOKEN.substring(0, at) + other + TOKEN.substring(at + 1);
        try {
            CompactJws jws = CompactJws.parse(changed);
            assertThat(rejected(() -> jws.verify(ArtifactType.RECEIPT_TOKEN, KEY.publicKey())))
                    .isNotNull();
        } catch (MalformedException e) {
            assertThat(e.where()).isNotEmpty();
        }
    }

    @Property
    void parse_anyText_malformedOnly(@ForAll String text) {
        String encoded = Base64Url.encodeUtf8(text);
        for (String token : new String[] {text, encoded + "." + encoded + "." + encoded, TOKEN + text + "."}) {
            assertThatThrownBy(() -> CompactJws.parse(token)).isInstanceOf(MalformedException.class);
        }
    }
}
