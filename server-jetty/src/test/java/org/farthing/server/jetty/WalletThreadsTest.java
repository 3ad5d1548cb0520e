package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.WalletClient.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.server.gate.Patience;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"F-SV-63"})
class WalletThreadsTest {

    private static final int REQUESTS = 40;

    @Test
    void waitingForTheLedger_moreRequestsThanThreads_keepsNoThread() throws Exception {
        TestClock clock = new TestClock();
        Queue<CompletableFuture<Object>> open = new ConcurrentLinkedQueue<>();
        CountDownLatch waiting = new CountDownLatch(REQUESTS);
        Server server = new Server(new QueuedThreadPool(6, 2));
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        server.setHandler(WalletHandler.builder(WalletClient.ORIGIN, Unreachable.answering(() -> {
                    CompletableFuture<Object> answer = new CompletableFuture<>();
                    open.add(answer);
                    waiting.countDown();
                    return answer;
                }))
                .clock(clock)
                .build());
        server.start();
        try {
            WalletClient owner = new WalletClient(clock);
            String path = "/v1/wallets/" + owner.id();
            List<LocalConnector.LocalEndPoint> wires = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                wires.add(connector.executeRequest(
                        head("GET", path, "Bearer " + owner.token("GET", path, ""))
                                        .replace("\n", "\r\n") + "\r\n\r\n"));
            }
            assertThat(waiting.await(30, TimeUnit.SECONDS))
                    .as("all requests reached the ledger although there are fewer threads")
                    .isTrue();

            open.forEach(answer -> answer.complete(Optional.empty()));
            for (LocalConnector.LocalEndPoint wire : wires) {
                assertThat(wire.getResponse(false, 30, TimeUnit.SECONDS)).startsWith("HTTP/1.1 401");
            }
        } finally {
            LifeCycle.stop(server);
        }
    }

    @Test
    @Requirement("F-SV-73")
    void ledgerThatDoesNotAnswer_503InTime() throws Exception {
        TestClock clock = new TestClock();
        CountDownLatch waiting = new CountDownLatch(1);
        ManualScheduler scheduler = new ManualScheduler();
        Server server = new Server(new QueuedThreadPool(6, 2), scheduler, null);
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        server.setHandler(WalletHandler.builder(WalletClient.ORIGIN, Unreachable.answering(() -> {
                    waiting.countDown();
                    return new CompletableFuture<>();
                }))
                .clock(clock)
                .build());
        server.start();
        try {
            WalletClient owner = new WalletClient(clock);
            String path = "/v1/wallets/" + owner.id();
            LocalConnector.LocalEndPoint wire = connector.executeRequest(
                    head("GET", path, "Bearer " + owner.token("GET", path, "")).replace("\n", "\r\n") + "\r\n\r\n");
            assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
            scheduler.awaitScheduled(Patience.DEFAULT, 1);
            scheduler.run(Patience.DEFAULT);
            assertThat(wire.getResponse(false, 30, TimeUnit.SECONDS))
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: 1", "application/problem+json", "ledger-unavailable");
        } finally {
            LifeCycle.stop(server);
        }
    }
}
