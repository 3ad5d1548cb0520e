package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ReHandlingErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Amount;
import org.farthing.server.offer.PriceFact;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Error pages, forwards and rewrites on both sides of the paywall (spec/server.md, F-SV-92 to F-SV-95; threats 38, 65). */
class DispatchTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private final Map<String, Paywall.Action> paths = new ConcurrentHashMap<>();
    private final List<String> served = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build())
                        .charge("/dear/*", Paywall.offer().build())
                        .charge(
                                Set.of(),
                                "/tiered/*",
                                Paywall.offer().build(),
                                Set.of(PriceFact.query("tier")),
                                facts -> Amount.of(
                                        facts.value(PriceFact.query("tier"))
                                                        .orElse("")
                                                        .equals("high")
                                                ? 9_000
                                                : 1)));
        paywall.app(Paywall.of((request, response, callback) -> {
            String path = Request.getPathInContext(request);
            served.add(path + " " + request.getHeaders().get("Authorization"));
            paths.getOrDefault(path, DispatchTest::content).handle(request, response, callback);
        }));
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
            assertThat(paywall.account(paywall.alice).held()).isZero();
        } finally {
            paywall.close();
        }
    }

    // ---- error pages ---------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T65", "T38", "F-SV-92"})
    void errorPageAtAFreePath_isShownWithWhatBecameOfTheMoney() {
        errorPage(500, "/errors/500");
        paths.put("/docs/broken", (request, response, callback) -> {
            throw new IOException("broken");
        });
        HttpTester.Response answer = paywall.buy("/docs/broken");
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.getContent()).isEqualTo("content of /errors/500");
        assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        assertThat(answer.get("Payment-Release")).isNotNull();
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(served).containsExactly("/docs/broken null", "/errors/500 null");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"T65", "F-SV-92"})
    void errorThatThePaidHandlerShows_isNotCharged() {
        errorPage(404, "/errors/404");
        paths.put("/docs/none", (request, response, callback) -> Response.writeError(request, response, callback, 404));
        HttpTester.Response answer = paywall.buy("/docs/none");
        assertThat(answer.getStatus()).isEqualTo(404);
        assertThat(answer.getContent()).isEqualTo("content of /errors/404");
        assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"T65", "F-SV-92"})
    void errorPageAtAPricedPath_isNeitherChargedNorShown() {
        errorPage(404, "/docs/index");
        errorPage(500, "/docs/index");
        paths.put("/docs/broken", (request, response, callback) -> {
            throw new IOException("broken");
        });
        paths.put("/docs/none", (request, response, callback) -> Response.writeError(request, response, callback, 404));
        paths.put("/open", (request, response, callback) -> Response.writeError(request, response, callback, 404));
        for (String path : new String[] {"/docs/broken", "/docs/none"}) {
            HttpTester.Response answer = paywall.buy(path);
            assertThat(answer.getStatus()).isIn(404, 500);
            assertThat(answer.getContent()).doesNotContain("content of");
            assertThat(answer.get("WWW-Authenticate")).isNull();
            assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        }
        HttpTester.Response free = paywall.get("/open");
        assertThat(free.getStatus()).isEqualTo(404);
        assertThat(free.getContent()).doesNotContain("content of");
        assertThat(free.get("WWW-Authenticate")).isNull();
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(served).noneMatch(line -> line.startsWith("/docs/index"));
    }

    // ---- forwards ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T65", "F-SV-94"})
    void forwardFromAFreePathToAPricedOne_isCharged() {
        paths.put("/open", forward("/docs/a"));
        HttpTester.Response answer = paywall.get("/open");
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(answer.getContent()).doesNotContain("content of");
        assertThat(served).containsExactly("/open null");
    }

    @Test
    @Requirement({"T65", "F-SV-93"})
    void forwardWithinWhatIsPaid_isServedAndChargedOnce() {
        paths.put("/docs/a", forward("/docs/b"));
        assertThat(paywall.buy("/docs/a").getContent()).isEqualTo("content of /docs/b");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        paths.put("/docs/c", forward("/open"));
        assertThat(paywall.buy("/docs/c").getContent()).isEqualTo("content of /open");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(2 * Paywall.PRICE);
    }

    @Test
    @Requirement({"T65", "F-SV-93"})
    void forwardFromWhatIsPaidToSomethingElse_isRefusedAndNotCharged() {
        paths.put("/docs/a", forward("/dear/b"));
        paths.put("/tiered/a", forward("/tiered/a?tier=high"));
        for (String path : new String[] {"/docs/a", "/tiered/a"}) {
            HttpTester.Response answer = paywall.buy(path);
            assertThat(answer.getStatus()).isEqualTo(500);
            assertThat(answer.getContent()).doesNotContain("content of");
            assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        }
        assertThat(paywall.nothingMoved()).isTrue();
        assertThat(paywall.executions).hasValue(2);
    }

    // ---- rewrites ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T65", "F-SV-94"})
    void rewriteInFrontOfThePaywall_theNewPathIsPriced() {
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                settings -> {},
                handler -> rewriting(handler));
        assertThat(paywall.get("/open").getStatus()).isEqualTo(402);
        assertThat(served).isEmpty();
    }

    @Test
    @Requirement({"T65", "F-SV-95"})
    void rewriteBehindThePaywall_isStoppedByAGuardInFrontOfTheContent() {
        Handler content = Paywall.of((request, response, callback) -> content(request, response, callback));
        paywall.serveWith(rewriting(new PricedGuard(paywall.handler(), content)));
        HttpTester.Response around = paywall.get("/open");
        assertThat(around.getStatus()).isEqualTo(403);
        assertThat(around.getContent()).doesNotContain("content of");
        assertThat(paywall.get("/other").getContent()).isEqualTo("content of /other");
        assertThat(paywall.buy("/docs/b").getContent()).isEqualTo("content of /docs/b");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        HttpTester.Response elsewhere = paywall.buy("/docs/to-dear");
        assertThat(elsewhere.getStatus()).isEqualTo(403);
        assertThat(elsewhere.get("Payment-Outcome")).startsWith("released;");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    // ---- ---------------------------------------------------------------------------------------------------------

    private void errorPage(int status, String path) {
        Request.Handler known = paywall.server().getErrorHandler();
        ReHandlingErrorHandler.ByHttpStatus pages = known instanceof ReHandlingErrorHandler.ByHttpStatus before
                ? before
                : new ReHandlingErrorHandler.ByHttpStatus(paywall.server());
        paywall.server().setErrorHandler(pages);
        pages.put(status, path);
    }

    private Paywall.Action forward(String to) {
        return (request, response, callback) -> {
            HttpURI uri = HttpURI.build(request.getHttpURI()).pathQuery(to).asImmutable();
            Request there = Request.serveAs(request, uri);
            paywall.server().handle(there, response, callback);
        };
    }

    private static Handler rewriting(Handler handler) {
        Map<String, String> rules = Map.of("/open", "/docs/a", "/docs/to-dear", "/dear/a");
        return new Handler.Wrapper(handler) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                String to = rules.get(Request.getPathInContext(request));
                Request asked = to == null ? request : Request.serveAs(request, Request.newHttpURIFrom(request, to));
                return super.handle(asked, response, callback);
            }
        };
    }

    private static void content(Request request, Response response, Callback callback) {
        String text = "content of " + Request.getPathInContext(request);
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), callback);
    }
}
