package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A purge of much, beside payments. */
@Timeout(120)
class PurgeWhileServingTest {

    private static final int MUCH = 20_000;
    private static final int STEP = 500;

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final Payments payments = new Payments(clock);

    /** One thread hears of everything, in the order in which it became durable. */
    private final ExecutorService callers = Executors.newSingleThreadExecutor();

    private final List<String> order = new ArrayList<>();
    private final CountDownLatch purged = new CountDownLatch(1);
    private final CountDownLatch paid = new CountDownLatch(1);

    @Test
    @Requirement({"F-ST-44", "F-ST-107"})
    void purgeOfMuch_goesInSmallSteps_andPaymentsGoOnBetweenThem() throws Exception {
        Path store = folder.resolve("ledger.db");
        LedgerOptions options =
                LedgerOptions.builder(callers).clock(clock).maxHolds(1_000_000).build();
        try (Ledger ledger = SqliteLedger.open(store, options)) {
            await(ledger.register(Payments.registration(ALICE)));
            await(ledger.topUp(new TopUp(ALICE, USD, 1_000_000, "first")));
            Reserved.Held held = (Reserved.Held) await(ledger.reserve(payments.hold("one", 10)));
            await(ledger.release(held.ref(), ReleaseReason.WAIVED, Execution.NO));
            copy(store);
            clock.advance(Duration.ofDays(2));

            pay(ledger, 0);
            purge(ledger);
            purged.await();
            paid.await();

            assertThat(await(ledger.charge("one-1"))).isEmpty();
            assertThat(await(ledger.statement(ALICE, null, 1000)).transfers())
                    .extracting(Transfer::challengeId)
                    .contains("one");
        }
        List<String> heard = heard();
        assertThat(heard.stream().filter("purge"::equals)).hasSizeGreaterThan(MUCH / STEP);
        for (int i = 2; i < heard.lastIndexOf("purge"); i++) {
            assertThat(heard.subList(i - 2, i + 1))
                    .as("three steps without a payment between them")
                    .contains("paid");
        }
    }

    /** More of the same, as if the day had been busy. */
    private static void copy(Path store) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE more AS SELECT * FROM charge WHERE challenge_id = 'one'");
            statement.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + MUCH + ")"
                    + " INSERT INTO charge (challenge_id, credential_hash, payment_id, wallet, key_thumbprint, payee, route,"
                    + " method, currency, amount, expires, repeatable, upfront, created_at, row_hash, state, fence, owner,"
                    + " hold_until, captured, refunded, delivery, executed, release_reason, settled_at, reruns)"
                    + " SELECT 'one-' || i, credential_hash, 'one-' || i, wallet, key_thumbprint, payee, route, method,"
                    + " currency, amount, expires, repeatable, upfront, created_at, row_hash, state, fence, owner, hold_until,"
                    + " captured, refunded, delivery, executed, release_reason, settled_at, reruns FROM n, more");
        }
    }

    private void purge(Ledger ledger) {
        var unused = ledger.purge().thenAccept(report -> {
            order.add(report.charges() <= STEP ? "purge" : "too much at once");
            if (report.more()) {
                purge(ledger);
            } else {
                purged.countDown();
            }
        });
    }

    private void pay(Ledger ledger, int number) {
        var unused = ledger.reserve(payments.hold("new-" + number, 1)).thenAccept(reserved -> {
            order.add(reserved instanceof Reserved.Held ? "paid" : "refused " + reserved);
            if (purged.getCount() > 0) {
                pay(ledger, number + 1);
            } else {
                paid.countDown();
            }
        });
    }

    private List<String> heard() throws Exception {
        Future<List<String>> heard = callers.submit(() -> List.copyOf(order));
        callers.shutdown();
        List<String> all = heard.get();
        assertThat(all).containsOnly("purge", "paid");
        return all;
    }
}
