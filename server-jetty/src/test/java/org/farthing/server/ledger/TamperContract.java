package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.farthing.server.ledger.CheckReport.Finding;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Alters every column of every row of {@link RichBooks} by hand, one after the other, and expects the check to name the row. The
 * columns are those that the store has: one that is new must be caught, or be put on the list of those that say nothing about
 * money and whose it is.
 */
abstract class TamperContract {

    private static final String ORDER = "the order of rows, which nothing is computed from";
    private static final String TIME = "when, not how much or whose";
    private static final String RUN = "who runs on the store now";
    private static final String SCHEMA = "compared with the program whenever the store is opened";
    private static final String MAY_PAY = "an operator's or owner's switch; no history says what it was";
    private static final String ANSWER = "what was answered; the receipt in it is signed";
    private static final String USED = "that a wallet's request was used, for the minutes it could be valid";
    private static final String TELLING = "how often and when a service is told, and what it said";

    /** What the check cannot catch, and why that is no money lost. The specification says the same (F-ST-104). */
    private static final Map<String, String> NO_MONEY = new TreeMap<>(Map.ofEntries(
            Map.entry("schema_migration.version", SCHEMA),
            Map.entry("schema_migration.name", SCHEMA),
            Map.entry("schema_migration.checksum", SCHEMA),
            Map.entry("schema_migration.applied_at", TIME),
            Map.entry("node.boot_id", RUN),
            Map.entry("node.started_at", RUN),
            Map.entry("node.lease_until", RUN),
            Map.entry("leader.task", RUN),
            Map.entry("leader.holder", RUN),
            Map.entry("leader.lease_until", RUN),
            Map.entry("request_id.caller", USED),
            Map.entry("request_id.id", USED),
            Map.entry("request_id.keep_until", USED),
            Map.entry("purge_mark.expires", TIME),
            Map.entry("token_count.writer", "which writer counted"),
            Map.entry("token_key_change.id", "there is one row"),
            Map.entry("token_key_change.changes", "counts changes, so that a key that was read is known to be old"),
            Map.entry("wallet.status", MAY_PAY),
            Map.entry("wallet.frozen", MAY_PAY),
            Map.entry("wallet.version", "counts changes, so that a cached wallet is known to be old"),
            Map.entry("wallet.release_minute", "a rate limit"),
            Map.entry("wallet.releases", "a rate limit"),
            Map.entry("transfer.seq", ORDER),
            Map.entry("charge.fence", "which of two handlers may settle"),
            Map.entry("charge.owner", RUN),
            Map.entry("charge.hold_until", TIME),
            Map.entry("charge.executed", "whether the handler ran"),
            Map.entry("charge.release_reason", "why, for people; whether there is one is checked"),
            Map.entry("charge.settled_at", TIME + "; whether there is one is checked"),
            Map.entry("charge.reruns", "how often the handler ran again"),
            Map.entry("charge.rerun_until", TIME),
            Map.entry("outcome.status", ANSWER),
            Map.entry("outcome.fields", ANSWER),
            Map.entry("outcome.body", ANSWER),
            Map.entry("outcome.whole", ANSWER),
            Map.entry("outcome.receipt", ANSWER),
            Map.entry("outbox.seq", ORDER),
            Map.entry("outbox.attempts", TELLING),
            Map.entry("outbox.not_before", TELLING),
            Map.entry("outbox.result", TELLING),
            Map.entry("service_payment.seq", ORDER),
            Map.entry("token_upload.seq", ORDER),
            Map.entry("token_upload.attempts", TELLING),
            Map.entry("token_upload.not_before", TELLING),
            Map.entry("token_upload.result", TELLING),
            Map.entry("payee.origin", MAY_PAY),
            Map.entry("payee.status", MAY_PAY),
            Map.entry("payee.deferred", MAY_PAY),
            Map.entry("payee.key_document", "a copy, fetched again"),
            Map.entry("payee.fetched_at", TIME),
            Map.entry("payee.added_at", TIME)));

    /** Tables whose rows findings name by something else than the primary key. */
    private static final Map<String, List<String>> NAMED = Map.of(
            "transfer", List.of("id"),
            "service_payment", List.of("charge_id"),
            "token_count", List.of("epoch"));

    /** What an act used and what was signed for it: the finding names the act. */
    private static final Set<String> PARTS = Set.of("token_serial", "token_issued");

    private final TestClock clock = new TestClock();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private @Nullable Ledger opened;
    private @Nullable Connection store;

    /** For the store's own test. */
    protected TamperContract() {}

    /**
     * Opens the store under test.
     *
     * @param options how
     * @return the open ledger
     */
    protected abstract Ledger open(LedgerOptions options);

    /**
     * Connects to the same store as somebody with a database shell would, with foreign keys not enforced, and every statement
     * a transaction of its own.
     *
     * @return the connection
     * @throws SQLException if it fails
     */
    protected abstract Connection connect() throws SQLException;

    @BeforeEach
    final void writeTheBooks() throws SQLException {
        opened = open(LedgerOptions.builder(callers)
                .clock(clock)
                .maxHolds(1000)
                .releasesPerMinute(1000)
                .build());
        RichBooks.write(ledger(), clock);
        store = connect();
    }

    @AfterEach
    final void closeTheBooks() throws SQLException {
        try {
            assertThat(check()).isEmpty();
        } finally {
            store().close();
            ledger().close();
            callers.shutdownNow();
        }
    }

    private Ledger ledger() {
        return Objects.requireNonNull(opened);
    }

    private Connection store() {
        return Objects.requireNonNull(store);
    }

    private List<Finding> check() {
        return await(ledger().check()).findings();
    }

    @Test
    void richBooks_haveRowsInEveryTable() throws SQLException {
        for (Table table : Table.all(store()).values()) {
            assertThat(table.key()).as(table.name()).isNotEmpty();
            assertThat(table.rows(store())).as(table.name()).isNotEmpty();
        }
    }

    @Test
    void everyColumnOfTheList_isThere() throws SQLException {
        Set<String> there = new TreeSet<>();
        for (Table table : Table.all(store()).values()) {
            table.columns().forEach(column -> there.add(table.name() + "." + column));
        }
        // The leader's table came later than the others.
        assertThat(there)
                .containsAll(NO_MONEY.keySet().stream()
                        .filter(column -> !column.startsWith("leader."))
                        .toList());
    }

    @Test
    @Requirement({"F-ST-53", "F-ST-100", "F-ST-101", "F-ST-104", "F-TK-47"})
    void check_anyColumnOfAnyRowAltered_namesTheRow() throws SQLException {
        List<String> missed = new ArrayList<>();
        int altered = 0;
        for (Table table : Table.all(store()).values()) {
            List<Table.Row> rows = table.rows(store()).stream()
                    .filter(row -> !saysNothing(row))
                    .toList();
            for (String column : table.columns()) {
                if (NO_MONEY.containsKey(table.name() + "." + column)) {
                    continue;
                }
                for (Table.Row row : rows) {
                    for (Object value : others(rows, row, column)) {
                        altered += alter(table, row, column, value, missed) ? 1 : 0;
                    }
                }
            }
        }
        assertThat(missed).isEmpty();
        assertThat(altered).isGreaterThan(2000);
    }

    /** What a hand may write instead: a little more or less, far too much, what another row has, something else, nothing. */
    private static Set<@Nullable Object> others(List<Table.Row> rows, Table.Row row, String column) {
        Object stands = row.value(column);
        Set<@Nullable Object> others = new LinkedHashSet<>();
        if (stands instanceof Number number) {
            others.add(number.longValue() + 1);
            others.add(number.longValue() - 1);
            others.add(Long.MAX_VALUE);
            others.add(0L);
        } else if (stands instanceof byte[]) {
            others.add(new byte[] {1});
        } else {
            others.add(stands + "x");
            // What else the column can say, where it can say few things.
            Set<@Nullable Object> said =
                    rows.stream().map(one -> one.value(column)).collect(Collectors.toCollection(LinkedHashSet::new));
            said.stream().limit(6).forEach(others::add);
        }
        others.add(null);
        others.removeIf(
                value -> String.valueOf(value).equals(String.valueOf(stands)) && (value == null) == (stands == null));
        return others;
    }

    /** False if the store itself refused. */
    private boolean alter(Table table, Table.Row row, String column, @Nullable Object value, List<String> missed)
            throws SQLException {
        try {
            table.update(store(), row, column, value);
        } catch (SQLException e) {
            return false;
        }
        Table.Row altered = row.with(column, value);
        List<String> named = NAMED.getOrDefault(table.name(), table.key());
        Set<String> names = new TreeSet<>(List.of(row.name(named), altered.name(named)));
        List<Finding> findings = check();
        table.update(store(), altered, column, row.value(column));
        if (findings.stream().noneMatch(one -> names(one, table, names))) {
            missed.add(table.name() + " " + row.name(named) + ": " + column + " " + row.value(column) + " -> " + value
                    + ", found " + findings);
        }
        return true;
    }

    private static boolean names(Finding one, Table table, Set<String> names) {
        return (one.table().equals(table.name()) && names.contains(one.row()))
                || (PARTS.contains(table.name()) && one.table().equals("token_use"));
    }

    @Test
    @Requirement({"F-ST-100", "F-ST-102", "F-ST-104", "F-TK-47"})
    void check_anyRowDeleted_isFound() throws SQLException {
        List<String> missed = new ArrayList<>();
        for (Table table : Table.all(store()).values()) {
            for (Table.Row row : table.rows(store())) {
                if (saysNothing(row) || mayBeMissing(row)) {
                    continue;
                }
                table.delete(store(), row);
                List<Finding> findings = check();
                table.insert(store(), row);
                if (findings.isEmpty()) {
                    missed.add(table.name() + " " + row.name(table.key()));
                }
            }
        }
        assertThat(missed).isEmpty();
    }

    /** Rows that leave no gap. */
    private static boolean mayBeMissing(Table.Row row) {
        return switch (row.table().name()) {
            case "schema_migration",
                    "node",
                    "leader",
                    "payee",
                    "request_id",
                    "outcome",
                    "idempotency",
                    "token_key_change" -> true;
            // Nothing moved, and nothing else names it.
            case "charge" ->
                number(row, "amount") == 0
                        && row.value("service") == null
                        && !"HELD".equals(row.value("state"))
                        && !"PENDING".equals(row.value("delivery"));
            case "wallet_key" -> "third-of-bob".equals(row.value("thumbprint"));
            // Its epoch is forgotten, and so is what was done with it.
            case "token_key" -> number(row, "dropped") == 2;
            // The first day of a limit is the day it was set.
            case "wallet_spend" -> true;
            default -> false;
        };
    }

    /** That nothing is open or was spent is what the absence of the row says too. */
    private static boolean saysNothing(Table.Row row) {
        return switch (row.table().name()) {
            case "exposure", "token_debt" -> number(row, "open") == 0;
            default -> false;
        };
    }

    private static long number(Table.Row row, String column) {
        return row.value(column) instanceof Number number ? number.longValue() : -1;
    }

    @Test
    @Requirement({"F-ST-100", "F-ST-103", "F-ST-104", "F-TK-47"})
    void check_anyRowCopiedUnderAnotherKey_isFound() throws SQLException {
        List<String> missed = new ArrayList<>();
        int copied = 0;
        for (Table table : Table.all(store()).values()) {
            if (Set.of("schema_migration", "node", "leader", "payee", "request_id")
                    .contains(table.name())) {
                continue;
            }
            for (Table.Row row : table.rows(store())) {
                if (saysNothing(row)) {
                    continue;
                }
                for (String column : table.key()) {
                    Table.Row copy = copy(row, column);
                    try {
                        table.insert(store(), copy);
                    } catch (SQLException e) {
                        continue;
                    }
                    copied++;
                    List<Finding> findings = check();
                    table.delete(store(), copy);
                    if (findings.isEmpty()) {
                        missed.add(table.name() + " " + copy.name(table.key()));
                    }
                }
            }
        }
        assertThat(missed).isEmpty();
        assertThat(copied).isGreaterThan(100);
    }

    /** The row again, with another key and whatever else the store wants to be different. */
    private static Table.Row copy(Table.Row row, String column) {
        Object value = row.value(column);
        Table.Row copy = row.with(column, other(value));
        List<String> alsoUnique = switch (row.table().name()) {
            case "transfer" -> List.of("id");
            case "charge" -> List.of("payment_id");
            case "backing" -> List.of("token_id");
            case "service_payment" -> List.of("charge_id", "token_id", "challenge_id");
            case "token_key" -> List.of("key_id");
            case "token_use" -> List.of("owner");
            default -> List.of();
        };
        for (String other : alsoUnique) {
            copy = copy.with(other, row.value(other) + "x");
        }
        return copy;
    }

    private static Object other(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            byte[] other = bytes.clone();
            other[0] ^= 1;
            return other;
        }
        return value instanceof Number number ? number.longValue() + 1000 : value + "x";
    }
}
