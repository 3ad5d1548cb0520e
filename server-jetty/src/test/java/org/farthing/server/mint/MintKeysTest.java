package org.farthing.server.mint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TokenKeyState;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, ledger and directory of a mint over time. */
class MintKeysTest {

    private static final Origin ISSUER = new Origin("https://mint.example");
    private static final Origin PAYEE = new Origin("https://api.example.com");
    private static final Denominations TWO = new Denominations(List.of(1L, 2L));

    @TempDir
    Path temp;

    private final TestClock clock = new TestClock();
    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final List<MintAlarm> alarms = new ArrayList<>();
    private final List<Mint> mints = new ArrayList<>();
    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = SqliteLedger.open(
                temp.resolve("mint.db"),
                LedgerOptions.builder(completions).clock(clock).build());
    }

    @AfterEach
    void close() {
        mints.forEach(Mint::close);
        ledger.close();
        completions.shutdownNow();
    }

    private MintBuilder builder(String folder, List<TokenSecretKey> made) {
        MintKeys keys = MintKeys.in(MintKeyFiles.in(temp.resolve(folder)));
        return TestMint.making(
                Mint.builder(ISSUER, ledger, keys, TestMint.CURRENCY, TWO)
                        .clock(clock)
                        .alarm(alarms::add),
                made);
    }

    private Mint start(MintBuilder builder) throws IOException {
        Mint mint = builder.build();
        mints.add(mint);
        mint.start();
        return mint;
    }

    private Mint start(String folder) throws IOException {
        return start(builder(folder, TestTokenKeys.all()));
    }

    private List<Instant> begins(Mint mint) {
        return mint.directory().keys().stream().map(PublishedKey::notBefore).toList();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    @Requirement({"F-TK-95", "F-TK-96"})
    void start_emptyFolder_makesRegistersAndListsAnEpoch() throws IOException {
        Mint mint = start("keys");
        assertThat(mint.directory().keys()).hasSize(2);
        assertThat(await(ledger.tokens().keys()))
                .extracting(key -> key.terms().keyId())
                .containsExactlyInAnyOrderElementsOf(mint.directory().keys().stream()
                        .map(key -> key.key().keyId())
                        .toList());
    }

    @Test
    @Requirement({"F-TK-93", "T66"})
    void start_withTheUsualMaker_makesKeysNobodyHas() throws IOException {
        Denominations one = new Denominations(List.of(1L));
        MintKeys keys = MintKeys.in(MintKeyFiles.in(temp.resolve("keys")));
        Mint mint =
                start(Mint.builder(ISSUER, ledger, keys, TestMint.CURRENCY, one).clock(clock));
        assertThat(TestTokenKeys.all())
                .extracting(TokenSecretKey::publicKey)
                .doesNotContain(mint.directory().keys().get(0).key());
    }

    @Test
    @Requirement({"F-TK-156", "F-TK-77"})
    void unchangedFor_endsWhenTheNextEpochIsPublished_orAKeyEnds() throws IOException {
        Instant begin = clock.instant();
        Mint mint = start("keys");
        assertThat(mint.unchangedFor()).isEqualTo(Duration.ofHours(1));
        clock.advance(Duration.ofDays(23).minus(Duration.ofMinutes(10)));
        assertThat(mint.unchangedFor()).isEqualTo(Duration.ofMinutes(10).plus(Mint.INTERVAL));
        clock.advance(Duration.ofMinutes(10).plusSeconds(1));
        assertThat(mint.unchangedFor()).isEqualTo(Duration.ofMinutes(1));
        mint.refresh();
        assertThat(begins(mint)).hasSize(4);
        assertThat(mint.unchangedFor()).isEqualTo(Duration.ofHours(1));
        clock.advance(Duration.between(
                clock.instant(), begin.plus(Duration.ofDays(53)).minusSeconds(90)));
        assertThat(mint.unchangedFor()).isEqualTo(Duration.ofSeconds(90).plus(Mint.INTERVAL));
    }

    @Test
    @Requirement({"F-TK-77", "F-TK-95"})
    void refresh_timeToRotate_listsTheNextEpochFirstAndThenChangesNothing() throws IOException {
        Instant begin = clock.instant();
        Mint mint = start("keys");
        clock.advance(Duration.ofDays(23));
        mint.refresh();
        Instant next = begin.plus(Duration.ofDays(30));
        assertThat(begins(mint)).containsExactly(next, next, begin, begin);
        assertThat(mint.directory().keyOfValue(2, clock.instant()).orElseThrow().notBefore())
                .isEqualTo(begin);
        String hash = mint.directory().hash();
        clock.advance(Duration.ofDays(6));
        mint.refresh();
        assertThat(mint.directory().hash()).isEqualTo(hash);
        assertThat(alarms).isEmpty();
    }

    @Test
    @Requirement({"F-TK-78", "F-TK-96"})
    void refresh_afterSwapUntil_dropsTheEpochAndItsFiles() throws IOException {
        Instant begin = clock.instant();
        Mint mint = start("keys");
        clock.advance(Duration.ofDays(91));
        mint.refresh();
        assertThat(begins(mint)).doesNotContain(begin).hasSize(2);
        assertThat(names("keys")).hasSize(2);
    }

    @Test
    @Requirement("F-TK-95")
    void start_afterARestart_listsTheSameBytes() throws IOException {
        Mint first = start("keys");
        first.close();
        assertThat(start("keys").directory().hash()).isEqualTo(first.directory().hash());
    }

    @Test
    void start_afterItWasClosed_goesOn() throws IOException {
        Mint mint = start("keys");
        assertThat(mint.startIfNeeded()).isFalse();
        mint.close();
        assertThat(mint.startIfNeeded()).isTrue();
        List<PendingToken> none =
                TestMint.pending(mint.directory(), TokenChallenge.forPayee(ISSUER, PAYEE), clock.instant(), 1);
        assertThat(await(mint.restore(TestMint.requests(none))).answers()).hasSize(1);
    }

    @Test
    @Requirement("F-TK-95")
    void start_withAFolderOfItsOwnBesideAnotherServer_makesNoKeysAndSaysSo() throws IOException {
        start("keys");
        assertThatThrownBy(() -> start(builder("other", TestTokenKeys.all().subList(2, 6))))
                .hasMessageContaining("no key on sale");
        assertThat(alarms.get(0).sentence()).contains("Copy the files");
        assertThat(names("other")).isEmpty();
    }

    @Test
    @Requirement("F-TK-95")
    void refresh_withoutRotation_takesUpWhatAnotherServerMade() throws IOException {
        Mint maker = start("keys");
        Mint other = start(builder("keys", List.of()).withoutRotation());
        clock.advance(Duration.ofDays(23));
        maker.refresh();
        other.refresh();
        assertThat(other.directory().hash()).isEqualTo(maker.directory().hash());
    }

    @Test
    @Requirement("F-TK-93")
    void refresh_keyWhoseLastByteTheLedgerKnows_isThrownAway() throws IOException {
        // The same two keys over and over: those of the next epoch must be others.
        Mint mint = start(builder("keys", TestTokenKeys.all()));
        List<Integer> before = lastBytes(mint);
        clock.advance(Duration.ofDays(24));
        mint.refresh();
        assertThat(lastBytes(mint)).hasSize(4).doesNotHaveDuplicates().containsAll(before);
    }

    private static List<Integer> lastBytes(Mint mint) {
        return mint.directory().keys().stream()
                .map(key -> key.key().truncatedId())
                .toList();
    }

    @Test
    @Requirement({"F-TK-97", "F-TK-98"})
    void refresh_moreUsedThanIssued_closesTheKeyTellsTheOperatorAndMakesAnother() throws Exception {
        Mint mint = start(builder("keys", TestTokenKeys.all()).sharing(PAYEE));
        PublishedKey stolen = mint.directory().keyOfValue(2, clock.instant()).orElseThrow();
        forge(mint, stolen);
        clock.advance(Duration.ofMinutes(1));
        mint.refresh();

        assertThat(alarms).hasSize(1);
        assertThat(alarms.get(0).kind()).isEqualTo(MintAlarm.Kind.INSOLVENT);
        assertThat(alarms.get(0).keyId()).isEqualTo(stolen.key().keyId());
        assertThat(mint.directory().key(stolen.key().keyId())).isEmpty();
        assertThat(closed()).containsExactly(stolen.key().keyId());
        mint.refresh();
        assertThat(mint.directory().keyOfValue(2, clock.instant()).orElseThrow().notAfter())
                .isEqualTo(stolen.notAfter());
        assertThat(alarms).hasSize(1);
    }

    /** Somebody who has the key makes a token that nobody bought, and changes it. */
    private void forge(Mint mint, PublishedKey stolen) throws Exception {
        TokenChallenge challenge = TokenChallenge.forPayee(ISSUER, PAYEE);
        PendingToken pending = TestMint.pending(mint.directory(), challenge, clock.instant(), 2)
                .get(0);
        TokenSecretKey secret = TestTokenKeys.all().stream()
                .filter(key -> key.publicKey().equals(stolen.key()))
                .findFirst()
                .orElseThrow();
        BlindToken forged = pending.finish(
                new TokenResponse(secret.blindSign(pending.request().blinded())));
        List<PendingToken> wanted = TestMint.pending(mint.directory(), challenge, clock.instant(), 1, 1);
        await(mint.swap(challenge, List.of(forged), TestMint.requests(wanted), "owner", null));
    }

    private List<String> closed() {
        return await(ledger.tokens().keys()).stream()
                .filter(key -> key.closed() != null)
                .map(TokenKeyState::terms)
                .map(terms -> terms.keyId())
                .toList();
    }

    @Test
    @Requirement({"F-TK-98", "F-TK-177"})
    void closeKey_byTheOperator_holdsForEveryServerOfTheBooksAndIsToldOnce() throws IOException {
        Mint mint = start("keys");
        Mint other = start(builder("keys", List.of()).withoutRotation());
        String key = mint.directory().keys().get(0).key().keyId();
        mint.closeKey(key, "its file was copied");
        assertThat(mint.directory().key(key)).isEmpty();
        mint.refresh();
        assertThat(alarms).isEmpty();
        other.refresh();
        other.refresh();
        assertThat(other.directory().key(key)).isEmpty();
        assertThat(alarms).hasSize(1);
        assertThat(alarms.get(0).keyId()).isEqualTo(key);
        assertThat(alarms.get(0).sentence()).contains("is closed: its file was copied");
    }

    @Test
    @Requirement({"F-TK-89", "T69"})
    void start_sharingWithAPayeeThatHasBooksOfItsOwn_isRefused() {
        await(ledger.payees().put(PAYEE.text(), false, Payee.Status.ACTIVE, null));
        assertThatThrownBy(() -> start(builder("keys", TestTokenKeys.all()).sharing(PAYEE)))
                .hasMessageContaining("books of its own");
    }

    @Test
    @Requirement("F-TK-99")
    void refresh_unreadableFolder_keepsTheKeys() throws IOException {
        Mint mint = start("keys");
        String hash = mint.directory().hash();
        Files.writeString(temp.resolve("keys").resolve("token-x.key"), "{}");
        assertThatThrownBy(mint::refresh).isInstanceOf(IOException.class);
        assertThat(mint.directory().hash()).isEqualTo(hash);
    }

    @Test
    @Requirement("F-TK-99")
    void start_withAFolderOfAnotherCurrency_isRefused() throws IOException {
        start("keys");
        MintBuilder other = Mint.builder(
                        ISSUER,
                        ledger,
                        MintKeys.in(MintKeyFiles.in(temp.resolve("keys"))),
                        new CurrencyId("eur.e4"),
                        TWO)
                .clock(clock);
        assertThatThrownBy(() -> start(other)).hasMessageContaining("two mints");
    }

    @Test
    @Requirement("F-TK-99")
    void start_withoutAKeyOnSale_isRefused() {
        clock.advance(Duration.ofDays(31));
        MintBuilder ended = Mint.builder(
                        ISSUER,
                        ledger,
                        MintKeys.of(TestMint.epoch(clock.instant().minus(Duration.ofDays(31)))),
                        TestMint.CURRENCY,
                        TestMint.LADDER)
                .clock(clock);
        assertThatThrownBy(() -> start(ended)).hasMessageContaining("no key on sale");
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> all = Files.list(temp.resolve(folder))) {
            return all.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
