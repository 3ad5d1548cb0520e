package org.farthing.protocol.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.farthing.protocol.MalformedException;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-BI-40", "F-BI-42", "S18", "S24", "T6"})
class ContentDigestTest {

    /** RFC 9530 appendix D: the body of its examples. */
    private static final byte[] BODY = "{\"hello\": \"world\"}".getBytes(UTF_8);

    private static final String SHA256 = "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=";
    private static final String SHA512 =
            "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==";

    @Test
    void of_body_rfc9530Vector() throws MalformedException {
        ContentDigest digest = ContentDigest.of(BODY);

        assertThat(digest.format()).isEqualTo("sha-256=:" + SHA256 + ":");
        assertThat(digest.matches(BODY)).isTrue();
        assertThat(digest.matches("{\"hello\":\"world\"}".getBytes(UTF_8))).isFalse();
        assertThat(ContentDigest.parseSlot(digest.format())).isEqualTo(digest);
    }

    @Test
    void of_emptyBody_rfc6234Value() {
        assertThat(ContentDigest.of(new byte[0]).base64()).isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    @Test
    void parseSlot_withoutColons_accepted() throws MalformedException {
        assertThat(ContentDigest.parseSlot("sha-256=" + SHA256)).isEqualTo(ContentDigest.of(BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha-256",
                "sha-256=",
                "sha-256=::",
                "sha-256=:" + SHA256,
                "sha-256=" + SHA256 + ":",
                "SHA-256=:" + SHA256 + ":",
                "sha-512=:" + SHA512 + ":",
                "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE:",
                "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPF=:",
                "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBP_=:",
                "sha-256=:" + SHA256 + ":;a",
                "sha-256=:" + SHA256 + ":, sha-256=:" + SHA256 + ":",
                " sha-256=:" + SHA256 + ":"
            })
    void parseSlot_anythingElse_malformed(String slot) {
        assertThatThrownBy(() -> ContentDigest.parseSlot(slot)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256=:" + SHA256 + ":",
                "  sha-256=:" + SHA256 + ": ",
                "sha-512=:" + SHA512 + ":,sha-256=:" + SHA256 + ":",
                "sha-256=:" + SHA256 + ":\t ,\t sha-512=:" + SHA512 + ":",
                "sha-256=:" + SHA256 + ":;a;b=c; d=12, unixsum=:AAA=:",
                "sha-256=:" + SHA256 + ":, sha-256=:" + SHA256 + ":"
            })
    void parseField_sha256AmongOthers_found(String value) throws MalformedException {
        assertThat(ContentDigest.parseField(List.of(value))).contains(ContentDigest.of(BODY));
    }

    @Test
    void parseField_severalLines_found() throws MalformedException {
        List<String> lines = List.of("sha-512=:" + SHA512 + ":", "", "sha-256=:" + SHA256 + ":");

        assertThat(ContentDigest.parseField(lines)).contains(ContentDigest.of(BODY));
    }

    @Test
    void parseField_absentOrOtherAlgorithm_empty() throws MalformedException {
        assertThat(ContentDigest.parseField(List.of())).isEmpty();
        assertThat(ContentDigest.parseField(List.of(""))).isEmpty();
        assertThat(ContentDigest.parseField(List.of("sha-512=:" + SHA512 + ":")))
                .isEmpty();
    }

    @Test
    void parseField_twoDifferentDigests_malformed() {
        String other = ContentDigest.of(new byte[] {1}).format();

        assertThatThrownBy(() -> ContentDigest.parseField(List.of("sha-256=:" + SHA256 + ":, " + other)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("DUPLICATE");
        assertThatThrownBy(() -> ContentDigest.parseField(List.of("sha-256=:" + SHA256 + ":", other)))
                .isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256",
                "sha-256=" + SHA256,
                "sha-256=\"" + SHA256 + "\"",
                "sha-256=:" + SHA256,
                "sha-256=:" + SHA256 + ":,",
                ",sha-256=:" + SHA256 + ":",
                "sha-256=:" + SHA256 + ": x",
                "sha-256 =:" + SHA256 + ":",
                "Sha-256=:" + SHA256 + ":",
                "sha-256=:AAAA:",
                "sha-256=:" + SHA256 + ":;=1",
                "sha-256=:" + SHA256 + ":;a=",
                "sha-256=:" + SHA256 + ":;a=\"x\"",
                "sha-256=:\u00e9:"
            })
    void parseField_noDictionaryOfByteSequences_malformed(String value) {
        assertThatThrownBy(() -> ContentDigest.parseField(List.of(value))).isInstanceOf(MalformedException.class);
    }

    @Property
    void accumulator_anyPieces_sameAsWhole(@ForAll byte[] body, @ForAll @IntRange(max = 1000) int at) {
        int cut = body.length == 0 ? 0 : at % (body.length + 1);
        ContentDigest.Accumulator accumulator = ContentDigest.accumulator();

        accumulator.update(body, 0, cut);
        accumulator.update(ByteBuffer.wrap(Arrays.copyOfRange(body, cut, body.length)));

        assertThat(accumulator.finish()).isEqualTo(ContentDigest.of(body));
    }

    @Property
    void parse_anyText_malformedOrDigest(@ForAll String text) {
        for (String value : new String[] {text, "sha-256=:" + text + ":", "sha-256=:" + SHA256 + ":" + text}) {
            try {
                ContentDigest.parseField(List.of(value))
                        .ifPresent(d -> assertThat(d.base64()).hasSize(44));
                assertThat(ContentDigest.parseSlot(value).base64()).hasSize(44);
            } catch (MalformedException e) {
                assertThat(e.fault()).isNotNull();
            }
        }
    }
}
