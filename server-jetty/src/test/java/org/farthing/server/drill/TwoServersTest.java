package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.drill.TwoBooks.FILLED;
import static org.farthing.server.drill.TwoBooks.PRICE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two server processes on one PostgreSQL, behind one name, and everybody sends one credential to both at once (T2, T3). */
@Requirement({"T2", "T3", "F-ST-11", "F-ST-125"})
class TwoServersTest {

    private static final int RACES = 200;
    private static final int CONNECTIONS_EACH = 2;

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Integer> ports = List.of(KeptPort.take(), KeptPort.take());
    private final List<Child> servers = new ArrayList<>();
    private final Origin origin = new Origin("http://127.0.0.1:" + ports.get(0));
    private final Buyer buyer = new Buyer(origin);

    @AfterEach
    void stop() {
        servers.forEach(Child::close);
        threads.shutdownNow();
    }

    @Test
    void oneCredentialAtBothServersAtOnce_twoHundredTimes_exactlyOneCaptureEach() throws Exception {
        startBoth();
        int losers = 0;
        for (int race = 0; race < RACES; race++) {
            String path = "/docs/" + race;
            String credential = buyer.pay(ports.get(race % 2), "GET", path);
            List<HttpTester.Response> answers = race(path, credential);
            HttpTester.Response stored = buyer.resend(ports.get(0), "GET", path, credential);
            assertThat(stored.get("Payment-Replayed")).isEqualTo("true");
            String receipt = stored.get("Payment-Receipt");
            assertServed(buyer.resend(ports.get(1), "GET", path, credential), receipt);
            for (HttpTester.Response answer : answers) {
                if (answer.getStatus() == 200) {
                    assertServed(answer, receipt);
                } else {
                    assertInProgress(answer);
                    losers++;
                }
            }
            assertThat(answers)
                    .filteredOn(answer -> answer.getStatus() == 200)
                    .filteredOn(answer -> answer.get("Payment-Replayed") == null)
                    .hasSizeLessThanOrEqualTo(1);
        }
        long served = servers.stream()
                .mapToLong(server -> Long.parseLong(server.ask("served")))
                .sum();
        assertThat(served).as("handlers that ran").isEqualTo(RACES);
        long earned = RACES * PRICE;
        for (Child server : servers) {
            assertThat(server.ask("books " + buyer.wallet())).isEqualTo((FILLED - earned) + " 0 " + earned + " sound");
        }
        assertThat(losers).as("races in which the servers met").isPositive();
    }

    private void startBoth() throws IOException {
        String store = TestPostgres.emptyStore();
        KeyFiles.in(folder.resolve("keys")).init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        try (Ledger ledger = DrillStore.open(store, DrillStore.ALIVE, threads)) {
            buyer.open(ledger, FILLED);
        }
        for (int port : ports) {
            servers.add(SellerProcess.start(store, folder.resolve("keys"), port, origin, DrillStore.ALIVE));
        }
    }

    /** Every connection is open before the first byte is sent. */
    private List<HttpTester.Response> race(String path, String credential) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS_EACH; i++) {
                for (int port : ports) {
                    sockets.add(buyer.connect(port));
                }
            }
            CyclicBarrier start = new CyclicBarrier(sockets.size());
            List<CompletableFuture<HttpTester.Response>> answers = sockets.stream()
                    .map(socket -> CompletableFuture.supplyAsync(() -> send(start, socket, path, credential), threads))
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private HttpTester.Response send(CyclicBarrier start, Socket socket, String path, String credential) {
        try {
            start.await();
            return buyer.exchange(socket, "GET", path, credential);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertServed(HttpTester.Response answer, String receipt) {
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("bought");
        assertThat(answer.get("Payment-Receipt")).isEqualTo(receipt);
        assertThat(Buyer.outcome(answer)).isEqualTo("captured");
    }

    /** Whoever came too late is told to come again, and never to pay again. */
    private static void assertInProgress(HttpTester.Response answer) {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(409);
        assertThat(Buyer.outcome(answer)).isEqualTo("pending");
        assertThat(answer.get("Retry-After")).isEqualTo("1");
        assertThat(answer.get("WWW-Authenticate")).isNull();
    }
}
