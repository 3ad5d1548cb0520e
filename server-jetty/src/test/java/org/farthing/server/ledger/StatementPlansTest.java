package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.regex.Pattern;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks SQLite how it would run every statement of the ledger. None that payments, look-ups, pages, sweeps and purges wait for
 * may go through a table that grows with the years; only what adds everything up may.
 */
class StatementPlansTest {

    private static final List<Class<?>> STATEMENTS = List.of(
            Sql.class,
            BackingSql.class,
            PaymentSql.class,
            LimitSql.class,
            TokenSql.class,
            NodeSql.class,
            JdbcRequestIds.class);

    /** What goes through everything, because it is asked for everything: reports, on a connection of their own. */
    private static final Set<String> REPORTS = Set.of(
            "Sql.SUM_ACCOUNTS",
            "Sql.SUM_TRANSFERS",
            "Sql.SUM_TOKENS",
            "TokenSql.STATUS",
            "Sql.INCOME",
            "Sql.INCOME_BY_DAY",
            "Sql.TRANSFERS");

    /** Tables of a few rows: one, or one a node, a service, a payee, a key. */
    private static final Set<String> SMALL =
            Set.of("node", "leader", "exposure", "purge_mark", "payee", "token_key", "token_key_change", "token_debt");

    /** Indexes of what is open, waits or failed, and of nothing else. */
    private static final Set<String> FEW =
            Set.of("charge_open", "outbox_waiting", "outbox_failed", "wallet_never_funded");

    private static final Pattern SCAN = Pattern.compile("SCAN (\\w+)(?: USING (?:COVERING )?INDEX (\\w+))?.*");
    private static final Pattern ALIAS =
            Pattern.compile("(?i)\\b(?:FROM|JOIN|UPDATE)\\s+([a-z_]+)(?:\\s+(?:AS\\s+)?([a-z])\\b)?");

    @TempDir
    private Path folder = Path.of("");

    private Path store = folder;

    @BeforeEach
    void makeAStore() {
        store = folder.resolve("ledger.db");
        SqliteLedger.open(
                        store, LedgerOptions.builder(ForkJoinPool.commonPool()).build())
                .close();
    }

    @Test
    @Requirement({"F-ST-107"})
    void statementsThatServe_goThroughNoTableThatGrows() throws Exception {
        List<String> scans = new ArrayList<>();
        Map<String, String> statements = statements();
        try (Session session = SqliteLedger.read(store, InstantSource.system())) {
            for (Map.Entry<String, String> statement : statements.entrySet()) {
                if (!REPORTS.contains(statement.getKey())) {
                    scans(session, statement.getValue()).forEach(step -> scans.add(statement.getKey() + ": " + step));
                }
            }
        }
        assertThat(scans).isEmpty();
        assertThat(statements).hasSizeGreaterThan(100).containsKeys(REPORTS.toArray(String[]::new));
    }

    @Test
    void report_goesThroughItsTable_soTheTestWouldSeeIt() throws Exception {
        try (Session session = SqliteLedger.read(store, InstantSource.system())) {
            for (Map.Entry<String, String> statement : statements().entrySet()) {
                if (REPORTS.contains(statement.getKey())) {
                    assertThat(scans(session, statement.getValue()))
                            .as(statement.getKey())
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void itemsThatWaitOrFailed_areFoundByTheirIndexes() throws Exception {
        try (Session session = SqliteLedger.read(store, InstantSource.system())) {
            assertThat(plan(session, BackingSql.ITEMS_WAITING)).anyMatch(step -> step.contains("outbox_waiting"));
            assertThat(plan(session, BackingSql.ITEMS_FAILED)).anyMatch(step -> step.contains("outbox_failed"));
        }
    }

    /** SQLite would plan such a statement anew for every value, because the value says whether a partial index is of use. */
    @Test
    void statementsAboutActs_nameTheKindTheyAreAbout() throws Exception {
        assertThat(statements().entrySet())
                .filteredOn(statement -> statement.getValue().contains("token_use"))
                .hasSizeGreaterThan(5)
                .noneMatch(statement -> statement.getValue().contains("kind = ?"));
    }

    private static List<String> plan(Session session, String sql) throws Exception {
        Object[] arguments = sql.chars().filter(c -> c == '?').mapToObj(c -> 1L).toArray();
        return session.all("EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail"), arguments);
    }

    /** All that is a whole statement: what is private is a part of others, but where nothing else is. */
    private static Map<String, String> statements() throws IllegalAccessException {
        Map<String, String> statements = new TreeMap<>();
        for (Class<?> owner : STATEMENTS) {
            for (Field field : owner.getDeclaredFields()) {
                boolean whole = !Modifier.isPrivate(field.getModifiers()) || owner == JdbcRequestIds.class;
                if (field.getType() == String.class && whole) {
                    field.setAccessible(true);
                    statements.put(owner.getSimpleName() + "." + field.getName(), (String) field.get(null));
                }
            }
        }
        return statements;
    }

    private static List<String> scans(Session session, String sql) throws Exception {
        Map<String, String> tables = new TreeMap<>();
        ALIAS.matcher(sql).results().forEach(found -> {
            tables.put(found.group(1), found.group(1));
            if (found.group(2) != null) {
                tables.put(found.group(2), found.group(1));
            }
        });
        return plan(session, sql).stream()
                .filter(step -> scansWhatGrows(step, tables))
                .toList();
    }

    private static boolean scansWhatGrows(String step, Map<String, String> tables) {
        var scan = SCAN.matcher(step);
        if (!scan.matches()) {
            return false;
        }
        String table = tables.get(scan.group(1));
        boolean few = scan.group(2) != null && FEW.contains(scan.group(2));
        // What is no table was put together in the statement, from steps that are looked at themselves.
        return table != null && !SMALL.contains(table) && !few;
    }
}
