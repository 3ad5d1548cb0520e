package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.drill.TwoBooks.FILLED;
import static org.farthing.server.drill.TwoBooks.PRICE;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server whose PostgreSQL goes away, hangs, or is cut off at a commit: 503 in time, nothing unpaid, and it comes back by itself
 * (T43, T47; F-SV-70 to F-SV-74).
 */
@Requirement({"T43", "T47", "F-SV-74", "F-SV-76", "F-ST-36"})
class DatabaseAwayTest {

    private static final String DEADLINE_MILLIS = "1500";

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int port = TwoBooks.freePort();
    private final Origin origin = new Origin("http://127.0.0.1:" + port);
    private final Buyer buyer = new Buyer(origin);
    private String store = "";
    private TcpProxy wire;
    private Child seller;

    @BeforeEach
    void start() throws Exception {
        store = TestPostgres.emptyStore();
        KeyFiles.in(folder.resolve("keys")).init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        try (Ledger ledger = DrillStore.open(store, threads)) {
            buyer.open(ledger, FILLED);
        }
        int database = URI.create(store.substring("jdbc:".length())).getPort();
        wire = new TcpProxy(database);
        // Statements keep their text on the wire, which is where the test reads it.
        String across = store.replace(":" + database + "/", ":" + wire.port() + "/") + "&prepareThreshold=0";
        seller = Child.start(
                SellerProcess.class,
                across,
                folder.resolve("keys").toString(),
                Integer.toString(port),
                origin.text(),
                DEADLINE_MILLIS);
    }

    @AfterEach
    void stop() throws Exception {
        seller.close();
        wire.close();
        threads.shutdownNow();
    }

    // ---- gone ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-SV-71", "S48"})
    void gone_503AndWhenItIsBackTheSameBytesAreServed() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        wire.close(true);
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertThat(buyer.send(port, "GET", "/docs/a", "").getStatus()).isEqualTo(402);
        wire.close(false);
        assertServed(buyer.resend(port, "GET", "/docs/a", credential));
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-72", "F-RE-15"})
    void goneBeforeTheCapture_theAnswerIsHeldBackAndNothingIsCharged() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.close(true);
        seller.tell("go on");
        assertAway(answer.join());
        wire.close(false);
        assertEndsUncharged(credential);
    }

    // ---- cut at the commit ---------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-SV-72", "F-RE-12"})
    void captureCommittedAndNobodyHeard_503PendingAndTheSameBytesGetTheAnswer() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.cutAfterCommit(challengeId(credential));
        seller.tell("go on");
        assertAway(answer.join());
        assertThat(wire.hasCut()).isTrue();
        HttpTester.Response again = buyer.resend(port, "GET", "/docs/a", credential);
        assertServed(again);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-72", "F-RE-15"})
    void captureCutBeforeItsCommit_503PendingAndNothingIsCharged() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.cutBeforeCommit(challengeId(credential));
        seller.tell("go on");
        assertAway(answer.join());
        assertThat(wire.hasCut()).isTrue();
        assertEndsUncharged(credential);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"F-SV-71", "F-RE-15"})
    void claimCutAtItsCommit_503PendingNeverServedForIt(boolean afterCommit) throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        if (afterCommit) {
            wire.cutAfterCommit(challengeId(credential));
        } else {
            wire.cutBeforeCommit(challengeId(credential));
        }
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertThat(wire.hasCut()).isTrue();
        assertThat(seller.ask("served")).isEqualTo("0");
        if (afterCommit) {
            assertEndsUncharged(credential);
        } else {
            assertServed(buyer.resend(port, "GET", "/docs/a", credential));
            assertBooks(1, PRICE);
        }
    }

    // ---- slow ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-SV-70", "F-SV-71"})
    void hangsBeforeTheClaim_503InTimeAndTheSameBytesAreServedAfterwards() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        wire.stop(true);
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertThat(buyer.send(port, "GET", "/docs/a", "").getStatus()).isEqualTo(402);
        wire.stop(false);
        assertServed(buyer.resend(port, "GET", "/docs/a", credential));
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-70", "F-SV-71"})
    void hangsAtTheClaim_503InTimeReleasedUnservedAndAFreshPaymentIsServedAfterwards() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("before ledger.reserve", credential);
        wire.stop(true);
        seller.tell("go on");
        assertAway(answer.join());
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        wire.stop(false);
        HttpTester.Response told = buyer.resend(port, "GET", "/docs/a", credential);
        assertThat(told.getStatus()).isEqualTo(402);
        assertThat(Buyer.outcome(told)).isEqualTo("released");
        assertBooks(0, 0);
        assertServed(buyer.send(port, "GET", "/docs/a", buyer.pay(port, "GET", "/docs/a")));
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-70", "F-SV-72"})
    void hangsAtTheCapture_503InTimeAndTheSameBytesGetTheAnswer() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.stop(true);
        seller.tell("go on");
        assertAway(answer.join());
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        wire.stop(false);
        HttpTester.Response again = buyer.resend(port, "GET", "/docs/a", credential);
        assertServed(again);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertBooks(1, PRICE);
    }

    // ---- how it goes ---------------------------------------------------------------------------------------------

    private CompletableFuture<HttpTester.Response> stopAt(String step, String credential) {
        seller.tell("arm " + step);
        CompletableFuture<HttpTester.Response> answer = buyer.start(threads, port, "GET", "/docs/a", credential);
        seller.expect("at " + step);
        return answer;
    }

    private static String challengeId(String credential) throws MalformedException {
        return Credential.parse(credential).challenge().id();
    }

    /** The hold of a server that lives ends with its time, and the same bytes are told so. */
    private void assertEndsUncharged(String credential) throws Exception {
        DrillStore.letHoldsFallDue(store);
        seller.sweepOne();
        HttpTester.Response told = buyer.resend(port, "GET", "/docs/a", credential);
        assertThat(told.getStatus()).isEqualTo(503);
        assertThat(told.get("WWW-Authenticate")).isNull();
        assertThat(Problem.parse(told.getContentBytes()).type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
        assertThat(seller.ask("books " + buyer.wallet())).isEqualTo(FILLED + " 0 0 sound");
    }

    private void assertBooks(int served, long earned) {
        assertThat(seller.ask("served")).isEqualTo(Integer.toString(served));
        assertThat(seller.ask("books " + buyer.wallet())).isEqualTo((FILLED - earned) + " 0 " + earned + " sound");
    }

    private static void assertServed(HttpTester.Response answer) {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("bought");
        assertThat(Buyer.outcome(answer)).isEqualTo("captured");
    }

    private static void assertAway(HttpTester.Response answer) throws Exception {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(503);
        assertThat(answer.getContent()).doesNotContain("bought", "PSQLException", "localhost");
        assertThat(answer.get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.get("Retry-After")).isEqualTo("1");
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(Buyer.outcome(answer)).isEqualTo("pending");
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
    }
}
