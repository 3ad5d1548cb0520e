package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.WalletClient.head;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.farthing.server.keys.AdminBearer;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Requirement({"T38", "S40", "F-SV-60", "F-WR-8"})
class WalletLogTest {

    private static final String ADMIN = "Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa-";

    private final Logger ours = (Logger) LoggerFactory.getLogger("org.farthing");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path temp = Path.of("");

    @BeforeEach
    void listen() {
        ours.setLevel(Level.TRACE);
        log.start();
        ours.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        ours.detachAppender(log);
        ours.setLevel(null);
    }

    @Test
    void everyRoute_atTheFinestLevel_logsNoCredential() throws Exception {
        TestClock clock = new TestClock();
        WalletClient alice = new WalletClient(clock);
        String route = "/v1/wallets/" + alice.id();
        String topUp = "{\"amount\":\"5\",\"currency\":\"usd.e6\",\"idempotencyKey\":\"a\"}";
        ExecutorService completions = Executors.newSingleThreadExecutor();
        String token = alice.token("GET", route, "");
        try (Ledger ledger = SqliteLedger.open(
                        temp.resolve("ledger.db"),
                        LedgerOptions.builder(completions).clock(clock).build());
                Answers server = new Answers(WalletHandler.builder(WalletClient.ORIGIN, ledger)
                        .clock(clock)
                        .admin(AdminBearer.of(ADMIN))
                        .build())) {
            alice.register(server);
            server.to(head("POST", route + "/topups", "Bearer " + ADMIN) + "\nX-Request-Id: known-id", topUp);
            server.to(head("POST", route + "/topups", "Bearer " + ADMIN + "x"), topUp);
            server.to(head("GET", route, "Bearer " + token));
            server.to(head("GET", route, "Bearer " + token));
            server.to(head("GET", route, "Bearer " + token.replace(".", ".x")));
        } finally {
            completions.shutdown();
        }

        StringBuilder all = new StringBuilder();
        for (ILoggingEvent event : log.list) {
            all.append(event.getFormattedMessage()).append('\n');
            all.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
        }
        assertThat(all.toString())
                .as("what happened is there, with the request's id")
                .contains("topped up by 5 usd.e6, request known-id")
                .as("and no credential")
                .doesNotContain(ADMIN.substring(0, 16))
                .doesNotContain(token.substring(token.lastIndexOf('.') + 1))
                .doesNotContainPattern(TestService.ENCODED_JSON);
        assertThat(token).containsPattern(TestService.ENCODED_JSON);
    }
}
