package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.Tokens;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one database: one truth. */
@Timeout(120)
class PostgresNodesTest {

    /** Long enough that no node renews it while a test runs, so that only the test's clock decides who is alive. */
    private static final Duration LEASE = Duration.ofHours(1);

    private final TestClock clock = new TestClock();
    private final Payments payments = new Payments(clock);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final String store = TestPostgres.emptyStore();
    private final List<Ledger> nodes = new ArrayList<>();

    private Ledger node() {
        LedgerOptions options = LedgerOptions.builder(callers)
                .maxHolds(10_000)
                .releasesPerMinute(10_000)
                .nodeLease(LEASE)
                .build();
        Ledger node = PostgresLedger.open(TestPostgres.at(store), options, clock);
        nodes.add(node);
        return node;
    }

    @BeforeEach
    void fund() {
        Ledger first = node();
        for (String wallet : List.of(ALICE, "w_bob", "w_carol")) {
            await(first.register(Payments.registration(wallet)));
            await(first.topUp(new TopUp(wallet, USD, 100_000, "first")));
        }
        node();
    }

    @AfterEach
    void booksAreSound() {
        CheckReport report = await(nodes.get(1).check());
        assertThat(report.findings()).isEmpty();
        assertThat(report.totals()).allMatch(total -> total.sum() == 0);
        nodes.forEach(Ledger::close);
        callers.shutdownNow();
    }

    @Test
    @Requirement({"T2", "T3", "F-ST-140"})
    void reserve_oneCredentialAtTwoNodes_isHeldOnce_everyTime() throws Exception {
        for (int round = 0; round < 50; round++) {
            String challenge = "c" + round;
            List<Reserved> results = race(8, i -> nodes.get(i % 2).reserve(payments.hold(challenge, 10)));

            List<Reserved.Held> held = results.stream()
                    .filter(Reserved.Held.class::isInstance)
                    .map(Reserved.Held.class::cast)
                    .toList();
            assertThat(held).hasSize(1);
            assertThat(results).filteredOn(Reserved.Known.class::isInstance).hasSize(7);
            HoldRef ref = held.get(0).ref();
            List<Transition> ends = race(6, i -> nodes.get(i % 2).capture(ref, 10, ANSWER));
            assertThat(ends).filteredOn(Transition.Done.class::isInstance).hasSize(1);
        }
        assertThat(await(nodes.get(0).accounts(ALICE))).containsExactly(new Account(USD, 100_000 - 500, 0));
    }

    @Test
    @Requirement({"F-TK-45", "F-TK-145", "F-TK-144"})
    void closeKey_atOneNode_isSeenByEveryWriterOfTheOther_whichHadReadIt() {
        String key = Tokens.mine(1).keyId();
        await(nodes.get(0).tokens().openKey(Tokens.mine(1)));
        Reserved.Held held = (Reserved.Held) await(nodes.get(0).reserve(payments.hold("bought", 16)));
        List<IssuedMessage> messages =
                IntStream.range(0, 16).mapToObj(i -> Tokens.message(1, "m" + i)).toList();
        await(nodes.get(0).capture(held.ref(), 16, ANSWER, new Issuance(Tokens.ISSUER, messages)));
        for (int i = 0; i < 16; i++) {
            assertThat(await(nodes.get(1).reserve(paid("c" + i, List.of(Tokens.token(1, "t" + i))))))
                    .isInstanceOf(Reserved.Held.class);
        }
        assertThat(await(nodes.get(0).tokens().solvency())).containsExactly(new Solvency(key, 16, 16));

        await(nodes.get(0).tokens().closeKey(key, "leaked"));

        for (int i = 0; i < 16; i++) {
            assertThat(await(nodes.get(1).reserve(paid("d" + i, List.of(Tokens.token(1, "u" + i))))))
                    .isEqualTo(new Reserved.TokensExpired(List.of(0)));
        }
    }

    @Test
    @Requirement({"F-ST-143", "T3"})
    void anyOrderOfWallets_atTwoNodesAtOnce_nobodyWaitsForEver_andEveryPaymentIsMade() throws Exception {
        List<String> wallets = List.of(ALICE, "w_bob", "w_carol");
        List<List<Reserved>> all = race(40, caller -> {
            List<CompletionStage<Reserved>> stages = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                // Every caller goes through the wallets in another order.
                String wallet = wallets.get((i * (1 + caller % 2) + caller) % 3);
                String id = "c" + caller + "-" + i;
                ChargeTerms terms =
                        Payments.terms(id, id, wallet, 3, clock.instant().plus(Payments.VALID));
                Ledger node = nodes.get(caller % 2);
                Ledger other = nodes.get((caller + 1) % 2);
                stages.add(node.reserve(Payments.hold(terms))
                        .thenCompose(reserved -> other.capture(((Reserved.Held) reserved).ref(), 2, ANSWER)
                                .thenApply(done -> reserved)));
            }
            return CompletableFuture.allOf(stages.stream()
                            .map(CompletionStage::toCompletableFuture)
                            .toArray(CompletableFuture[]::new))
                    .thenApply(done -> stages.stream()
                            .map(stage -> stage.toCompletableFuture().join())
                            .toList());
        });
        assertThat(all.stream().flatMap(List::stream)).hasSize(1000).allMatch(Reserved.Held.class::isInstance);
        long left = 0;
        for (String wallet : wallets) {
            left += await(nodes.get(0).accounts(wallet)).get(0).available();
        }
        assertThat(left).isEqualTo(300_000 - 2000);
    }

    @Test
    @Requirement({"F-TK-31", "F-TK-38", "T2", "T57"})
    void tokens_sixtyFourThreadsAtTwoNodes_oneHasIt_everyTime() throws Exception {
        await(nodes.get(0).tokens().openKey(Tokens.mine(1)));
        Reserved.Held held = (Reserved.Held) await(nodes.get(0).reserve(payments.hold("bought", 12)));
        List<IssuedMessage> messages =
                IntStream.range(0, 12).mapToObj(i -> Tokens.message(1, "m" + i)).toList();
        await(nodes.get(0).capture(held.ref(), 12, ANSWER, new Issuance(Tokens.ISSUER, messages)));
        for (int round = 0; round < 5; round++) {
            String name = "t" + round;

            List<Reserved> all =
                    race(64, i -> nodes.get(i % 2).reserve(paid(name + "-" + i, List.of(Tokens.token(1, name)))));

            assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(1);
            assertThat(all)
                    .filteredOn(new Reserved.TokensSpent(List.of(0))::equals)
                    .hasSize(63);
        }
        // Sets that overlap, in any order: nobody waits for ever, and no token is in two of those that are held.
        List<Reserved> sets = race(
                40,
                i -> nodes.get(i % 2)
                        .reserve(paid(
                                "set" + i,
                                IntStream.range(0, 3)
                                        .mapToObj(part -> Tokens.token(1, "set" + (i + part * (1 + i % 2)) % 6))
                                        .toList())));
        assertThat(sets).filteredOn(Reserved.Held.class::isInstance).hasSizeBetween(1, 2);
        assertThat(sets).allMatch(one -> one instanceof Reserved.Held || one instanceof Reserved.TokensSpent);
    }

    private HoldRequest paid(String id, List<UsedToken> tokens) {
        ChargeTerms terms = new ChargeTerms(
                id,
                "hash-" + id,
                id,
                id,
                Payments.PAYEE,
                "docs",
                "token",
                USD,
                tokens.size(),
                clock.instant().plus(Payments.VALID),
                true);
        TokenPayment payment = new TokenPayment(Tokens.ISSUER, tokens, tokens.size(), null, null);
        return new HoldRequest(terms, "none", 0, HOLD, null, payment);
    }

    @Test
    @Requirement({"F-WR-5", "F-WR-20", "T1", "T2"})
    void requestId_sixteenThreadsAtTwoNodes_oneIsFirst_everyTime() throws Exception {
        Instant soon = clock.instant().plusSeconds(120);
        for (int round = 0; round < 20; round++) {
            String id = "id-" + round;

            List<Boolean> all = race(16, i -> nodes.get(i % 2).requestIds().use(ALICE, id, soon));

            assertThat(all).filteredOn(first -> first).hasSize(1);
        }
        nodes.get(0).close();
        assertThat(await(nodes.get(1).requestIds().use(ALICE, "id-0", soon))).isFalse();
    }

    @Test
    @Requirement({"T2", "F-ST-141"})
    void takeOver_theOtherNodeLives_isRefused_andWorksOnceItsLeaseLapsed() {
        await(nodes.get(0).reserve(payments.hold("c1", 10)));
        String hash = payments.terms("c1", 10).credentialHash();
        assertThat(await(nodes.get(1).takeOver("c1", hash, HOLD))).isInstanceOf(TakeOver.Refused.class);

        clock.advance(LEASE.plusMillis(1));

        assertThat(await(nodes.get(1).takeOver("c1", hash, HOLD))).isInstanceOf(TakeOver.Taken.class);
    }

    @Test
    @Requirement({"T72", "F-ST-141"})
    void takenOver_theFirstNodeComesBack_itsStepLosesByTheFence() {
        Reserved.Held first = (Reserved.Held) await(nodes.get(0).reserve(payments.hold("c1", 10)));
        nodes.get(0).close();
        TakeOver.Taken taken = (TakeOver.Taken)
                await(nodes.get(1).takeOver("c1", payments.terms("c1", 10).credentialHash(), HOLD));
        Ledger back = node();

        assertThat(await(back.capture(first.ref(), 10, ANSWER))).isInstanceOf(Transition.Lost.class);
        assertThat(await(nodes.get(1).capture(taken.ref(), 7, ANSWER))).isInstanceOf(Transition.Done.class);
        assertThat(await(back.accounts(ALICE))).containsExactly(new Account(USD, 100_000 - 7, 0));
    }

    @Test
    @Requirement({"F-ST-142", "T72"})
    void sweep_oneNodeKeepsHouse_theOtherLeavesItAlone_untilTheFirstIsGone() {
        assertThat(await(nodes.get(0).sweep()).released()).isZero();
        await(nodes.get(0).reserve(payments.hold("c1", 10)));
        await(nodes.get(0).reserve(payments.hold("c2", 10)));
        clock.advance(HOLD.plusMillis(1));

        assertThat(await(nodes.get(1).sweep()).released()).isZero();
        assertThat(await(nodes.get(1).charge("c1")).orElseThrow().state()).isEqualTo(ChargeState.HELD);
        nodes.get(0).close();
        assertThat(await(nodes.get(1).sweep()).released()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-ST-142"})
    void sweep_theNodeThatKeptHouseWentSilent_anotherDoesAfterItsLease() {
        await(nodes.get(0).sweep());
        await(nodes.get(0).reserve(payments.hold("c1", 10)));
        clock.advance(LEASE);
        assertThat(await(nodes.get(1).sweep()).released()).isEqualTo(1);
        assertThat(await(nodes.get(0).sweep()).released()).isZero();
    }

    @Test
    @Requirement({"F-ST-140"})
    void open_time_isTheDatabases_whateverTheNodesClockSays() throws Exception {
        TestClock wrong = new TestClock();
        wrong.advance(Duration.ofDays(4000));
        LedgerOptions options = LedgerOptions.builder(callers).clock(wrong).build();
        try (Ledger ledger = PostgresLedger.open(TestPostgres.at(TestPostgres.emptyStore()), options)) {
            await(ledger.register(Payments.registration(ALICE)));
            Instant created = await(ledger.wallet(ALICE)).orElseThrow().createdAt();
            Instant database = databaseTime();
            assertThat(created).isBetween(database.minusSeconds(60), database.plusSeconds(1));
        }
    }

    @Test
    @Requirement({"T47", "F-ST-144"})
    void connectionsAreCutWhileTheyRest_theNextPaymentDoesNotNotice() throws Exception {
        await(nodes.get(0).reserve(payments.hold("c1", 10)));
        try (Connection connection = TestPostgres.at(store).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND backend_type = 'client backend'");
        }
        assertThat(await(nodes.get(0).reserve(payments.hold("c2", 10)))).isInstanceOf(Reserved.Held.class);
        assertThat(await(nodes.get(1).charge("c2"))).isPresent();
    }

    @Test
    void open_manyNodesAtOnceOnAnEmptyStore_allOfThemOpen() throws Exception {
        String empty = TestPostgres.emptyStore();
        LedgerOptions options = LedgerOptions.builder(callers).build();
        List<Ledger> opened =
                race(4, i -> CompletableFuture.completedStage(PostgresLedger.open(TestPostgres.at(empty), options)));
        opened.forEach(Ledger::close);
        assertThat(opened).hasSize(4);
    }

    @Test
    void open_somebodyElsesSchema_isRefused() throws Exception {
        String foreign = TestPostgres.emptyStore();
        sql(foreign, "CREATE TABLE customer (id BIGINT)");
        assertRefused(foreign, "it is a database of something else");
    }

    @Test
    void open_newerSchema_isRefused() throws Exception {
        sql(store, "INSERT INTO schema_migration VALUES (99, '0099-later', 'x', 0)");
        assertRefused(store, "its schema has version 99");
        sql(store, "DELETE FROM schema_migration WHERE version = 99");
    }

    @Test
    void open_schemaIsMissing_isRefusedWithTheWayOut() {
        assertRefused(store.replace("currentSchema=", "currentSchema=no_"), "create it, or name another");
    }

    @Test
    void open_databaseIsAway_isRefused() {
        assertRefused("jdbc:postgresql://localhost:1/postgres?user=postgres", "the database says");
    }

    private void assertRefused(String url, String why) {
        LedgerOptions options = LedgerOptions.builder(callers).build();
        assertThatThrownBy(() -> PostgresLedger.open(TestPostgres.at(url), options))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining(why);
    }

    private static void sql(String url, String sql) throws SQLException {
        try (Connection connection = TestPostgres.at(url).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Instant databaseTime() throws SQLException {
        try (Connection connection = TestPostgres.at(store).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT now()")) {
            row.next();
            return row.getTimestamp(1).toInstant();
        }
    }

    /** Starts all calls at one moment, from threads of their own. */
    private <T> List<T> race(int threads, java.util.function.IntFunction<CompletionStage<T>> call) throws Exception {
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<T>> futures = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            futures.add(CompletableFuture.supplyAsync(
                    () -> {
                        ready.countDown();
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        return await(call.apply(number));
                    },
                    callers));
        }
        ready.await();
        go.countDown();
        return futures.stream().map(Payments::await).toList();
    }
}
