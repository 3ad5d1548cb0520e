package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves before and after an answer: 1xx and trailers (spec/charge.md, F-ST-39; spec/retry.md, F-RE-21). */
class InterimAndTrailerTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/held/*", Paywall.offer().build())
                        .charge("/streamed/*", Paywall.offer().upfront().build()));
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
        }
    }

    @Test
    @Requirement({"T44", "F-ST-39", "F-ST-30"})
    void earlyHintsOfAHeldAnswer_doNotLeave() {
        paywall.app(hinting(103));
        String answer = bytes("/held/a", credential("/held/a"));
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Payment-Receipt: ")
                .doesNotContain("hinted", " 103 ");
    }

    @Test
    @Requirement("F-ST-39")
    void earlyHintsOfAnAnswerThatIsNotCharged_doNotLeaveEither() {
        paywall.app(Paywall.of((request, response, callback) -> {
            var unused = response.writeInterim(103, HttpFields.build().add("Link", "</hinted>"));
            response.setStatus(404);
            callback.succeeded();
        }));
        String answer = bytes("/held/a", credential("/held/a"));
        assertThat(answer).startsWith("HTTP/1.1 404").doesNotContain("hinted");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement("F-ST-39")
    void processing_leavesWithoutFields() {
        paywall.app(hinting(102));
        String answer = bytes("/held/a", credential("/held/a"));
        assertThat(answer).startsWith("HTTP/1.1 102").contains("HTTP/1.1 200").doesNotContain("hinted");
    }

    @Test
    @Requirement({"F-ST-39", "F-ST-35"})
    void earlyHintsOfAnAnswerPaidUpfront_leaveWithoutPaymentFields() {
        paywall.app(hinting(103));
        String answer = bytes("/streamed/a", credential("/streamed/a"));
        assertThat(answer).startsWith("HTTP/1.1 103").contains("</hinted>").contains("HTTP/1.1 200");
        String interim = answer.substring(0, answer.indexOf("HTTP/1.1 200"));
        assertThat(interim).doesNotContain("Payment-", "WWW-Authenticate");
    }

    @Test
    @Requirement({"F-ST-39", "F-RE-12", "F-RE-21", "T35"})
    void trailersOfAHeldAnswer_areSentAndStored() {
        paywall.app(trailing());
        String value = credential("/held/a");
        String first = bytes("/held/a", value);
        assertThat(trailersOf(first)).isEqualTo("checksum: 42\r\nx-more: 1\r\nx-more: 2");
        String again = bytes("/held/a", value);
        assertThat(again).contains("Payment-Replayed: true", "content");
        assertThat(trailersOf(again)).isEqualTo(trailersOf(first));
        assertThat(paywall.executions).hasValue(1);
        assertThat(headOf(first)).contains("captured;").doesNotContain("checksum: 42");
    }

    @Test
    @Requirement({"F-ST-39", "T35"})
    void trailersOfAnAnswerPaidUpfront_areSentWithoutPaymentFields() {
        paywall.app(trailing());
        String answer = bytes("/streamed/a", credential("/streamed/a"));
        assertThat(trailersOf(answer)).isEqualTo("checksum: 42\r\nx-more: 1\r\nx-more: 2");
    }

    @Test
    @Requirement("F-ST-39")
    void trailersThatFail_500AndNotCharged() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.setTrailersSupplier(() -> {
                throw new IllegalStateException("no checksum");
            });
            response.write(true, utf8("content"), callback);
        }));
        String answer = bytes("/held/a", credential("/held/a"));
        assertThat(answer).startsWith("HTTP/1.1 500").contains("released;").doesNotContain("content\r\n");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-CR-2", "T49"})
    void credentialInTheTrailersOfARequest_isNotRead() {
        String value = credential("/held/a");
        String answer = converse("POST /held/a HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n"
                + "Trailer: Authorization\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: " + value
                + "\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 402")
                .contains("PAYMENT_REQUIRED")
                .doesNotContain("Payment-Outcome");
        assertThat(paywall.executions).hasValue(0);
    }

    // ---- ---------------------------------------------------------------------------------------------------------

    private String credential(String path) {
        return paywall.alice.pay(paywall.get(path));
    }

    private String bytes(String path, String value) {
        return converse("GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\nAuthorization: "
                + value + "\r\n\r\n");
    }

    private String converse(String request) {
        try (var client = paywall.connect()) {
            client.addInput(request);
            client.waitUntilClosed();
            return client.takeOutputString();
        }
    }

    private static Handler hinting(int status) {
        return Paywall.of((request, response, callback) -> {
            HttpFields hints =
                    HttpFields.build().add("Link", "</hinted>; rel=preload").add("Payment-Receipt", "forged");
            var unused =
                    response.writeInterim(status, hints).thenRun(() -> response.write(true, utf8("content"), callback));
        });
    }

    private static Handler trailing() {
        return Paywall.of((request, response, callback) -> {
            HttpFields fields = HttpFields.build()
                    .add("checksum", "42")
                    .add("x-more", "1")
                    .add("x-more", "2")
                    .add("Payment-Receipt", "forged")
                    .add("Payment-Outcome", "captured;id=\"forged\"")
                    .add("WWW-Authenticate", "Payment id=\"forged\"")
                    .add("Cache-Control", "public")
                    .add("Connection", "x");
            response.setTrailersSupplier(() -> fields);
            response.write(true, utf8("content"), callback);
        });
    }

    private static String headOf(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n"));
    }

    private static String trailersOf(String answer) {
        int start = answer.indexOf("\r\n0\r\n") + 5;
        return answer.substring(start, answer.indexOf("\r\n\r\n", start));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
