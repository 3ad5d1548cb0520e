package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-BI-31", "F-BI-32", "T5"})
class KnownAuthorityTest {

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, api.example.com",
        "https://api.example.com, API.Example.com",
        "https://api.example.com, api.example.com:443",
        "https://api.example.com:8443, api.example.com:8443",
        "http://127.0.0.1:8402, 127.0.0.1:8402",
        "http://127.0.0.1, 127.0.0.1:80",
        "http://[::1]:8402, [::1]:8402"
    })
    void is_theConfiguredAuthority_isKnown(String origin, String host) throws Exception {
        assertThat(known(origin, "GET / HTTP/1.1\nHost: " + host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, evil.example",
        "https://api.example.com, api.example.com.",
        "https://api.example.com, api.example.com.evil.example",
        "https://api.example.com, xapi.example.com",
        "https://api.example.com:8443, api.example.com",
        "http://127.0.0.1:8402, localhost:8402",
        "http://127.0.0.1:8402, 127.0.0.1"
    })
    void is_anotherAuthority_isUnknown(String origin, String host) throws Exception {
        assertThat(known(origin, "GET / HTTP/1.1\nHost: " + host)).isFalse();
    }

    @Test
    void is_absoluteForm_countsBeforeHost() throws Exception {
        assertThat(known("https://api.example.com", "GET http://evil.example/ HTTP/1.1\nHost: evil.example"))
                .isFalse();
    }

    private static boolean known(String origin, String head) throws Exception {
        try (Answers server = Answers.with((request, response) ->
                response.setStatus(KnownAuthority.is(request, new Origin(origin)) ? 204 : 421))) {
            return server.to(head).getStatus() == 204;
        }
    }
}
