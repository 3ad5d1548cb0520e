package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Header fields of answers on priced paths (spec/server.md, F-SV-30 to F-SV-35; threats 34, 38, 48). */
class ResponseFieldsTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "public; private",
                "public, max-age=3600; private, max-age=3600",
                "PUBLIC, S-MAXAGE=5, must-revalidate; private, must-revalidate",
                "s-maxage=5; private",
                "no-store; no-store",
                "no-store, public; no-store",
                "private; private",
                "no-cache; private, no-cache",
                "private=\"Set-Cookie\", max-age=1; private, max-age=1"
            })
    @Requirement({"S50", "T48", "F-SV-31", "F-RC-4"})
    void paidAnswer_isNeverPublic(String set, String sent) {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Cache-Control", set);
            response.getHeaders().put("CDN-Cache-Control", "max-age=99");
            response.getHeaders().put("Surrogate-Control", "max-age=99");
            response.write(true, null, callback);
        }));
        HttpTester.Response answer = paywall.buy("/docs/a");
        assertThat(answer.getCSV("Cache-Control", true)).containsExactlyInAnyOrder(sent.split(", "));
        assertThat(answer.get("CDN-Cache-Control")).isNull();
        assertThat(answer.get("Surrogate-Control")).isNull();
    }

    @Test
    @Requirement({"T48", "F-SV-30"})
    void vary_keepsWhatWasThere() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().add("Vary", "Accept-Language");
            response.getHeaders().add("Vary", "Accept-Encoding, authorization");
            response.write(true, null, callback);
        }));
        assertThat(paywall.buy("/docs/a").getCSV("Vary", false))
                .containsExactly("Accept-Language", "Accept-Encoding", "authorization");
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Vary", "*");
            response.write(true, null, callback);
        }));
        assertThat(paywall.buy("/docs/a").get("Vary")).isEqualTo("*");
    }

    @Test
    @Requirement({"T35", "F-SV-32", "S27"})
    void applicationsOwnPaymentFields_areDropped() {
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().put("Payment-Receipt", "forged");
            response.getHeaders().put("Payment-Outcome", "captured;id=\"forged\"");
            response.getHeaders().put("Payment-Release", "forged");
            response.getHeaders().put("Payment-Replayed", "true");
            response.getHeaders().put("X-Request-Id", "forged");
            response.getHeaders().add("WWW-Authenticate", "Payment id=\"x\"");
            response.getHeaders().add("WWW-Authenticate", "Basic realm=\"app\"");
            response.setStatus(401);
            response.write(true, null, callback);
        }));
        HttpTester.Response answer = paywall.buy("/docs/a");
        assertThat(answer.getStatus()).isEqualTo(401);
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.getValuesList("Payment-Outcome")).hasSize(1);
        assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        assertThat(answer.getValuesList("Payment-Release")).hasSize(1).doesNotContain("forged");
        assertThat(answer.get("Payment-Replayed")).isNull();
        assertThat(answer.get("X-Request-Id")).isNotEqualTo("forged");
        assertThat(answer.getValuesList("WWW-Authenticate")).containsExactly("Basic realm=\"app\"");
    }

    @Test
    @Requirement({"F-PR-4", "F-SV-30"})
    void requestId_isTheClientsOrNew() throws Exception {
        HttpTester.Response given = paywall.get("/docs/a", "X-Request-Id: my-request.1");
        assertThat(given.get("X-Request-Id")).isEqualTo("my-request.1");
        Problem problem = Problem.parse(given.getContentBytes());
        assertThat(problem.requestId()).isEqualTo("my-request.1");
        assertThat(problem.instance()).isEqualTo("urn:farthing:request:my-request.1");
        HttpTester.Response odd = paywall.get("/docs/a", "X-Request-Id: <script>");
        assertThat(odd.get("X-Request-Id")).matches("[0-9a-f-]{36}");
        String value = "Authorization: " + paywall.alice.pay(given);
        assertThat(paywall.get("/docs/a", value, "X-Request-Id: paid").get("X-Request-Id"))
                .isEqualTo("paid");
    }

    @Test
    @Requirement("F-PR-8")
    void plainJson_onlyWhenStrictlyPreferred() {
        HttpTester.Response plain = paywall.get("/docs/a", "Accept: application/json");
        assertThat(plain.get("Content-Type")).isEqualTo("application/json");
        assertThat(plain.getContent())
                .contains("\"code\":\"PAYMENT_REQUIRED\"", "\"message\":", "\"details\":", "\"link\":\"https://");
        assertThat(plain.getValuesList("WWW-Authenticate")).hasSize(1);
        for (String accept : new String[] {"*/*", "text/html", "application/problem+json, application/json"}) {
            assertThat(paywall.get("/docs/a", "Accept: " + accept).get("Content-Type"))
                    .isEqualTo("application/problem+json");
        }
    }

    @Test
    @Requirement({"T34", "F-CH-31"})
    void hostileTextInTheRequest_neverReachesAHeaderField() {
        String path = "/docs/%0d%0aX-Evil:%201%22";
        HttpTester.Response answer = paywall.get(path, "X-Request-Id: a\"b");
        assertThat(answer.getStatus()).isIn(400, 402);
        assertThat(answer.get("X-Evil")).isNull();
        assertThat(paywall.get("/docs/a|b").getStatus()).isIn(400, 402);
    }

    @Test
    @Requirement({"S29", "S30", "F-AP-4", "F-AP-5"})
    void acceptPayment_unknownMethodsOnly_stillGetsTheChallenge() {
        for (String accept : new String[] {"lightning/charge", "*/*;q=0", "garbage ,,;", "wallet/charge;q=0.5"}) {
            HttpTester.Response answer = paywall.get("/docs/a", "Accept-Payment: " + accept);
            assertThat(answer.getStatus()).isEqualTo(402);
            assertThat(answer.getValuesList("WWW-Authenticate")).hasSize(1);
        }
    }

    @Test
    @Requirement({"F-SV-23", "F-RE-21"})
    void fieldsOfOuterHandlers_stayAndAreNotStored() {
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> {},
                handler -> new Outer(handler));
        paywall.app(Paywall.of((request, response, callback) -> {
            response.getHeaders().remove("X-Unwanted");
            response.getHeaders().put("X-App", "1");
            response.getHeaders().add("Set-Cookie", "a=b");
            response.getHeaders().add("Link", "<a>");
            response.getHeaders().add("Link", "<b>");
            response.write(true, ByteBuffer.wrap(new byte[] {'x'}), callback);
        }));
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        HttpTester.Response first = paywall.get("/docs/a", value);
        assertThat(first.get("X-Outer")).isEqualTo("1");
        assertThat(first.get("X-Unwanted")).isNull();
        assertThat(first.get("Set-Cookie")).isEqualTo("a=b");
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getValuesList("X-Outer")).containsExactly("2");
        assertThat(again.get("X-App")).isEqualTo("1");
        assertThat(again.getValuesList("Set-Cookie")).containsExactly("a=b");
        assertThat(again.getValuesList("Link")).containsExactly("<a>", "<b>");
    }

    private static final class Outer extends Handler.Wrapper {

        private int count;

        Outer(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (request.getHeaders().contains("Authorization")) {
                count++;
            }
            response.getHeaders().put("X-Outer", Integer.toString(count));
            response.getHeaders().put("X-Unwanted", "1");
            return super.handle(request, response, callback);
        }
    }
}
