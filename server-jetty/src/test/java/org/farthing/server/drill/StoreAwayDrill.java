package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.drill.TwoBooks.FILLED;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own whose store goes away under it, and a payer who is told so. */
abstract class StoreAwayDrill {

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Origin origin;
    private String store = "";
    final int port = KeptPort.take();
    final Buyer buyer;
    Child seller;

    StoreAwayDrill() {
        origin = new Origin("http://127.0.0.1:" + port);
        buyer = new Buyer(origin);
    }

    /** The name of an empty store. */
    abstract String emptyStore(Path inFolder);

    /** How the server gets at the store, if not by its name. */
    abstract String reachedBy(String name);

    @BeforeEach
    void start() throws Exception {
        store = emptyStore(folder);
        KeyFiles.in(folder.resolve("keys")).init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        try (Ledger ledger = DrillStore.open(store, DrillStore.DEAD_SOON, threads)) {
            buyer.open(ledger, FILLED);
        }
        seller = SellerProcess.start(reachedBy(store), folder.resolve("keys"), port, origin, DrillStore.DEAD_SOON);
    }

    @AfterEach
    void stop() {
        seller.close();
        threads.shutdownNow();
    }

    CompletableFuture<HttpTester.Response> stopAt(String step, String credential) {
        seller.arm(step);
        CompletableFuture<HttpTester.Response> answer = buyer.start(threads, port, "GET", "/docs/a", credential);
        seller.expect("at " + step);
        return answer;
    }

    /** Lets the ledger be too late for whoever waits for it, until this is answered. */
    HttpTester.Response late(CompletableFuture<HttpTester.Response> answer) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!answer.isDone()) {
            assertThat(System.nanoTime())
                    .as("it is answered when the ledger is late")
                    .isLessThan(deadline);
            seller.ask("late");
            Buyer.rest();
        }
        return answer.join();
    }

    /** Sends what the ledger is too late for. */
    HttpTester.Response late(String credential) {
        return late(buyer.start(threads, port, "GET", "/docs/a", credential));
    }

    static String challengeId(String credential) throws MalformedException {
        return Credential.parse(credential).challenge().id();
    }

    /** The hold of a server that lives ends with its time, and the same bytes are told so. */
    void assertEndsUncharged(String credential) throws Exception {
        DrillStore.letHoldsFallDue(store);
        seller.sweepOne();
        HttpTester.Response told = buyer.resend(port, "GET", "/docs/a", credential);
        assertThat(told.getStatus()).isEqualTo(503);
        assertThat(told.get("WWW-Authenticate")).isNull();
        assertThat(Problem.parse(told.getContentBytes()).type()).isEqualTo(ProblemType.PAYMENT_RELEASED);
        assertThat(seller.ask("books " + buyer.wallet())).isEqualTo(FILLED + " 0 0 sound");
    }

    void assertBooks(int served, long earned) {
        assertThat(seller.ask("served")).isEqualTo(Integer.toString(served));
        assertThat(seller.ask("books " + buyer.wallet())).isEqualTo((FILLED - earned) + " 0 " + earned + " sound");
    }

    static void assertServed(HttpTester.Response answer) {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("bought");
        assertThat(Buyer.outcome(answer)).isEqualTo("captured");
    }

    static void assertAway(HttpTester.Response answer) throws Exception {
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
