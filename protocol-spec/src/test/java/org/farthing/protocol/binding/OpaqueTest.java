package org.farthing.protocol.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-BI-20", "F-BI-22", "F-BI-24", "S21", "T25"})
class OpaqueTest {

    private static final String N = "AAECAwQFBgcICQoLDA0ODw";
    private static final String RB = "sWZEZs6KtqZhsbt2LKabkU92KIUsBN7R6XFABG0XLlM";
    private static final String ORIGIN = "https://api.example.com";

    @Test
    void format_referenceVector_matches() throws MalformedException {
        String expected = Base64Url.encodeUtf8("{\"n\":\"" + N + "\",\"rb\":\"" + RB + "\"}");

        assertThat(Opaque.exact(N, RB).format()).isEqualTo(expected);
        assertThat(Opaque.parse(expected)).isEqualTo(Opaque.exact(N, RB));
    }

    @Test
    void format_everyShape_parsesBack() throws MalformedException {
        Opaque[] shapes = {
            Opaque.exact(N, RB),
            Opaque.route(N, "v1.summaries", ORIGIN),
            Opaque.realm(N, ORIGIN),
            Opaque.exact(N, RB).withFacts(RB),
            Opaque.exact(N, RB).withFacts(RB).withReEntry("charge-1"),
            new Opaque(N, RB, null, null, null, Map.of("a", "1", "zz", "\u20ac"))
        };
        for (Opaque opaque : shapes) {
            assertThat(Opaque.parse(opaque.format())).isEqualTo(opaque);
        }
    }

    @Test
    @Requirement("F-PA-10")
    void reEntry_namesTheChargeThatPaid_besideWhateverElseIsThere() throws MalformedException {
        Opaque opaque = new Opaque(N, RB, null, null, null, Map.of("a", "1")).withReEntry("charge-1");
        assertThat(Opaque.parse(opaque.format()).reEntry()).contains("charge-1");
        assertThat(opaque.extensions()).containsEntry("a", "1");
        assertThat(Opaque.exact(N, RB).reEntry()).isEmpty();
        String json = "{\"n\":\"" + N + "\",\"rb\":\"" + RB + "\",\"re\":\"charge-1\"}";
        assertThat(Opaque.exact(N, RB).withReEntry("charge-1").format()).isEqualTo(Base64Url.encodeUtf8(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"n\":\"AAECAwQFBgcICQoLDA0ODw\"}",
                "{\"rb\":\"" + RB + "\"}",
                "{\"n\":\"AAECAwQFBgcICQoLDA0O\",\"rb\":\"" + RB + "\"}",
                "{\"n\":\"" + N + "\",\"rb\":\"AAAA\"}",
                "{\"n\":\"" + N + "\",\"rb\":\"" + RB + "\",\"rt\":\"r\"}",
                "{\"n\":\"" + N + "\",\"o\":\"https://api.example.com\",\"rb\":\"" + RB + "\"}",
                "{\"n\":\"" + N + "\",\"rt\":\"r\"}",
                "{\"n\":\"" + N + "\",\"o\":\"https://api.example.com\"}",
                "{\"n\":\"" + N + "\",\"o\":\"https://API.example.com\",\"rt\":\"r\"}",
                "{\"n\":\"" + N + "\",\"o\":\"https://api.example.com/\",\"rt\":\"r\"}",
                "{\"n\":\"" + N + "\",\"o\":\"https://api.example.com\",\"rt\":\"\"}",
                "{\"n\":\"" + N + "\",\"o\":\"https://api.example.com\",\"rt\":\"a/b\"}",
                "{\"n\":\"" + N + "\",\"pf\":\"x\",\"rb\":\"" + RB + "\"}",
                "{\"n\":1,\"rb\":\"" + RB + "\"}",
                "{\"n\":\"" + N + "\",\"rb\":\"" + RB + "\",\"x\":null}",
                "{\"n\":\"" + N + "\",\"rb\":\"" + RB + "\",\"x\":{}}",
                "{\"rb\":\"" + RB + "\",\"n\":\"" + N + "\"}",
                "{\"n\":\"" + N + "\", \"rb\":\"" + RB + "\"}",
                "{\"n\":\"" + N + "\",\"rb\":\"" + RB + "\"} ",
                "{\"n\":\"" + N + "\",\"n\":\"" + N + "\",\"rb\":\"" + RB + "\"}",
                "[]",
                "x"
            })
    void parse_brokenOrNotCanonical_malformed(String json) {
        assertThatThrownBy(() -> Opaque.parse(Base64Url.encodeUtf8(json))).isInstanceOf(MalformedException.class);
    }

    @Test
    void construct_noBindingOrTwo_refused() {
        assertThatThrownBy(() -> new Opaque(N, null, null, null, null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Opaque(N, RB, "r", ORIGIN, null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Opaque(N, RB, null, null, null, Map.of("rt", "*")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"T4", "T15", "T74"})
    void binds_otherRequestOrOrigin_false() {
        RequestTarget target = RequestTarget.of("POST", ORIGIN, "/v1/summaries", "lang=en");
        RequestTarget otherPath = RequestTarget.of("POST", ORIGIN, "/v1/books", "lang=en");
        RequestTarget otherOrigin = RequestTarget.of("POST", "https://evil.example", "/v1/summaries", "lang=en");

        assertThat(Opaque.exact(N, RB).binds(target)).isTrue();
        assertThat(Opaque.exact(N, RB).binds(otherPath)).isFalse();
        assertThat(Opaque.exact(N, RB).binds(otherOrigin)).isFalse();
        assertThat(Opaque.route(N, "r", ORIGIN).binds(otherPath)).isTrue();
        assertThat(Opaque.route(N, "r", ORIGIN).binds(otherOrigin)).isFalse();
        assertThat(Opaque.realm(N, ORIGIN).binds(otherOrigin)).isFalse();
    }

    @Test
    @Requirement({"F-BI-21", "T66"})
    void newNonce_manyTimes_sixteenBytesNeverTwice() throws MalformedException {
        SecureRandom random = new SecureRandom();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String nonce = Opaque.newNonce(random);
            assertThat(Base64Url.decode(nonce, "n")).hasSize(16);
            assertThat(seen.add(nonce)).isTrue();
        }
    }

    @Property
    void parse_anyText_malformedOrCanonical(@ForAll String text) {
        String inside = "{\"n\":\"" + N + "\",\"rb\":\"" + RB + "\"" + text + "}";
        for (String value : new String[] {text, Base64Url.encodeUtf8(text), Base64Url.encodeUtf8(inside)}) {
            try {
                assertThat(Opaque.parse(value).format()).isEqualTo(value);
            } catch (MalformedException e) {
                assertThat(e.where()).startsWith("opaque");
            }
        }
    }
}
