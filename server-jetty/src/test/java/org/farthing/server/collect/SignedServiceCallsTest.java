package org.farthing.server.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.CaptureBatch.Item;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.CaptureResults.Outcome;
import org.farthing.protocol.wallet.CaptureResults.Result;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.RefundOrder;
import org.farthing.protocol.wallet.WalletRequest;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the network to a wallet service, and what may come back. */
class SignedServiceCallsTest {

    private static final Origin PAYEE = new Origin("https://shop.example");
    private static final String ONE = "AAECAwQFBgcICQoLDA0ODw";
    private static final String TWO = "Dw4NDAsKCQgHBgUEAwIBAA";
    private static final CaptureBatch BATCH =
            new CaptureBatch(List.of(Item.capture(ONE, Amount.of(2_500), null), Item.release(TWO, null)));

    private final TestClock clock = new TestClock();
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, "shop-1", new SecureRandom());
    private final SignedServiceCalls calls = SignedServiceCalls.open(key, clock);
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Server server = new Server();
    private Origin service;
    private volatile Scripted next = (response, callback) -> callback.failed(new IllegalStateException("no script"));

    /** A request as it came. */
    private record Seen(
            String method, String path, @Nullable String query, List<String> bearer, String body) {}

    /** What the service answers. */
    private interface Scripted {
        void answer(Response response, Callback callback);
    }

    @BeforeEach
    void start() throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                seen.add(new Seen(
                        request.getMethod(),
                        request.getHttpURI().getPath(),
                        request.getHttpURI().getQuery(),
                        request.getHeaders().getValuesList("Authorization"),
                        Content.Source.asString(request)));
                next.answer(response, callback);
                return true;
            }
        });
        server.start();
        service = new Origin("http://127.0.0.1:" + connector.getLocalPort());
    }

    @AfterEach
    void stop() {
        calls.close();
        LifeCycle.stop(server);
    }

    // ---- what goes out -------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WR-3", "F-WR-4", "F-WR-8", "F-WS-71"})
    void everyCall_isAWalletRequestOfThePayee_andANewOneEachTime() throws Exception {
        answer(
                200,
                results(new Result(ONE, Outcome.CAPTURED, Amount.of(2_500)), new Result(TWO, Outcome.RELEASED, null)));
        await(calls.settle(service, PAYEE, BATCH));
        await(calls.settle(service, PAYEE, BATCH));
        answer(200, new PaymentsPage(null, List.of()).format());
        await(calls.payments(service, PAYEE, "next-1", 7));
        Set<String> ids = new HashSet<>();
        for (Seen one : seen) {
            assertThat(one.bearer()).hasSize(1);
            WalletRequest request = WalletRequest.parse(one.bearer().get(0).substring("Bearer ".length()));
            assertThat(request.issuer()).isEqualTo(PAYEE.text());
            assertThat(request.kid()).isEqualTo("shop-1");
            request.verify(
                    key.publicKey(),
                    service,
                    RequestTarget.of(one.method(), service, one.path(), one.query()),
                    one.body().getBytes(StandardCharsets.UTF_8),
                    clock.instant());
            assertThat(ids.add(request.tokenId())).isTrue();
        }
        assertThat(seen.get(0).path()).isEqualTo("/v1/captures");
        assertThat(seen.get(0).body()).isEqualTo(BATCH.format());
        assertThat(seen.get(2).query()).isEqualTo("limit=7&cursor=next-1");
    }

    // ---- what may come back --------------------------------------------------------------------------------------

    @Test
    @Requirement("F-WS-12")
    void resultsOfTheseItems_areRead() throws Exception {
        answer(200, results(new Result(ONE, Outcome.CONFLICT, Amount.of(1)), new Result(TWO, Outcome.EXPIRED, null)));
        CaptureResults results = await(calls.settle(service, PAYEE, BATCH));
        assertThat(results.results().get(0).outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(results.results().get(1).outcome()).isEqualTo(Outcome.EXPIRED);
    }

    @Test
    @Requirement({"F-WS-12", "F-WS-71", "T23", "T24"})
    void anythingElse_isNoAnswer() throws Exception {
        Result first = new Result(ONE, Outcome.CAPTURED, Amount.of(2_500));
        Result second = new Result(TWO, Outcome.RELEASED, null);
        List<String> bodies = new ArrayList<>(List.of(
                results(second, first),
                results(first),
                results(first, second, second),
                "{\"results\":[]}",
                "{}",
                "[]",
                "",
                "not JSON",
                "{\"results\":[{\"jti\":\"" + ONE + "\",\"result\":\"maybe\"},{\"jti\":\"" + TWO
                        + "\",\"result\":\"released\"}]}",
                "{\"results\":[{\"jti\":\"" + ONE + "\",\"jti\":\"" + ONE + "\"}]}"));
        bodies.add("{\"results\":[\"" + "x".repeat(CaptureBatch.MAX_BYTES) + "\"]}");
        for (String body : bodies) {
            answer(200, body);
            ServiceCallException refused = refused(calls.settle(service, PAYEE, BATCH));
            assertThat(refused.status()).as(body).isZero();
            assertThat(refused.getMessage()).doesNotContain("xxx");
        }
    }

    @Test
    @Requirement({"F-WS-72", "F-WS-71"})
    void refusals_areToldApart() throws Exception {
        Problem problem = Problem.of(ProblemType.LEDGER_UNAVAILABLE, "later");
        next = (response, callback) -> {
            response.getHeaders().put("Retry-After", "17");
            write(response, callback, 503, problem.toJson());
        };
        ServiceCallException away = refused(calls.settle(service, PAYEE, BATCH));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.problem()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
        assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(17));
        answer(404, Problem.of(ProblemType.NOT_FOUND, "no such payment").toJson());
        RefundOrder order = new RefundOrder(ONE, Amount.of(1), "r1", null);
        assertThat(refused(calls.refund(service, PAYEE, order)).problem()).isEqualTo(ProblemType.NOT_FOUND);
        answer(500, "<html>oops</html>");
        assertThat(refused(calls.settle(service, PAYEE, BATCH)).problem()).isNull();
        answer(
                201,
                results(new Result(ONE, Outcome.CAPTURED, Amount.of(2_500)), new Result(TWO, Outcome.RELEASED, null)));
        assertThat(refused(calls.settle(service, PAYEE, BATCH)).status()).isEqualTo(201);
    }

    @Test
    @Requirement({"T14", "T21"})
    void redirect_isNotFollowed() throws Exception {
        next = (response, callback) -> {
            response.getHeaders().put("Location", service.text() + "/elsewhere");
            write(response, callback, 307, "");
        };
        assertThat(refused(calls.settle(service, PAYEE, BATCH)).status()).isEqualTo(307);
        assertThat(seen).hasSize(1);
    }

    @Test
    @Requirement("F-WS-71")
    void connectionThatBreaksOrIsRefused_isNoAnswer() throws Exception {
        next = (response, callback) -> callback.failed(new IllegalStateException("the service broke"));
        assertThat(refused(calls.settle(service, PAYEE, BATCH)).status()).isIn(0, 500);
        server.stop();
        ServiceCallException away = refused(calls.settle(service, PAYEE, BATCH));
        assertThat(away.status()).isZero();
        assertThat(away.getMessage()).contains("cannot be reached").doesNotContain("Bearer");
    }

    @Test
    @Requirement("F-WS-71")
    void noConnectionInTime_isSaidLikeNoAnswerInTime() {
        assertThat(SignedCalls.why(new SocketTimeoutException("Connect Timeout")))
                .isEqualTo(SignedCalls.why(new TimeoutException("Total timeout")))
                .isEqualTo("no answer within 10 seconds");
    }

    @Test
    void cursorThatNoUrlCarries_isNotSent() throws Exception {
        assertThat(refused(calls.payments(service, PAYEE, "a&limit=1000", 10)).status())
                .isZero();
        assertThat(seen).isEmpty();
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private void answer(int status, String body) {
        next = (response, callback) -> write(response, callback, status, body);
    }

    private static void write(Response response, Callback callback, int status, String body) {
        response.setStatus(status);
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static String results(Result... results) {
        return new CaptureResults(List.of(results)).format();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static ServiceCallException refused(CompletionStage<?> stage) throws Exception {
        try {
            await(stage);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServiceCallException refused) {
                return refused;
            }
            throw e;
        }
        throw new AssertionError("the call succeeded");
    }
}
