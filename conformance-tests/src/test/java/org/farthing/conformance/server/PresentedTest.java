package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** One thing wrong at a time. */
@Requirement({"F-CO-1"})
class PresentedTest {

    private final Presented right = new Presented(
            Map.of(
                    "challenge",
                    Map.of("id", "1", "realm", "a.example"),
                    "payload",
                    Map.of("type", "order", "proofs", List.of("short", "the-longest-text-of-all"))),
            "Authorization");

    @Test
    void withSpoiledProof_changesOneLetterOfTheLongestText() {
        Presented spoiled = right.withSpoiledProof();

        assertThat(spoiled.json()).doesNotContain("the-longest-text-of-all").contains("\"short\"", "\"order\"");
        assertThat(spoiled.json()).hasSameSizeAs(right.json());
        assertThat(spoiled.withSpoiledProof().json()).isNotEqualTo(right.json());
    }

    @Test
    void reordered_sameMembersInOtherBytes() {
        Presented other = right.reordered(1);

        assertThat(other.token68()).isNotEqualTo(right.token68());
        assertThat(other.envelope()).isEqualTo(right.envelope());
        assertThat(right.reordered(0).token68()).isEqualTo(right.token68());
    }

    @Test
    void reordered_eachNumber_otherBytes() {
        // As short as an echo may be: its five members alone have no six beginnings.
        Map<String, String> echo = Map.of("id", "1", "realm", "a", "method", "b", "intent", "c", "request", "d");
        Presented shortest = new Presented(Map.of("challenge", echo, "payload", Map.of("proof", "x")), "Authorization");

        assertThat(IntStream.range(0, 6).mapToObj(at -> shortest.reordered(at).token68()))
                .doesNotHaveDuplicates();
    }

    @Test
    void withSpoiledProof_hexadecimal_isAnotherNumber() {
        for (String digit : List.of("a", "A", "b", "7")) {
            Presented proof = right.with("payload", Map.of("preimage", digit.repeat(64)));

            assertThat(proof.withSpoiledProof().json().toLowerCase(Locale.ROOT))
                    .isNotEqualTo(proof.json().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void withEcho_null_leavesTheMemberOut() {
        assertThat(right.withEcho("realm", null).envelope())
                .extractingByKey("challenge")
                .isEqualTo(Map.of("id", "1"));
    }

    @Test
    void base64Spelling_everyVariantIsAnotherText() {
        for (String json : List.of("{}", "{\"a\":1}", "{\"ab\":1}", "{\"abc\":\"ü?>\"}")) {
            String token = org.farthing.protocol.internal.Base64Url.encodeUtf8(json);
            assertThat(Base64Spelling.padded(json)).endsWith("=").isNotEqualTo(token);
            assertThat(Base64Spelling.trailingBits(json, token)).isNotEqualTo(token);
        }
    }

    @Test
    void toString_holdsNoProof() {
        assertThat(right.toString()).doesNotContain("longest");
    }
}
