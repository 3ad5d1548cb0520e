package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.drill.TwoBooks.FILLED;
import static org.farthing.server.drill.TwoBooks.PRICE;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server killed, or paused, at each step of a charge; afterwards the same credential ends in one charge with its answer or in
 * none, and the books are sound (T45, T47, T72; F-ST-120 to F-ST-124).
 *
 * <p>One life after the other, on the same books: each case begins with the process that the one before left.
 */
@Requirement({"T45", "T47", "F-ST-120"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EmbeddedDrill {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int port = KeptPort.take();
    private final Origin origin = new Origin("http://127.0.0.1:" + port);
    private final Buyer buyer = new Buyer(origin);
    private Path keys = Path.of("");
    private String store = "";
    private Child seller;
    private long available;
    private long earnedBefore;

    /** The name of an empty store. */
    abstract String emptyStore(Path inFolder);

    /** Whoever ends what is due while another process is paused: a process of its own if the store allows two. */
    abstract Child sweeper(Child paused);

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        store = emptyStore(folder);
        keys = folder.resolve("keys");
        KeyFiles.in(keys).init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        try (Ledger ledger = DrillStore.open(store, DrillStore.DEAD_SOON, threads)) {
            buyer.open(ledger, FILLED);
        }
        seller = seller(port);
    }

    @BeforeEach
    void readBooks() {
        List<String> books = List.of(seller.ask("books " + buyer.wallet()).split(" ", 4));
        available = Long.parseLong(books.get(0));
        earnedBefore = Long.parseLong(books.get(2));
    }

    @AfterAll
    void stop() {
        seller.close();
        threads.shutdownNow();
    }

    Child seller(int at) {
        try {
            return SellerProcess.start(store, keys, at, origin, DrillStore.DEAD_SOON);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- paid after it was served --------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before ledger.reserve",
                "after ledger.reserve",
                "in handler",
                "before ledger.capture",
                "after ledger.capture",
                "before answer"
            })
    @Requirement({"F-ST-121", "F-RE-11", "F-RE-12", "F-RE-20"})
    void killed_theSameBytesAreServedAndChargedOnce(String step) {
        String credential = killedAt(step, "GET", "/docs/a");
        HttpTester.Response answer = buyer.resend(port, "GET", "/docs/a", credential);
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("bought");
        HttpTester.Response again = buyer.send(port, "GET", "/docs/a", credential);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertThat(again.get("Payment-Receipt")).isNotNull().isEqualTo(answer.get("Payment-Receipt"));
        assertBooks(PRICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"after ledger.reserve", "in handler", "before ledger.capture"})
    @Requirement({"F-ST-122", "F-RE-20", "F-RE-15"})
    void killedAndMayNotRunAgain_nothingIsCharged(String step) throws Exception {
        String credential = killedAt(step, "POST", "/docs/a");
        assertReleased(buyer.resend(port, "POST", "/docs/a", credential), "unknown");
        assertReleased(buyer.send(port, "POST", "/docs/a", credential), "unknown");
        assertBooks(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"before ledger.release", "after ledger.release"})
    @Requirement("F-ST-121")
    void killedWhileGivingBack_nothingIsCharged(String step) {
        String credential = killedAt(step, "GET", "/docs/fail");
        HttpTester.Response answer = buyer.resend(port, "GET", "/docs/fail", credential);
        assertThat(Buyer.outcome(answer)).isEqualTo("released");
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertBooks(0);
    }

    @Test
    @Requirement({"F-ST-123", "F-ST-23"})
    void killedAndSweptBeforeTheSameBytesCome_nothingIsCharged() throws Exception {
        String credential = killedAt("in handler", "GET", "/docs/a");
        DrillStore.letHoldsFallDue(store);
        seller.sweepOne();
        assertReleased(buyer.send(port, "GET", "/docs/a", credential), "unknown");
        assertBooks(0);
    }

    // ---- paid upfront --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"before ledger.chargeUpfront", "after ledger.delivered"})
    @Requirement({"F-ST-121", "F-ST-35", "F-RE-13"})
    void killedUpfrontBeforeTheChargeOrAfterTheAnswer_theSameBytesAreServedAndChargedOnce(String step) {
        String credential = killedAt(step, "GET", "/stream/a");
        HttpTester.Response answer = buyer.resend(port, "GET", "/stream/a", credential);
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("bought");
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        assertBooks(PRICE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after ledger.chargeUpfront",
                "in handler",
                "before answer",
                "before ledger.delivered",
                "before ledger.refundUndelivered",
                "after ledger.refundUndelivered"
            })
    @Requirement({"F-ST-123", "F-ST-35", "F-RE-16"})
    void killedUpfrontBeforeTheAnswerWasNoted_isGivenBack(String step) {
        String path = step.contains("refund") ? "/stream/fail" : "/stream/a";
        String credential = killedAt(step, "GET", path);
        if (!step.startsWith("after ledger.refund")) {
            HttpTester.Response early = buyer.send(port, "GET", path, credential);
            assertThat(early.getStatus()).isEqualTo(409);
            assertThat(Buyer.outcome(early)).isEqualTo("pending");
            DrillStore.letHoldsFallDue(store);
            seller.sweepOne();
        }
        HttpTester.Response answer = buyer.send(port, "GET", path, credential);
        assertThat(answer.getStatus()).isEqualTo(409);
        assertThat(Buyer.outcome(answer)).isEqualTo("released");
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertBooks(0);
    }

    // ---- paused, overtaken, and resumed --------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"after ledger.reserve", "in handler", "before ledger.capture"})
    @Requirement({"T72", "F-ST-124", "F-ST-20", "F-ST-21"})
    void pausedPastItsHoldAndSwept_losesByItsFenceWhenItGoesOn(String step) throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        HttpTester.Response lost = pausedAndSwept(step, "/docs/a", credential);
        assertThat(lost.getContent()).doesNotContain("bought");
        assertReleased(lost, "yes");
        assertReleased(buyer.send(port, "GET", "/docs/a", credential), "unknown");
        assertBooks(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"after ledger.chargeUpfront", "in handler"})
    @Requirement({"T72", "F-ST-124", "F-SV-75"})
    void pausedUpfrontPastItsHoldAndSwept_looksBeforeItAnswers(String step) throws Exception {
        String credential = buyer.pay(port, "GET", "/stream/a");
        HttpTester.Response lost = pausedAndSwept(step, "/stream/a", credential);
        assertThat(lost.getContent()).doesNotContain("bought");
        assertReleased(lost, "unknown");
        assertThat(Buyer.outcome(buyer.send(port, "GET", "/stream/a", credential)))
                .isEqualTo("released");
        assertBooks(0);
    }

    private HttpTester.Response pausedAndSwept(String step, String path, String credential) {
        CompletableFuture<HttpTester.Response> answer = stopAt(step, "GET", path, credential);
        seller.pause();
        DrillStore.letHoldsFallDue(store);
        Child sweeper = sweeper(seller);
        try {
            sweeper.sweepOne();
            seller.resume();
            seller.tell("later");
            seller.tell("go on");
            return answer.join();
        } finally {
            seller.tell("now");
            if (sweeper != seller) {
                sweeper.close();
            }
        }
    }

    // ---- how it goes ---------------------------------------------------------------------------------------------

    /** Pays, stops the process at the step, kills it there, and starts another; returns the credential. */
    private String killedAt(String step, String method, String path) {
        String credential = buyer.pay(port, method, path);
        CompletableFuture<HttpTester.Response> lost = stopAt(step, method, path, credential);
        seller.kill();
        assertThat(lost.handle((answer, failure) -> failure != null || answer.getStatus() == 200)
                        .join())
                .isTrue();
        seller = seller(port);
        return credential;
    }

    private CompletableFuture<HttpTester.Response> stopAt(String step, String method, String path, String credential) {
        seller.arm(step);
        CompletableFuture<HttpTester.Response> answer = buyer.start(threads, port, method, path, credential);
        seller.expect("at " + step);
        return answer;
    }

    private static void assertReleased(HttpTester.Response answer, String executed) throws Exception {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(503);
        assertThat(Buyer.outcome(answer)).isEqualTo("released");
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
        assertThat(problem.text("executed")).contains(executed);
    }

    /** To the base unit, and by the ledger's own check. */
    private void assertBooks(long earned) {
        assertThat(seller.ask("books " + buyer.wallet()))
                .isEqualTo((available - earned) + " 0 " + (earnedBefore + earned) + " sound");
    }
}
