package org.farthing.protocol.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-KY-2", "F-KY-3", "F-KY-11", "F-KY-20", "F-KY-30"})
class KeyDirectoryTest {

    /** The document of spec/keys.md. */
    private static final String DOCUMENT =
            "{\"keys\":[{\"alg\":\"EdDSA\",\"crv\":\"Ed25519\",\"exp\":1801440000,\"iat\":1793491200,\"kid\":\"2026-11a\","
                    + "\"kty\":\"OKP\",\"nbf\":1793577600,\"roles\":[\"challenge\",\"receipt\",\"release\"],\"use\":\"sig\","
                    + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}],\"origins\":[\"https://api.example.com\"],"
                    + "\"payee\":\"https://api.example.com\",\"providers\":[\"https://wallet.example\"],"
                    + "\"realms\":[\"api.example.com\"],\"signed\":\"always\"}";

    private static final Instant IN_USE = Instant.ofEpochSecond(1_793_577_600);

    @Test
    void parse_documentOfTheSpecification_roundTrip() throws Exception {
        KeyDirectory directory = KeyDirectory.parse(DOCUMENT);

        assertThat(directory.format()).isEqualTo(DOCUMENT);
        assertThat(KeyDirectory.parse(DOCUMENT.getBytes(UTF_8))).isEqualTo(directory);
        assertThat(directory.payee()).isEqualTo("https://api.example.com");
        assertThat(directory.providers()).containsExactly("https://wallet.example");
        assertThat(directory.signedAlways()).isTrue();
        assertThat(directory.select("2026-11a", ArtifactType.RECEIPT, IN_USE).thumbprint())
                .isEqualTo(ReferenceVector.KEY.publicKey().thumbprint());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "keys~\"keys\":{}",
                "keys~\"keys\":[1]",
                "payee~\"payee\":\"https://api.example.com/\"",
                "payee~\"payee\":\"https://API.example.com\"",
                "payee~\"payee\":1",
                "origins~\"origins\":\"https://api.example.com\"",
                "origins~\"origins\":[\"api.example.com\"]",
                "origins~\"origins\":[null]",
                "realms~\"realms\":[\"\"]",
                "realms~\"realms\":null",
                "providers~\"providers\":[\"wallet.example\"]",
                "providers~\"providers\":null"
            })
    void parse_memberOfWrongTypeOrValue_malformed(String member, String replacement) {
        String broken = DOCUMENT.replaceFirst("\"" + member + "\":(\\[.*?\\](?=,|})|\"[^\"]*\")", replacement);

        assertThat(broken).contains(replacement).isNotEqualTo(DOCUMENT);
        assertThatThrownBy(() -> KeyDirectory.parse(broken)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @CsvSource({"keys", "payee", "origins", "realms"})
    void parse_requiredMemberMissing_malformed(String member) {
        String broken = DOCUMENT.replace("\"" + member + "\":", "\"other\":");

        assertThatThrownBy(() -> KeyDirectory.parse(broken))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(member);
    }

    @Test
    void parse_optionalMembersAbsentOrUnknown_defaults() throws Exception {
        String small =
                DOCUMENT.replace("\"signed\":\"always\"", "\"signed\":true").replace("\"providers\":", "\"future\":");
        KeyDirectory directory = KeyDirectory.parse(small);

        assertThat(directory.signedAlways()).isFalse();
        assertThat(directory.providers()).isEmpty();
    }

    @Test
    void parse_keyOfAnotherType_skipped() throws Exception {
        String more = DOCUMENT.replace(
                "\"keys\":[",
                "\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\"AQAB\",\"e\":\"AQAB\"},"
                        + "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"kid\":\"x\",\"x\":\"AA\"},");

        assertThat(KeyDirectory.parse(more)).isEqualTo(KeyDirectory.parse(DOCUMENT));
    }

    @Test
    @Requirement("T20")
    void parse_badKeyAmongGood_wholeDocumentMalformed() {
        String[] bad = {
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"z\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
            "{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"d\":\"AQAB\"}",
            "{\"kty\":\"RSA\",\"kid\":\"2026-11a\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
            "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
            "{\"kid\":\"q\"}"
        };
        for (String key : bad) {
            assertThatThrownBy(() -> KeyDirectory.parse(DOCUMENT.replace("\"keys\":[", "\"keys\":[" + key + ",")))
                    .as(key)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    @Requirement("T24")
    void parse_duplicateMembersOrTooLong_malformed() {
        assertThatThrownBy(() -> KeyDirectory.parse(DOCUMENT.replace("\"signed\":", "\"payee\":")))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> KeyDirectory.parse(DOCUMENT + " ".repeat(65_536)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("TOO_LARGE");
        assertThatThrownBy(() -> KeyDirectory.parse(new byte[] {'{', (byte) 0xff, '}'}))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void select_unknownName_rejected() throws Exception {
        KeyDirectory directory = KeyDirectory.parse(DOCUMENT);

        assertThat(rejected(() -> directory.select("2026-11b", ArtifactType.CHALLENGE, IN_USE)))
                .isEqualTo(Reason.UNKNOWN_KEY);
    }

    @Test
    @Requirement("T36")
    void select_outsideItsTime_rejected() throws Exception {
        KeyDirectory directory = KeyDirectory.parse(DOCUMENT);

        assertThat(rejected(() -> directory.select("2026-11a", ArtifactType.CHALLENGE, IN_USE.minusSeconds(1))))
                .isEqualTo(Reason.KEY_NOT_ACTIVE);
        assertThat(rejected(() ->
                        directory.select("2026-11a", ArtifactType.CHALLENGE, Instant.ofEpochSecond(1_801_440_000))))
                .isEqualTo(Reason.KEY_NOT_ACTIVE);
    }

    @Test
    @Requirement("T37")
    void select_revoked_rejectedFromThenOn() throws Exception {
        KeyDirectory directory =
                KeyDirectory.parse(DOCUMENT.replace("\"roles\":", "\"revoked\":1793600000,\"roles\":"));

        directory.select("2026-11a", ArtifactType.CHALLENGE, Instant.ofEpochSecond(1_793_599_999));
        assertThat(rejected(() ->
                        directory.select("2026-11a", ArtifactType.CHALLENGE, Instant.ofEpochSecond(1_793_600_000))))
                .isEqualTo(Reason.KEY_REVOKED);
    }

    @Test
    @Requirement("T75")
    void select_withoutTheRole_rejected() throws Exception {
        KeyDirectory directory = KeyDirectory.parse(DOCUMENT);

        assertThat(rejected(() -> directory.select("2026-11a", ArtifactType.RECEIPT_TOKEN, IN_USE)))
                .isEqualTo(Reason.WRONG_ROLE);
        KeyDirectory receiptsOnly =
                KeyDirectory.parse(DOCUMENT.replace("[\"challenge\",\"receipt\",\"release\"]", "[\"receipt\"]"));
        assertThat(rejected(() -> receiptsOnly.select("2026-11a", ArtifactType.CHALLENGE, IN_USE)))
                .isEqualTo(Reason.WRONG_ROLE);
    }

    @Test
    void construct_inconsistent_refused() {
        VerificationKey key = ReferenceVector.KEY.publicKey();

        assertThatThrownBy(() -> KeyDirectory.of(ReferenceVector.ORIGIN, List.of(key, key)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new KeyDirectory(List.of(key), "api.example.com", List.of(), List.of(), true, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void format_defaultRoles_statedAnyway() throws Exception {
        SigningKey es256 = SigningKey.generate(Algorithm.ES256, "b", new SecureRandom());
        KeyDirectory directory = KeyDirectory.of(
                ReferenceVector.ORIGIN,
                List.of(
                        ReferenceVector.KEY.publicKey(),
                        es256.withRoles(Set.of()).publicKey()));

        assertThat(directory.format()).contains("\"roles\":[\"challenge\",\"receipt\",\"release\"]", "\"roles\":[]");
        assertThat(KeyDirectory.parse(directory.format())).isEqualTo(directory);
    }

    @Property
    void parse_anyText_malformedOnly(@ForAll String text) {
        String quoted = CanonicalJson.write(text.replaceAll("[\\ud800-\\udfff]", "?"));
        for (String json : new String[] {
            text,
            "{\"keys\":[{\"kty\":" + quoted + ",\"kid\":" + quoted + "}],\"payee\":" + quoted + "}",
            DOCUMENT.replace("\"2026-11a\"", quoted + "#"),
            DOCUMENT.replace("\"payee\":\"https://api.example.com\"", "\"payee\":" + quoted)
        }) {
            assertThatThrownBy(() -> KeyDirectory.parse(json)).isInstanceOf(MalformedException.class);
        }
    }
}
