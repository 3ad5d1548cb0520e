package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.OldStore;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code farthing-server ledger}, on a real file, most of it beside the ledger that has the file open. */
class LedgerCommandTest {

    private static final String WALLET = "w_kPrK_qmxVWaYVA9wwBF6Ig";
    private static final String KEY = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
    private static final String USD = "usd.e6";
    private static final String SHOP = "https://shop.example";

    @TempDir
    private Path temp = Path.of("");

    private Path store = temp;

    private final TestClock clock = new TestClock();

    @BeforeEach
    void earn() {
        store = temp.resolve("shop.db");
        try (Ledger ledger = open()) {
            join(ledger.register(new WalletRegistration(WALLET, new WalletKey(KEY, "{}"))));
            join(ledger.topUp(new TopUp(WALLET, USD, 5_000_000, "bank-1")));
            pay(ledger, "c1", 2500);
            clock.advance(Duration.ofDays(1));
            pay(ledger, "c2", 500);
            clock.advance(Duration.ofDays(9));
            join(ledger.refund(new RefundRequest("c1", 1000, "r1", "half of it, \"sorry\"")));
        }
    }

    private Ledger open() {
        return SqliteLedger.open(
                store,
                LedgerOptions.builder(ForkJoinPool.commonPool()).clock(clock).build());
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private void pay(Ledger ledger, String id, long amount) {
        Instant expires = clock.instant().plusSeconds(300);
        Reserved reserved = join(ledger.reserve(new HoldRequest(
                new ChargeTerms(id, "hash", id, WALLET, SHOP, "docs", "wallet", USD, amount, expires, true),
                KEY,
                1,
                Duration.ofSeconds(30),
                null)));
        assertThat(reserved).isInstanceOf(Reserved.Held.class);
        join(ledger.capture(((Reserved.Held) reserved).ref(), amount, StoredOutcome.withoutBody(200, "receipt")));
    }

    private void sql(String sql, Object... arguments) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Terminal ledger(Object... words) {
        List<Object> all = new ArrayList<>(List.of("ledger", "--store", store));
        all.addAll(List.of(words));
        return Terminal.run(all.toArray());
    }

    private static void assertDone(Terminal terminal) {
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.exitCode()).isZero();
    }

    // ---- the words of all

    @Test
    @Requirement({"F-OP-1"})
    void store_beforeOrAfterTheCommand_isTheSame() {
        Terminal before = Terminal.run("ledger", "--store", store, "check");
        Terminal after = Terminal.run("ledger", "check", "--store", store);

        assertDone(before);
        assertDone(after);
        assertThat(before.out()).isEqualTo(after.out()).contains("The books are sound.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "statement w_x", "export", "reconcile", "backup copy.db", "migrate"})
    @Requirement({"F-OP-1"})
    void anyCommand_withoutStore_isWrongUse(String words) {
        Terminal terminal = Terminal.run((Object[]) ("ledger " + words).split(" ", -1));

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("Missing required option: '--store=");
        assertThat(terminal.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "statement w_x", "export", "reconcile", "backup copy.db", "migrate"})
    @Requirement({"F-OP-1"})
    void anyCommand_noSuchStore_failsAndMakesNone(String words) {
        Path typo = temp.resolve("typo.db");
        List<Object> all = new ArrayList<>(List.of("ledger", "--store", typo));
        all.addAll(List.of((Object[]) words.split(" ", -1)));
        Terminal terminal = Terminal.run(all.toArray());

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("There is no store " + typo).doesNotContain("Exception");
        assertThat(terminal.out()).isEmpty();
        assertThat(typo).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "statement", "export", "reconcile", "backup", "migrate"})
    @Requirement({"F-OP-4"})
    void anyCommand_help_hasExitCodesAndExamples(String command) {
        Terminal terminal = Terminal.run("ledger", command, "--help");

        assertDone(terminal);
        assertThat(terminal.out())
                .contains("--store=", "Exit codes:", "farthing-server ledger " + command + " --store");
    }

    @Test
    void ledger_withoutCommand_namesThem() {
        Terminal terminal = Terminal.run("ledger");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("check, statement, export, reconcile, backup or migrate");
    }

    @Test
    void store_ofAnUnknownKind_isWrongUse() {
        Terminal terminal = Terminal.run("ledger", "--store", "jdbc:oracle:thin:@x", "check");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("--store");
    }

    // ---- check

    @Test
    @Requirement({"F-OP-2", "F-OP-5"})
    void check_besideTheServer_isSound() {
        try (Ledger server = open()) {
            Terminal terminal = ledger("check");

            assertDone(terminal);
            assertThat(terminal.out())
                    .isEqualTo("6 transfers and 2 charges read.\n"
                            + "  usd.e6: paid in 5.00 USD, in wallets 4.998 USD, set aside 0.00 USD, earned 0.002 USD,"
                            + " sum 0\nThe books are sound.\n");
            pay(server, "c3", 10);
        }
    }

    @Test
    @Requirement({"F-OP-5", "F-ST-53"})
    void check_alteredRow_namesItAndExits4() {
        sql("UPDATE transfer SET amount = 2501 WHERE id = 'capture:c1'");

        Terminal terminal = ledger("check");

        assertThat(terminal.exitCode()).isEqualTo(4);
        assertThat(terminal.out()).contains("WRONG  transfer capture:c1: ", "The books are NOT sound.");
    }

    // ---- statement

    @Test
    @Requirement({"F-OP-12"})
    void statement_isNewestFirst_forPeople() {
        try (Ledger server = open()) {
            Terminal terminal = ledger("statement", WALLET);

            assertDone(terminal);
            assertThat(terminal.out().lines())
                    .containsExactly(
                            WALLET + "  ACTIVE  4.998 USD",
                            "2026-12-02T10:00:00.000Z  REFUND         +0.001 USD  from payee:" + SHOP
                                    + "  charge c1  \"half of it, \"sorry\"\"",
                            "2026-11-23T10:00:00.000Z  CAPTURE       -0.0005 USD  to payee:" + SHOP + "  charge c2",
                            "2026-11-23T10:00:00.000Z  HOLD           0.0005 USD  charge c2",
                            "2026-11-22T10:00:00.000Z  CAPTURE       -0.0025 USD  to payee:" + SHOP + "  charge c1",
                            "2026-11-22T10:00:00.000Z  HOLD           0.0025 USD  charge c1",
                            "2026-11-22T10:00:00.000Z  TOP_UP          +5.00 USD",
                            "6 transfers.");
            pay(server, "c3", 10);
        }
    }

    @Test
    @Requirement({"F-OP-12", "F-OP-20"})
    void statement_asData_isTheTransfersAlone() {
        assertThat(ledger("statement", WALLET, "--format", "csv", "--limit", "2")
                        .out())
                .isEqualTo("sequence,id,kind,wallet,challengeId,from,to,currency,amount,method,note,at\r\n"
                        + "6,refund:c1:r1,REFUND," + WALLET + ",c1,payee:" + SHOP + ",available:" + WALLET
                        + ",usd.e6,1000,wallet,\"half of it, \"\"sorry\"\"\",2026-12-02T10:00:00.000Z\r\n"
                        + "5,capture:c2,CAPTURE," + WALLET + ",c2,held:" + WALLET + ",payee:" + SHOP
                        + ",usd.e6,500,wallet,,2026-11-23T10:00:00.000Z\r\n");
    }

    @Test
    @Requirement({"F-OP-12"})
    void statement_moreThanAPage_isWhole() {
        transfers(2500);

        Terminal terminal = ledger("statement", WALLET, "--format", "jsonl");

        assertDone(terminal);
        assertThat(terminal.out().lines()).hasSize(2506);
        assertThat(ledger("statement", WALLET, "--limit", "1500").out()).endsWith("1500 transfers.\n");
    }

    @Test
    @Requirement({"F-OP-12", "T26"})
    void statement_noteThatWouldMoveTheCursor_isWrittenOut() {
        sql("UPDATE transfer SET note = ? WHERE id = 'refund:c1:r1'", "a\u001b[2Jb\nc\u202ed");

        assertThat(ledger("statement", WALLET).out())
                .contains("\"a\\u001b[2Jb\\u000ac\\u202ed\"")
                .doesNotContain("\u001b");
    }

    @Test
    @Requirement({"F-OP-12"})
    void statement_unknownWalletOrWrongLimit_says() {
        Terminal unknown = ledger("statement", "w_AAAAAAAAAAAAAAAAAAAAAA");
        Terminal limit = ledger("statement", WALLET, "--limit", "0");

        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("There is no wallet w_AAAAAAAAAAAAAAAAAAAAAA", "wallet list");
        assertThat(limit.exitCode()).isEqualTo(2);
    }

    // ---- export

    @Test
    @Requirement({"F-OP-20", "F-OP-21"})
    void export_csv_quotesWhatNeedsIt() {
        sql("UPDATE transfer SET note = ? WHERE id = 'refund:c1:r1'", "two\r\nlines, \"quoted\", ünïcode €😀");
        sql("UPDATE transfer SET note = ? WHERE id = 'capture:c2'", "=1+1");

        List<List<String>> rows = csv(ledger("export").out());

        assertThat(rows).hasSize(7);
        assertThat(rows.get(0))
                .containsExactly(
                        "sequence",
                        "id",
                        "kind",
                        "wallet",
                        "challengeId",
                        "from",
                        "to",
                        "currency",
                        "amount",
                        "method",
                        "note",
                        "at");
        assertThat(rows).allMatch(row -> row.size() == 12);
        assertThat(rows.get(1))
                .containsExactly(
                        "1",
                        "topup:" + WALLET + ":bank-1",
                        "TOP_UP",
                        WALLET,
                        "",
                        "treasury",
                        "available:" + WALLET,
                        "usd.e6",
                        "5000000",
                        "",
                        "",
                        "2026-11-22T10:00:00.000Z");
        assertThat(rows.get(5).get(10)).isEqualTo("=1+1");
        assertThat(rows.get(6).get(10)).isEqualTo("two\r\nlines, \"quoted\", ünïcode €😀");
    }

    /** A reader of RFC 4180 as strict as its grammar. */
    private static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            StringBuilder field = new StringBuilder();
            if (text.charAt(at) == '"') {
                for (at++; !(text.charAt(at) == '"' && text.charAt(at + 1) != '"'); at++) {
                    if (text.charAt(at) == '"') {
                        at++;
                    }
                    field.append(text.charAt(at));
                }
                at++;
            } else {
                for (; ",\r".indexOf(text.charAt(at)) < 0; at++) {
                    assertThat(text.charAt(at)).isNotIn('"', '\n');
                    field.append(text.charAt(at));
                }
            }
            row.add(field.toString());
            if (text.charAt(at) == ',') {
                at++;
            } else {
                assertThat(text.substring(at, at + 2)).isEqualTo("\r\n");
                at += 2;
                rows.add(row);
                row = new ArrayList<>();
            }
        }
        assertThat(row).isEmpty();
        return rows;
    }

    @Test
    @Requirement({"F-OP-20", "F-OP-22"})
    void export_jsonl_isAnObjectALine_withAmountsAsTexts() throws Exception {
        sql("UPDATE transfer SET note = ?, amount = ? WHERE id = 'refund:c1:r1'", "a\n\"b\" €😀", 999999999999999999L);

        List<String> lines = ledger("export", "--format", "jsonl").out().lines().toList();

        assertThat(lines).hasSize(6);
        Map<String, Object> last = StrictJson.parseObject(lines.get(5), "line", StrictJson.Limits.BODY);
        assertThat(last)
                .containsEntry("sequence", 6L)
                .containsEntry("kind", "REFUND")
                .containsEntry("note", "a\n\"b\" €😀")
                .containsEntry("amount", "999999999999999999")
                .containsEntry("currency", "usd.e6")
                .containsEntry("at", "2026-12-02T10:00:00.000Z");
        assertThat(last.keySet()).first().isEqualTo("sequence");
        assertThat(lines.get(0)).contains("\"challengeId\":null");
    }

    @Test
    @Requirement({"F-OP-23"})
    void export_toAFile_isUtf8AndItsOwnersOnly_andNeverOverAnother() throws Exception {
        sql("UPDATE transfer SET note = ? WHERE id = 'refund:c1:r1'", "€");
        Path file = temp.resolve("transfers.csv");

        Terminal terminal = ledger("export", "--out", file);

        assertDone(terminal);
        assertThat(terminal.out()).isEqualTo("6 transfers written to " + file + ".\n");
        assertThat(csv(Files.readString(file, StandardCharsets.UTF_8))).hasSize(7);
        assertThat(Files.readString(file, StandardCharsets.UTF_8)).contains("€");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Terminal again = ledger("export", "--out", file);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("is there already");
        try (var files = Files.list(temp)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("shop.db", "shop.db.lock", "transfers.csv");
        }
    }

    @Test
    @Requirement({"F-OP-10", "F-OP-23"})
    void export_withinATime_fromTheFirstToBeforeTheLast() {
        assertThat(csv(ledger("export", "--from", "2026-11-23", "--until", "2026-12-02T11:00:00+01:00")
                        .out()))
                .extracting(row -> row.get(0))
                .containsExactly("sequence", "4", "5");
        assertThat(csv(ledger("export", "--from", "2027-01-01").out())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "--from, yesterday, is no time",
        "--until, 2026-02-30, is no time",
        "--until, 1969-01-01T00:00, is no time",
        "--format, xml, '[CSV, JSONL]'",
    })
    @Requirement({"F-OP-4"})
    void export_wrongWords_areOneSentence(String option, String value, String words) {
        Terminal terminal = ledger("export", option, value);

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains(option, words).doesNotContain("Exception");
    }

    @Test
    void export_periodWithoutAMoment_isWrongUse() {
        Terminal terminal = ledger("export", "--from", "2026-11-02", "--until", "2026-11-02");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("--until names the first moment that does not count");
    }

    @Test
    @Requirement({"F-OP-23"})
    void export_rowThatWasSpoilt_fails_andSaysWhichAndWhatToDo() {
        sql(
                "PRAGMA ignore_check_constraints = ON",
                List.of("UPDATE transfer SET kind = 'GIFT' WHERE id = 'capture:c1'"));
        Path file = temp.resolve("transfers.csv");

        for (Terminal terminal : List.of(ledger("export", "--out", file), ledger("statement", WALLET))) {
            assertThat(terminal.exitCode()).isEqualTo(1);
            assertThat(terminal.err()).contains("transfer with sequence number 3 was altered", "check says more");
            assertThat(terminal.out()).isEmpty();
        }
        assertThat(file).doesNotExist();
        assertThat(ledger("check").exitCode()).isEqualTo(4);
    }

    private void sql(String first, List<String> then) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute(first);
            for (String one : then) {
                statement.execute(one);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    // ---- reconcile

    @Test
    @Requirement({"F-OP-30", "F-OP-31"})
    void reconcile_byMonth_withTheSumOfAll() {
        try (Ledger server = open()) {
            Terminal terminal = ledger("reconcile");

            assertDone(terminal);
            assertThat(terminal.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
                    .containsExactly(
                            "PERIOD | CHARGES | CAPTURED | GIVEN BACK | EARNED | METHOD | PAYEE",
                            "2026-11 | 2 | 0.003 USD | 0.00 USD | 0.003 USD | wallet | " + SHOP,
                            "2026-12 | 0 | 0.00 USD | 0.001 USD | -0.001 USD | wallet | " + SHOP,
                            "all | 2 | 0.003 USD | 0.001 USD | 0.002 USD | all | all payees");
            pay(server, "c3", 10);
        }
    }

    @Test
    @Requirement({"F-OP-30"})
    void reconcile_byDayAsData_withinATime() {
        Terminal terminal =
                ledger("reconcile", "--by", "day", "--from", "2026-11-23", "--until", "2027-01-01", "--format", "csv");

        assertDone(terminal);
        assertThat(terminal.out())
                .isEqualTo("period,payee,method,currency,charges,captured,refunded,earned\r\n"
                        + "2026-11-23," + SHOP + ",wallet,usd.e6,1,500,0,500\r\n"
                        + "2026-12-02," + SHOP + ",wallet,usd.e6,0,0,1000,-1000\r\n");
        assertThat(ledger("reconcile", "--format", "jsonl").out())
                .startsWith("{\"period\":\"2026-11\",\"payee\":\"" + SHOP + "\",\"method\":\"wallet\",\"currency\":"
                        + "\"usd.e6\",\"charges\":2,\"captured\":\"3000\",\"refunded\":\"0\",\"earned\":\"3000\"}\n");
    }

    // ---- backup

    @Test
    @Requirement({"F-OP-40", "F-OP-41"})
    void backup_besideTheServer_isCheckedAndCanBeServedFrom() throws Exception {
        Path copy = temp.resolve("copy.db");
        try (Ledger server = open()) {
            Terminal terminal = ledger("backup", copy);

            assertDone(terminal);
            assertThat(terminal.out())
                    .contains(store + " is copied to " + copy + ": ", "schema version ", "SQLite finds it whole.")
                    .contains("6 transfers and 2 charges read.", "The books are sound.");
            pay(server, "c3", 10);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        store = copy;
        try (Ledger restored = open()) {
            pay(restored, "c4", 10);
        }
        assertThat(ledger("check").out()).startsWith("8 transfers");
    }

    @Test
    @Requirement({"F-OP-41"})
    void backup_booksThatAreNotSound_areKeptAndExit4_unlessNotAsked() {
        sql("UPDATE transfer SET amount = 2501 WHERE id = 'capture:c1'");

        Terminal terminal = ledger("backup", temp.resolve("one.db"));
        Terminal unchecked = ledger("backup", "--no-check", temp.resolve("two.db"));

        assertThat(terminal.exitCode()).isEqualTo(4);
        assertThat(terminal.out()).contains("WRONG  transfer capture:c1", "NOT sound");
        assertThat(temp.resolve("one.db")).exists();
        assertThat(unchecked.exitCode()).isZero();
        assertThat(unchecked.out()).contains("were not checked", "ledger check --store " + temp.resolve("two.db"));
    }

    @Test
    @Requirement({"F-OP-40"})
    void backup_ontoAFileThatIsThere_leavesIt() throws Exception {
        Path copy = Files.writeString(temp.resolve("copy.db"), "precious");

        Terminal terminal = ledger("backup", copy);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("is there already").doesNotContain("Exception");
        assertThat(copy).hasContent("precious");
    }

    // ---- migrate

    @Test
    @Requirement({"F-OP-3", "F-OP-50"})
    void migrate_storeOfVersion1_isReadableAfterwards() {
        store = temp.resolve("old.db");
        OldStore.write(store);
        Terminal refused = ledger("export");
        Terminal copied = ledger("backup", temp.resolve("before.db"));

        Terminal terminal = ledger("migrate");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("its schema has version 1", "farthing-server ledger migrate");
        assertThat(copied.exitCode()).isZero();
        assertThat(copied.out()).contains("schema version 1", "were not checked");
        assertDone(terminal);
        assertThat(terminal.out()).startsWith(store + " is brought from schema version 1 to ");
        assertThat(ledger("migrate").out()).endsWith("already; nothing was changed.\n");
        assertDone(ledger("check"));
    }

    @Test
    @Requirement({"F-OP-50"})
    void migrate_besideTheServer_isRefused() {
        try (Ledger server = open()) {
            Terminal terminal = ledger("migrate");

            assertThat(terminal.exitCode()).isEqualTo(1);
            assertThat(terminal.err()).contains("Stop the server first.");
            pay(server, "c3", 10);
        }
    }

    // ---- many

    private void transfers(int count) {
        sql(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                        + " INSERT INTO transfer (id, kind, wallet, challenge_id, from_account, to_account, currency,"
                        + " amount, method, note, at, row_hash) SELECT 'many:' || i, 'CAPTURE', ?, 'c' || i, 'held:x',"
                        + " 'payee:" + SHOP + "', 'usd.e6', i, 'wallet', NULL, 1763805600000 + i, 'x' FROM n",
                count,
                WALLET);
    }

    @Test
    @Requirement({"F-OP-10", "F-OP-23"})
    void export_manyTransfers_areAllThere() throws Exception {
        transfers(20_000);
        Path file = temp.resolve("many.csv");

        assertThat(ledger("export", "--out", file).exitCode()).isZero();

        try (var lines = Files.lines(file)) {
            assertThat(lines.count()).isEqualTo(20_007);
        }
    }

    @Test
    @Requirement({"F-OP-23"})
    void export_standardOutputThatCannotBeWritten_fails() {
        transfers(20_000);
        StringWriter err = new StringWriter();
        CommandLine command = ServerCommand.commandLine(clock)
                .setOut(new PrintWriter(
                        new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                throw new IOException("No space left on device");
                            }
                        },
                        false,
                        StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true));

        int exitCode = command.execute("ledger", "export", "--store", store.toString());

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).contains("Standard output was closed").doesNotContain("Exception");
    }

    @Test
    @Requirement({"F-OP-11"})
    void patience_whatTakesLong_saysHowFarItIs_andWhatIsQuickSaysNothing() {
        StringWriter err = new StringWriter();
        Patience patience = new Patience(new PrintWriter(err, true), Duration.ofMillis(1), Duration.ofMillis(1));
        CompletableFuture<String> work = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();

        String result = patience.await(work, () -> {
            if (asked.incrementAndGet() == 3) {
                work.complete("done");
            }
            return asked + " of 3";
        });

        assertThat(result).isEqualTo("done");
        assertThat(err.toString().lines()).containsExactly("1 of 3", "2 of 3", "3 of 3");
        assertThat(patience.await(CompletableFuture.completedFuture(7), () -> "never"))
                .isEqualTo(7);
        assertThat(err.toString()).doesNotContain("never");
    }
}
