package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded store's tables of wallet services: what its check finds in them, and how they are read. */
class ServicesStoreTest {

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();

    @ParameterizedTest
    @Requirement({"F-ST-53", "F-ST-77"})
    @ValueSource(
            strings = {
                "UPDATE exposure SET open = open + 1",
                "UPDATE exposure SET open = open - 1",
                "DELETE FROM exposure",
                "INSERT INTO exposure VALUES ('https://nobody.example', 'usd.e6', 1)",
                "UPDATE backing SET token_id = 'other' WHERE challenge_id = 'held'",
                "UPDATE backing SET service = 'https://thief.example' WHERE challenge_id = 'held'",
                "UPDATE backing SET hold_expires = hold_expires + 1 WHERE challenge_id = 'held'",
                "UPDATE backing SET rb = NULL WHERE challenge_id = 'held'",
                "UPDATE backing SET written_off = 1 WHERE challenge_id = 'captured'",
                "UPDATE backing SET written_off = 0 WHERE challenge_id = 'given-up'",
                "UPDATE charge SET service = NULL WHERE challenge_id = 'captured'",
                "UPDATE charge SET service = 'https://thief.example' WHERE challenge_id = 'held'",
                "UPDATE charge SET service = 'https://wallet.example' WHERE challenge_id = 'own'",
                "UPDATE charge SET state = 'CAPTURED', captured = amount WHERE challenge_id = 'held'",
                "DELETE FROM backing WHERE challenge_id = 'held'",
                "UPDATE outbox SET amount = amount - 1 WHERE kind = 'CAPTURE' AND challenge_id = 'captured'",
                "UPDATE outbox SET kind = 'RELEASE' WHERE kind = 'CAPTURE' AND challenge_id = 'captured'",
                "UPDATE outbox SET reason = 'other' WHERE kind = 'REFUND'",
                "UPDATE outbox SET idempotency_key = 'other' WHERE kind = 'REFUND'",
                "UPDATE outbox SET created_at = created_at + 1 WHERE kind = 'RELEASE'",
                "UPDATE outbox SET challenge_id = 'nobody' WHERE kind = 'REFUND'",
                "UPDATE outbox SET state = 'DONE' WHERE challenge_id = 'captured' AND kind = 'CAPTURE'",
                "UPDATE outbox SET state = 'WRITTEN_OFF' WHERE challenge_id = 'captured' AND kind = 'CAPTURE'",
                "UPDATE outbox SET state = 'WAITING' WHERE challenge_id = 'given-up'",
                "DELETE FROM outbox WHERE kind = 'REFUND'",
                "DELETE FROM outbox WHERE kind = 'RELEASE'",
                "UPDATE transfer SET wallet = 'w_alice' WHERE id = 'capture:captured'",
                "UPDATE transfer SET from_account = 'service:https://thief.example' WHERE id = 'capture:captured'",
                "UPDATE transfer SET amount = amount + 1 WHERE kind = 'WRITE_OFF'",
                "DELETE FROM transfer WHERE kind = 'WRITE_OFF'",
                "DELETE FROM transfer WHERE id = 'capture:captured'",
                "UPDATE service_payment SET token = 'other' WHERE challenge_id = 'p-held'",
                "UPDATE service_payment SET token_id = 'other' WHERE challenge_id = 'p-held'",
                "UPDATE service_payment SET order_hash = 'other' WHERE challenge_id = 'p-held'",
                "UPDATE service_payment SET recipient = 'https://thief.example' WHERE challenge_id = 'p-held'",
                "UPDATE service_payment SET challenge_id = 'other' WHERE challenge_id = 'p-held'",
                "UPDATE service_payment SET expires = expires + 1 WHERE challenge_id = 'p-held'",
                "DELETE FROM service_payment WHERE challenge_id = 'p-held'",
                "UPDATE wallet_spend SET spent = '0.00035'",
            })
    void check_rowAlteredByHand_isFound(String edit) throws Exception {
        try (Ledger ledger = open()) {
            fill(ledger);
            assertThat(await(ledger.check()).findings()).isEmpty();
        }
        assertThat(sql(edit)).as("rows the edit hits").isPositive();

        try (Ledger ledger = open()) {
            CheckReport report = await(ledger.check());
            assertThat(report.sound()).isFalse();
            assertThat(report.findings())
                    .allSatisfy(finding -> assertThat(finding.row()).isNotEmpty());
        }
    }

    @Test
    @Requirement({"F-ST-50"})
    void totals_ofBothKindsOfMoney_addUpToZero() {
        try (Ledger ledger = open()) {
            fill(ledger);

            assertThat(await(ledger.totals())).containsExactly(new Totals(USD, -1000, 640, 300, 140, 80));
            assertThat(await(ledger.check()).totals()).allMatch(total -> total.sum() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DUE",
                "LEASE",
                "ITEM_OF",
                "ITEMS",
                "CHARGES",
                "HOLD_EXPIRES",
                "CHALLENGE_OF_TOKEN",
                "WRITE_OFF_REFUNDS",
                "PURGE_ITEMS",
                "STATUS"
            })
    void plan_ofOutboxStatements_scansNoWholeTable(String name) throws Exception {
        assertNoScan((String) BackingSql.class.getDeclaredField(name).get(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BY_CHARGE", "BY_TOKEN", "BY_WALLET", "BY_RECIPIENT", "PURGE"})
    void plan_ofPaymentStatements_scansNoWholeTable(String name) throws Exception {
        assertNoScan((String) PaymentSql.class.getDeclaredField(name).get(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIMITS", "SPENT", "FORGET_DAYS", "LATER_DAY"})
    void plan_ofLimitStatements_scansNoWholeTable(String name) throws Exception {
        assertNoScan((String) LimitSql.class.getDeclaredField(name).get(null));
    }

    private void assertNoScan(String sql) throws SQLException {
        open().close();
        try (Session session = SqliteLedger.read(folder.resolve("ledger.db"), clock)) {
            Object[] arguments =
                    sql.chars().filter(c -> c == '?').mapToObj(c -> 1L).toArray();
            List<String> plan = session.all("EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail"), arguments);
            // Exposure has a row a service and currency, and what was put together in the statement itself is small.
            assertThat(plan)
                    .isNotEmpty()
                    .noneMatch(step -> step.matches("SCAN (?!exposure|unfinished|\\().*") && !step.contains("INDEX"));
        }
    }

    private void fill(Ledger ledger) {
        Payments payments = new Payments(clock);
        await(ledger.register(
                new WalletRegistration(ALICE, Payments.key("key-of-" + ALICE), null, Map.of("usd", "1"))));
        await(ledger.topUp(new TopUp(ALICE, USD, 1000, "first")));
        capture(ledger, payments.hold("own", 60), 60);
        await(ledger.reserve(payments.backed("held", 200, 1000)));
        capture(ledger, payments.backed("captured", 100, 1000), 100);
        await(ledger.refund(new RefundRequest("captured", 20, "r1", "goodwill")));
        capture(ledger, payments.backed("given-up", 50, 1000), 50);
        Reserved.Held released = (Reserved.Held) await(ledger.reserve(payments.backed("released", 10, 1000)));
        await(ledger.release(released.ref(), ReleaseReason.WAIVED, Execution.YES));
        OutboxItem lost = await(ledger.outbox().due(10, Duration.ofSeconds(1))).stream()
                .filter(item -> item.challengeId().equals("given-up"))
                .findFirst()
                .orElseThrow();
        await(ledger.outbox().done(lost.seq(), "expired", true));
        await(ledger.outbox().writeOff(lost.seq(), "gone"));
        await(ledger.payments().hold(payments.vouched(ALICE, PAYEE, "p-held", "t1", USD, 300)));
        await(ledger.payments().hold(payments.vouched(ALICE, PAYEE, "p-released", "t2", USD, 40)));
        await(ledger.payments().settle(PAYEE, List.of(new SettleItem("t2", null, null))));
    }

    private static void capture(Ledger ledger, HoldRequest request, long amount) {
        Reserved.Held held = (Reserved.Held) await(ledger.reserve(request));
        assertThat(held.ref().holdUntil()).isAfter(held.charge().createdAt().plus(HOLD.dividedBy(2)));
        await(ledger.capture(held.ref(), amount, ANSWER));
    }

    private Ledger open() {
        return SqliteLedger.open(
                folder.resolve("ledger.db"),
                LedgerOptions.builder(ForkJoinPool.commonPool()).clock(clock).build());
    }

    /** An edit by hand, as somebody with the sqlite3 shell would do it. */
    private int sql(String edit) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(edit);
        }
    }
}
