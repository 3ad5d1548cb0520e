package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.mint.KeyLife;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MintCommandTest {

    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    private static final String MINT = "https://mint.example";

    @TempDir
    Path temp;

    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private Path dir;
    private Path store;

    @BeforeEach
    void folder() throws IOException {
        dir = temp.resolve("token-keys");
        store = temp.resolve("shop.db");
        MintKeyFiles.in(dir).makeFolder();
    }

    private MintKey add(int key, long value) throws IOException {
        TokenSecretKey secret = TestTokenKeys.all().get(key);
        MintKey made =
                new MintKey(secret, KeyLife.DEFAULT.publish(secret.publicKey(), Amount.of(value), CURRENCY, begin));
        assertThat(MintKeyFiles.in(dir).add(made)).isTrue();
        return made;
    }

    private Terminal mint(Instant now, Object... words) {
        Object[] all = new Object[words.length + 1];
        all[0] = "mint";
        System.arraycopy(words, 0, all, 1, words.length);
        return Terminal.runAt(() -> now, all);
    }

    private <T> T books(Function<Ledger, T> work) {
        var threads = Executors.newSingleThreadExecutor();
        try (Ledger ledger =
                SqliteLedger.open(store, LedgerOptions.builder(threads).build())) {
            return work.apply(ledger);
        } finally {
            threads.shutdown();
        }
    }

    private void register(MintKey key) {
        PublishedKey terms = key.published();
        var unused = books(ledger -> ledger.tokens()
                .openKey(new TokenKeyTerms(
                        key.keyId(),
                        MINT,
                        true,
                        terms.value().baseUnits(),
                        terms.currency().text(),
                        terms.notBefore(),
                        terms.notAfter(),
                        terms.spendUntil(),
                        terms.redeemUntil(),
                        terms.swapUntil()))
                .toCompletableFuture()
                .join());
    }

    @Test
    @Requirement({"F-TK-93", "F-TK-94", "T38"})
    void keys_list_showsValuesAndStagesAndNoSecret() throws IOException {
        MintKey large = add(0, 25600);
        MintKey small = add(1, 400);
        Terminal sold = mint(begin, "keys", "--dir", dir);
        assertThat(sold.err()).isEmpty();
        assertThat(sold.out().lines()).hasSize(2);
        assertThat(sold.out())
                .containsSubsequence(
                        "0.0004 USD",
                        "sold until " + begin.plus(KeyLife.DEFAULT.sale()),
                        small.keyId(),
                        "0.0256 USD",
                        large.keyId())
                .doesNotContain(Base64Url.encode(small.secret().pkcs8()).substring(60, 100));
        assertThat(mint(begin.minusSeconds(9), "keys", "--dir", dir).out()).contains("sold from " + begin);
        assertThat(mint(begin.plus(KeyLife.DEFAULT.sale()).plusSeconds(1), "keys", "--dir", dir)
                        .out())
                .contains("taken until " + begin.plus(KeyLife.DEFAULT.spend()));
        assertThat(mint(begin.plus(KeyLife.DEFAULT.redeem()), "keys", "--dir", dir)
                        .out())
                .contains("changed until " + begin.plus(KeyLife.DEFAULT.swap()));
    }

    @Test
    @Requirement("F-TK-93")
    void keys_noneOrReadableByOthers_sayWhatToDo() throws IOException {
        Terminal none = mint(begin, "keys", "--dir", dir);
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("farthing-server serve --mint " + dir).hasLineCount(1);
        Files.setPosixFilePermissions(dir, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(mint(begin, "keys", "--dir", dir).err())
                .contains("chmod 700 " + dir)
                .hasLineCount(1);
    }

    @Test
    @Requirement({"F-TK-93", "F-TK-94", "F-TK-95"})
    void rotate_makesTheNextEpochOnce() throws IOException {
        MintKey old = add(0, 400);
        Terminal run = mint(begin.plusSeconds(60), "rotate", "--dir", dir);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("0.0004 USD", "sold from " + old.published().notAfter(), "half a minute");
        List<MintKey> keys = MintKeyFiles.in(dir).read();
        assertThat(keys).hasSize(2);
        PublishedKey next = keys.get(1).published();
        assertThat(next.notBefore()).isEqualTo(old.published().notAfter());
        assertThat(next.swapUntil()).isEqualTo(next.notBefore().plus(KeyLife.DEFAULT.swap()));
        assertThat(next.key().truncatedId()).isNotEqualTo(old.published().key().truncatedId());

        Terminal again = mint(begin.plusSeconds(90), "rotate", "--dir", dir);
        assertThat(again.out())
                .contains("there already")
                .contains(next.notBefore().toString());
        assertThat(MintKeyFiles.in(dir).read()).hasSize(2);
    }

    @Test
    @Requirement({"F-TK-93", "F-TK-98"})
    void rotate_now_putsKeysOnSaleBesideTheOthers() throws IOException {
        add(0, 400);
        Instant now = begin.plusSeconds(60);
        assertThat(mint(now, "rotate", "--now", "--dir", dir).out())
                .contains("sold until " + now.plus(KeyLife.DEFAULT.sale()));
        assertThat(MintKeyFiles.in(dir).read())
                .hasSize(2)
                .allMatch(key -> key.published().sellableAt(now));
    }

    @Test
    @Requirement({"F-TK-97", "F-TK-98"})
    void close_isShownByStatusAndFails() throws IOException {
        MintKey key = add(0, 400);
        register(key);
        Terminal status = mint(begin, "status", "--store", store);
        assertThat(status.err()).isEmpty();
        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .contains(MINT, "0.0004 USD", key.keyId())
                .contains("Issued 0.00 USD, used 0.00 USD; tokens worth 0.00 USD are out.")
                .doesNotContain("CLOSED", "WRONG");

        Terminal unknown = mint(begin, "close", "--store", store, "--reason", "stolen", "nothing");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("know no token key nothing").hasLineCount(1);
        Terminal closed = mint(begin, "close", "--store", store, "--reason", "backup stolen", key.keyId());
        assertThat(closed.err()).isEmpty();
        assertThat(closed.out()).startsWith("Closed " + key.keyId());
        Terminal after = mint(begin, "status", "--store", store);
        assertThat(after.exitCode()).isEqualTo(LedgerCheck.NOT_SOUND);
        assertThat(after.out()).contains(key.keyId() + "  CLOSED: backup stolen");
    }

    @Test
    @Requirement({"F-TK-97", "F-TK-174"})
    void status_afterForgedTokensCameBack_saysWhatIsMissing() throws IOException {
        MintKey key = add(0, 400);
        register(key);
        UsedToken forged = new UsedToken(key.keyId(), "AAAAAAAAAAAAAAAAAAAAAA");
        books(ledger -> ledger.tokens()
                .redeem(MINT, "https://payee.example", List.of(forged))
                .toCompletableFuture()
                .join());
        Terminal status = mint(begin, "status", "--store", store);
        assertThat(status.exitCode()).isEqualTo(LedgerCheck.NOT_SOUND);
        assertThat(status.out())
                .contains("WRONG: more used than issued", "tokens worth 0.00 USD are out.")
                .contains("Forged tokens took 0.0004 USD or more of what is behind them");
    }

    @Test
    void status_ofBooksWithoutTokens_saysSo() {
        assertThat(mint(begin, "status", "--store", store).err()).contains("There is no store");
        assertThat(books(ledger -> ledger.check().toCompletableFuture().join()).sound())
                .isTrue();
        Terminal none = mint(begin, "status", "--store", store);
        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).isEqualTo("No tokens were sold or taken with these books.\n");
    }

    /** One key id in sixty-four begins with a hyphen, and some of those as the short form of an option does. */
    @ParameterizedTest
    @ValueSource(strings = {"-", "--", "-h", "-V"})
    void close_keyThatBeginsWithAHyphen_isAKeyAndNoOption(String begin) throws IOException {
        register(add(0, 400));
        String key = begin + "A".repeat(43 - begin.length());
        Terminal unknown = mint(this.begin, "close", key, "--store", store, "--reason", "stolen");
        assertThat(unknown.err()).contains("know no token key " + key).hasLineCount(1);
        assertThat(unknown.exitCode()).isEqualTo(1);
    }

    @Test
    void wrongUse_isExitCode2() {
        assertThat(mint(begin).exitCode()).isEqualTo(2);
        assertThat(mint(begin, "status").exitCode()).isEqualTo(2);
        assertThat(mint(begin, "close", "--store", store, "key").exitCode()).isEqualTo(2);
    }
}
