package org.farthing.protocol.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.MalformedException;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-BI-31", "F-BI-33"})
class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, https://api.example.com, api.example.com",
        "HTTPS://API.Example.COM, https://api.example.com, api.example.com",
        "https://api.example.com:443, https://api.example.com, api.example.com",
        "https://api.example.com:80, https://api.example.com:80, api.example.com:80",
        "http://127.0.0.1:80, http://127.0.0.1, 127.0.0.1",
        "http://127.0.0.1:8402, http://127.0.0.1:8402, 127.0.0.1:8402",
        "http://[::1]:8402, http://[::1]:8402, [::1]:8402",
        "https://[2001:DB8::1]:443, https://[2001:db8::1], [2001:db8::1]",
        "https://xn--bcher-kva.example, https://xn--bcher-kva.example, xn--bcher-kva.example",
        "https://my_service:8443, https://my_service:8443, my_service:8443"
    })
    void parse_origin_oneSpelling(String text, String canonical, String realm) throws MalformedException {
        Origin origin = Origin.parse(text);

        assertThat(origin.text()).isEqualTo(canonical);
        assertThat(origin.realm()).isEqualTo(realm);
        assertThat(origin).isEqualTo(new Origin(canonical)).hasToString(canonical);
        assertThat(origin.isHttps()).isEqualTo(canonical.startsWith("https"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.example.com",
                "https:api.example.com",
                "ftp://api.example.com",
                "https://",
                "https://:443",
                "https://user@api.example.com",
                "https://user:pass@api.example.com",
                "https://api.example.com/",
                "https://api.example.com/path",
                "https://api.example.com?x",
                "https://api.example.com#x",
                "https://api.example.com\\@evil.example",
                "https://api.example.com:0",
                "https://api.example.com:",
                "https://api.example.com:65536",
                "https://api.example.com:0443",
                "https://api.example.com:+443",
                "https://api.example.com:443:443",
                "https://api.example.com ",
                " https://api.example.com",
                "https://b\u00fccher.example",
                "https://api.example.com\r\nX: y",
                "https://api..example.com",
                "https://api.example.com.",
                "https://-api.example.com",
                "https://127.1",
                "https://2130706433",
                "https://0x7f.0.0.1",
                "https://127.0.0.01",
                "https://256.0.0.1",
                "https://1.2.3.4.5",
                "https://[::1",
                "https://::1",
                "https://[]",
                "https://[:::]",
                "https://[1::2::3]",
                "https://[1:2:3:4:5:6:7:8:9]",
                "https://[1:2:3:4:5:6:7::8]x",
                "https://[12345::]",
                "https://[fe80::1%25eth0]",
                "https://[::ffff:127.0.0.1]",
                "https://a|b",
                "https://a\"b"
            })
    @Requirement("T33")
    void parse_anythingElse_malformed(String text) {
        assertThatThrownBy(() -> Origin.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void construct_otherSpelling_refused() {
        assertThatThrownBy(() -> new Origin("https://API.example.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://api.example.com");
        assertThatThrownBy(() -> new Origin("https://api.example.com/")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8402, true",
        "http://127.255.1.2, true",
        "https://127.0.0.1, true",
        "http://[::1], true",
        "http://localhost, false",
        "http://127.0.0.1.example.com, false",
        "http://128.0.0.1, false",
        "http://12.7.0.0, false",
        "http://[::2], false",
        "http://[0:0:0:0:0:0:0:1], false"
    })
    void isLoopback_host_literalsOnly(String text, boolean loopback) throws MalformedException {
        assertThat(Origin.parse(text).isLoopback()).isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({
        "https://Api.Example.com:443/a/b?c#d, https://api.example.com",
        "http://127.0.0.1:8402, http://127.0.0.1:8402",
        "HTTP://[::1]:80/x, http://[::1]"
    })
    void of_uri_itsOrigin(String uri, String origin) {
        assertThat(Origin.of(URI.create(uri)).text()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/relative", "mailto:a@b.example", "https://u@api.example.com/", "ftp://a.example/", "https:///x"
            })
    void of_uriWithoutPlainHost_refused(String uri) {
        assertThatThrownBy(() -> Origin.of(URI.create(uri))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void parse_anyText_malformedOrStable(@ForAll String rest) {
        for (String text : new String[] {rest, "https://" + rest, "http://a.example:" + rest}) {
            try {
                Origin origin = Origin.parse(text);
                assertThat(Origin.parse(origin.text())).isEqualTo(origin);
            } catch (MalformedException e) {
                assertThat(e.where()).isEqualTo("origin");
            }
        }
    }
}
