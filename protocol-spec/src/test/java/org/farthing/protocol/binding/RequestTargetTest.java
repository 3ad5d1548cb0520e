package org.farthing.protocol.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-BI-26", "F-BI-28", "T4", "T7"})
class RequestTargetTest {

    private static final String ORIGIN = "https://api.example.com";

    @Test
    void rb_referenceVector_matches() {
        RequestTarget target = RequestTarget.of("POST", ORIGIN, "/v1/summaries", "lang=en");

        assertThat(target.hashedText()).isEqualTo("POST\nhttps://api.example.com\n/v1/summaries\n?lang=en");
        assertThat(target.rb()).isEqualTo("sWZEZs6KtqZhsbt2LKabkU92KIUsBN7R6XFABG0XLlM");
    }

    @Test
    void ofUri_sameRequest_sameBinding() {
        URI uri = URI.create("https://API.example.com:443/v1/summaries?lang=en#part");

        assertThat(RequestTarget.ofUri("POST", uri).rb()).isEqualTo("sWZEZs6KtqZhsbt2LKabkU92KIUsBN7R6XFABG0XLlM");
    }

    @Test
    void rb_noQueryAndNoPath_questionMarkAndSlash() {
        assertThat(RequestTarget.of("GET", ORIGIN, "", null).hashedText()).isEqualTo("GET\n" + ORIGIN + "\n/\n?");
        assertThat(RequestTarget.ofUri("GET", URI.create(ORIGIN)).rb())
                .isEqualTo(RequestTarget.of("GET", ORIGIN, "/", "").rb());
    }

    @Test
    void rb_otherSpellingsOfOneResource_allDiffer() {
        Set<String> seen = new HashSet<>();
        String[] paths = {"/a/b", "/a/./b", "/a/c/../b", "/a%2fb", "/a%2Fb", "/a/b;x", "/A/b", "/a/b/", "//a/b"};
        for (String path : paths) {
            assertThat(seen.add(RequestTarget.of("GET", ORIGIN, path, null).rb()))
                    .isTrue();
        }
        for (String query : new String[] {"q=1", "q=1&q=1", "q=%31", "Q=1", "?q=1", "q=1?"}) {
            assertThat(seen.add(RequestTarget.of("GET", ORIGIN, "/a/b", query).rb()))
                    .isTrue();
        }
        assertThat(seen.add(RequestTarget.of("get", ORIGIN, "/a/b", null).rb())).isTrue();
        assertThat(seen.add(
                        RequestTarget.of("GET", ORIGIN + ":8443", "/a/b", null).rb()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\nb", "/a b", "/a#b", "/a?b", "/a\tb", "/\u007f"})
    void of_pathNoRequestLineCanCarry_refused(String path) {
        assertThatThrownBy(() -> RequestTarget.of("GET", ORIGIN, path, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G T", "GET\n", "G\u00c9T", "GET/"})
    void of_methodThatIsNoToken_refused(String method) {
        assertThatThrownBy(() -> RequestTarget.of(method, ORIGIN, "/", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void of_queryWithLineFeed_refused() {
        assertThatThrownBy(() -> RequestTarget.of("GET", ORIGIN, "/", "a\nb"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void of_originInAnotherSpelling_refused() {
        assertThatThrownBy(() -> RequestTarget.of("GET", "https://API.example.com", "/", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofUri_charactersOutsideAscii_refused() {
        assertThatThrownBy(() -> RequestTarget.ofUri("GET", URI.create("https://api.example.com/caf\u00e9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("percent-encode");
    }

    @Property(tries = 200)
    void rb_anyChange_otherBinding(
            @ForAll @AlphaChars @StringLength(min = 1, max = 8) String a,
            @ForAll @AlphaChars @StringLength(min = 1, max = 8) String b) {
        String rb = RequestTarget.of("GET", ORIGIN, "/" + a, b).rb();

        assertThat(RequestTarget.of("GET", ORIGIN, "/" + a + "x", b).rb()).isNotEqualTo(rb);
        assertThat(RequestTarget.of("GET", ORIGIN, "/" + a, b + "x").rb()).isNotEqualTo(rb);
        assertThat(RequestTarget.of("GET", ORIGIN, "/" + a + b, null).rb()).isNotEqualTo(rb);
        assertThat(RequestTarget.of("PUT", ORIGIN, "/" + a, b).rb()).isNotEqualTo(rb);
    }
}
