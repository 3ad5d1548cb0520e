package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.TestService.assertProblem;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.ServicePayments;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wallet service whose books answer late, stale or not at all. */
class ServiceLedgerTest {

    @TempDir
    private Path temp = Path.of("");

    private TestService service;
    private WalletClient alice;

    @BeforeEach
    void start() throws Exception {
        service = new TestService(temp);
        alice = service.payer(5000);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /** The books, with one operation replaced. */
    private interface Instead {
        Object call(Object real, Object[] arguments) throws Exception;
    }

    private static <T> T replacing(Class<T> type, T real, String operation, Instead instead) {
        return type.cast(Proxy.newProxyInstance(
                ServiceLedgerTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals(operation)
                                ? instead.call(real, arguments)
                                : method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static Object call(Object real, String operation, Object[] arguments) throws Exception {
        for (var method : ServicePayments.class.getMethods()) {
            if (method.getName().equals(operation)) {
                return method.invoke(real, arguments);
            }
        }
        throw new AssertionError(operation);
    }

    private HttpTester.Response pay(Ledger books, Challenge offer) throws Exception {
        try (Answers server = service.serverOver(books)) {
            return alice.send(server, "POST", "/v1/payments", TestService.submission(alice, offer));
        }
    }

    @Test
    @Requirement({"F-WS-8", "F-WS-28", "F-WS-30", "T47"})
    void pay_answerOfTheBooksIsLost_isPaidOnceAndHandedOutLater() throws Exception {
        Ledger losing = withHold((real, arguments) -> {
            CompletionStage<?> done = (CompletionStage<?>) call(real, "hold", arguments);
            return done.thenCompose(result -> CompletableFuture.failedStage(
                    new LedgerUnavailableException(Effect.UNKNOWN, "the connection broke", null)));
        });
        Challenge offer = service.offer();

        HttpTester.Response lost = pay(losing, offer);
        assertProblem(lost, 503, ProblemType.LEDGER_UNAVAILABLE);
        assertThat(lost.getContent()).doesNotContain("eyJ");

        HttpTester.Response again = service.pay(alice, offer);
        assertThat(again.getStatus()).isEqualTo(200);
        PaymentReply reply = TestService.reply(again);
        assertThat(reply.payment().challengeId()).isEqualTo(offer.id());
        assertThat(service.money(alice)).isEqualTo("4000+1000");
    }

    @Test
    @Requirement({"F-WS-8", "F-WS-28", "T47"})
    void pay_booksAreAway_holdsNothing() throws Exception {
        Ledger away = withHold((real, arguments) ->
                CompletableFuture.failedStage(new LedgerUnavailableException(Effect.NONE, "the disk is full", null)));
        Challenge offer = service.offer();

        HttpTester.Response answer = pay(away, offer);

        assertProblem(answer, 503, ProblemType.LEDGER_UNAVAILABLE);
        assertThat(answer.get("Retry-After")).isEqualTo("1");
        assertThat(answer.getContent()).doesNotContain("disk");
        assertThat(service.money(alice)).isEqualTo("5000+0");
        assertThat(service.pay(alice, offer).getStatus()).isEqualTo(201);
    }

    private Ledger withHold(Instead instead) {
        return replacing(
                Ledger.class,
                service.ledger(),
                "payments",
                (real, arguments) ->
                        replacing(ServicePayments.class, service.ledger().payments(), "hold", instead));
    }

    @Test
    @Requirement({"F-WS-27"})
    void pay_keysChangedSinceTheyWereRead_looksAgainOnce() throws Exception {
        AtomicInteger stale = new AtomicInteger();
        Ledger lagging = replacing(
                Ledger.class,
                service.ledger(),
                "wallet",
                (real, arguments) -> service.ledger()
                        .wallet((String) arguments[0])
                        .thenApply(
                                found -> stale.getAndDecrement() > 0 ? found.map(ServiceLedgerTest::asItWas) : found));

        stale.set(1);
        assertThat(pay(lagging, service.offer()).getStatus()).isEqualTo(201);
        stale.set(2);
        assertProblem(pay(lagging, service.offer()), 403, ProblemType.VERIFICATION_FAILED);
        assertThat(service.money(alice)).isEqualTo("4000+1000");
    }

    private static Wallet asItWas(Wallet now) {
        return new Wallet(now.id(), now.status(), now.version() - 1, now.keys(), now.recovery(), now.createdAt());
    }

    @Test
    @Requirement({"F-WS-1", "F-WS-4"})
    void pay_unknownWalletInTheBooks_isTheOneAnswer() throws Exception {
        Ledger empty = replacing(
                Ledger.class,
                service.ledger(),
                "wallet",
                (real, arguments) -> CompletableFuture.completedStage(Optional.empty()));

        assertProblem(pay(empty, service.offer()), 401, ProblemType.UNAUTHENTICATED);
    }
}
